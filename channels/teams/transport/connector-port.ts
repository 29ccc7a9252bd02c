import type { JsonObject } from "../../../src/types/json.ts";
import type { ConversationRef } from "./activity.ts";
import type { Endpoints } from "./endpoints.ts";

/** An activity as it goes over the wire. */
export type WireActivity = JsonObject;

/** A call to Teams that was answered with an error, or not at all (`status` null). */
export class ConnectorFailure extends Error {
  readonly status: number | null;
  readonly body: unknown;
  readonly retryAfter: string | null;

  constructor(
    status: number | null,
    body: unknown,
    retryAfter: string | null,
    options?: { cause?: unknown },
  ) {
    super(status === null ? "Teams did not answer" : `Teams answered ${status}`, options);
    this.name = "ConnectorFailure";
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

export type ConversationStart = {
  readonly bot: { readonly id: string; readonly name?: string };
  readonly members: readonly { readonly id: string }[];
  readonly tenantId: string;
  readonly isGroup: false;
  readonly channelData: JsonObject;
};

/**
 * What an SDK does for us: calls of the connector and of the token service with the bot's token, once each, without
 * retries of its own. Fails with `ConnectorFailure`; answers are `unknown` and read where they are used.
 */
export type ConnectorPort = {
  send(ref: ConversationRef, activity: WireActivity): Promise<unknown>;
  update(ref: ConversationRef, id: string, activity: WireActivity): Promise<unknown>;
  remove(ref: ConversationRef, id: string): Promise<void>;
  createConversation(serviceUrl: string, start: ConversationStart): Promise<unknown>;
  membersPage(ref: ConversationRef, continuation: string | null): Promise<unknown>;
  member(ref: ConversationRef, user: string): Promise<unknown>;
  exchangeToken(user: string, connection: string, token: string): Promise<unknown>;
};

/** What both implementations are made from. `token` gives null where there is nobody to prove to (the local trial). */
export type ConnectorOptions = {
  readonly appId: string;
  readonly token: () => Promise<string | null>;
  readonly endpoints: Endpoints;
  readonly timeoutMs: number;
};
