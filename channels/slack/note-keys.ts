import { digestOf } from "../digest-of.ts";
import type { EndingNotes } from "../sweep-notes.ts";

const DAY_MS = 86_400_000;
/** As long as a button can be pressed; longer than any approval waits. */
const BUTTON_DAYS = 100;

/** What only its viewer may see. */
export const privateKey = (item: string): string => `private:${digestOf(item)}`;
export const helpKey = (message: string): string => `help:${digestOf(message)}`;
/** That somebody who is nobody of the directory was told so, once a day. */
export const toldKey = (team: string, user: string, now: Date): string =>
  `told:${digestOf(team, user, now.toISOString().slice(0, 10))}`;
export const failedKey = (item: string): string => `failed:${digestOf(item)}`;
export const remindedKey = (outbound: string): string => `reminded:${digestOf(outbound)}`;
export const commandKey = (trigger: string): string => `command:${digestOf(trigger)}`;
export const streamKey = (turn: string): string => `stream:${digestOf(turn)}`;
/** One message that several people share, and whose turn it is to post it. */
export const commonKey = (team: string, channel: string, item: string): string =>
  `common:${digestOf(team, channel, item)}`;
export const claimKey = (team: string, channel: string, item: string): string =>
  `claim:${digestOf(team, channel, item)}`;
export const openKey = (conversation: string, thread: string): string =>
  `open:${digestOf(conversation, thread)}`;

/** Notes that would otherwise grow with what is said. What is left grows with people and workspaces only. */
export const ENDING_NOTES: readonly EndingNotes[] = [
  ...["private:", "failed:", "reminded:", "stream:", "common:", "claim:", "open:"].map((prefix) => ({
    prefix,
    keepMs: BUTTON_DAYS * DAY_MS,
  })),
  // Slack sends an event again for an hour at most; a week is far beyond any delay.
  { prefix: "help:", keepMs: 7 * DAY_MS },
  { prefix: "told:", keepMs: 2 * DAY_MS },
  { prefix: "command:", keepMs: DAY_MS },
  { prefix: "ask:", keepMs: 2 * DAY_MS },
  // Anybody can begin an installation; its state is good for ten minutes.
  { prefix: "oauth:", keepMs: DAY_MS },
  { prefix: "oauth-used:", keepMs: DAY_MS },
];
