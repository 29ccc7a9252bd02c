import { createHash } from "node:crypto";

/** Ids of Teams are long and of any characters: keys of notes carry their digest. */
export function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 40);
}

export const conversationKey = (tenant: string, conversation: string): string =>
  `teams/conversation/${digestOf(tenant, conversation)}`;

export const personKey = (tenant: string, person: string): string =>
  `teams/person/${digestOf(tenant, person)}`;

export const sentKey = (conversation: string, activity: string): string =>
  `teams/sent/${digestOf(conversation, activity)}`;

export const seenKey = (dedupe: string): string => `teams/seen/${digestOf(dedupe)}`;

/** What a person was told, once a day. */
export const toldKey = (what: string, who: readonly string[], now: Date): string =>
  `teams/told/${now.toISOString().slice(0, 10)}/${what}/${digestOf(...who)}`;

/** The stream that is open in a thread. */
export const streamKey = (thread: string): string => `teams/stream/${digestOf(thread)}`;
