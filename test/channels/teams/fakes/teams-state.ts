import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../../../src/types/json.ts";

export type TeamsUser = {
  readonly id: string;
  readonly name: string;
  readonly aadObjectId: string;
  readonly email: string;
  readonly userPrincipalName: string;
  readonly userRole: string;
  readonly tenantId: string;
};

export type TeamsMessage = {
  readonly id: string;
  readonly from: string;
  readonly at: number;
  /** With `;messageid=` in a channel. */
  readonly place: string;
  activity: JsonObject;
  /** Goes up with each edit. */
  version: number;
  isDeleted: boolean;
  /** What an invoke's answer showed to one person alone, by user and attachment; an edit of the message ends it. */
  readonly views: Map<string, JsonObject>;
  /** Versions that were refreshed for a person by themselves. */
  readonly refreshed: Set<string>;
};

export type TeamsConversation = {
  /** Without `;messageid=`. */
  readonly id: string;
  readonly kind: "personal" | "groupChat" | "channel";
  readonly name: string;
  readonly members: Set<string>;
  readonly team: { readonly id: string; readonly name: string; readonly aadGroupId: string } | null;
  readonly messages: TeamsMessage[];
  hasBot: boolean;
  isDeleted: boolean;
};

export type Stream = {
  readonly place: string;
  sequence: number;
  text: string;
  isDone: boolean;
  readonly startedAt: number;
  lastAt: number;
};

export type TeamsState = {
  readonly tenant: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly users: Map<string, TeamsUser>;
  readonly conversations: Map<string, TeamsConversation>;
  readonly streams: Map<string, Stream>;
  readonly files: Map<
    string,
    { readonly name: string; readonly content: Uint8Array; readonly isPublic: boolean }
  >;
  /** What no real Teams would have taken. */
  readonly problems: string[];
  /** Every call of the bot that was answered, oldest first. */
  readonly calls: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly at: number;
  }[];
  readonly now: () => number;
  nextId(): string;
};

export function createTeamsState(options: {
  readonly tenant: string;
  readonly appId: string;
  readonly now: () => number;
}): TeamsState {
  let last = 1_700_000_000_000;
  return {
    tenant: options.tenant,
    bot: { id: `28:${options.appId}`, name: "Steward" },
    users: new Map(),
    conversations: new Map(),
    streams: new Map(),
    files: new Map(),
    problems: [],
    calls: [],
    now: options.now,
    // Teams' ids are times in milliseconds.
    nextId: () => String(++last),
  };
}

export const newId = (): string => randomUUID();
export const basePlace = (place: string): string => place.split(";")[0] ?? "";

export function findMessage(
  state: TeamsState,
  id: string,
): { conversation: TeamsConversation; message: TeamsMessage } | null {
  for (const conversation of state.conversations.values()) {
    const message = conversation.messages.find((one) => one.id === id);
    if (message) return { conversation, message };
  }
  return null;
}

export function cardsOf(activity: JsonObject): JsonObject[] {
  const attachments = Array.isArray(activity.attachments) ? (activity.attachments as Json[]) : [];
  return attachments.flatMap((attachment) => {
    const { contentType, content } = attachment as { contentType?: Json; content?: Json };
    return contentType === "application/vnd.microsoft.card.adaptive" ? [content as JsonObject] : [];
  });
}
