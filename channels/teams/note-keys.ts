import { digestOf } from "../digest-of.ts";
import type { EndingNotes } from "../sweep-notes.ts";

const DAY_MS = 86_400_000;

export const conversationKey = (tenant: string, conversation: string): string =>
  `teams/conversation/${digestOf(tenant, conversation)}`;

export const personKey = (tenant: string, person: string): string =>
  `teams/person/${digestOf(tenant, person)}`;

export const sentKey = (conversation: string, activity: string): string =>
  `teams/sent/${digestOf(conversation, activity)}`;

export const seenKey = (dedupe: string): string => `teams/seen/${digestOf(dedupe)}`;

/** What a person was told, once a day. */
export const toldKey = (what: string, who: readonly string[], now: Date): string =>
  `teams/told/${digestOf(now.toISOString().slice(0, 10), what, ...who)}`;

/** The stream that is open in a thread. */
export const streamKey = (thread: string): string => `teams/stream/${digestOf(thread)}`;

/** That an answer is awaited in a thread, and the line that says so. */
export const workingKey = (thread: string): string => `teams/working/${digestOf(thread)}`;

/** Notes that would otherwise grow with what is said. What is left grows with people and places only. */
export const ENDING_NOTES: readonly EndingNotes[] = [
  // Thumbs on answers that are older find nothing any more.
  { prefix: "teams/sent/", keepMs: 90 * DAY_MS },
  { prefix: "teams/seen/", keepMs: 7 * DAY_MS },
  { prefix: "teams/told/", keepMs: 2 * DAY_MS },
  { prefix: "teams/stream/", keepMs: DAY_MS },
  { prefix: "teams/working/", keepMs: DAY_MS },
];
