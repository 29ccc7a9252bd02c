import type { ActionStatus } from "../../../src/types/action.ts";
import type { Card, CardArgument, CardItem } from "../../../src/types/card.ts";
import { oneLine } from "./plain.ts";
import { moment } from "./rich-text.ts";
import type { Reader } from "./slack-message.ts";

const STATUS: Record<ActionStatus, string> = {
  proposed: "Being prepared",
  awaiting: "Waiting",
  forbidden: "Not allowed",
  running: "In progress",
  succeeded: "Done",
  failed: "Not done",
  unknown: "Outcome unknown",
  refused: "Refused",
  expired: "Expired, nothing was done",
  undone: "Undone",
};

/** Whether the viewer's click is asked for now; a card may be read after its time is up. */
export const isForViewer = (item: CardItem, now: Date): boolean =>
  item.status === "awaiting" && item.mayDecide && item.approval !== null && !isPast(item, now);

export const isPast = (item: CardItem, now: Date): boolean =>
  item.expiresAt !== null && new Date(item.expiresAt) <= now;

export const isOver = (status: ActionStatus): boolean =>
  status !== "awaiting" && status !== "running" && status !== "proposed";

/** The state in people's words, with whom it waits for. */
export function statusWords(item: CardItem, now: Date): string {
  if (item.status !== "awaiting") return STATUS[item.status];
  if (isPast(item, now)) return "Time is up, nothing was done";
  if (isForViewer(item, now)) return "Waiting for you";
  const missing = item.approvers
    .filter((group) => group.given.length < group.needed)
    .map(({ title, needed, given }) =>
      needed - given.length === 1 ? title : `${title} (${needed - given.length} needed)`,
    );
  return missing.length === 0 ? STATUS.awaiting : `Waiting for ${listWords(missing)}`;
}

/** "Ada, Ben or Cem"; of many "Ada, Ben, Cem or 3 more". */
export function listWords(names: readonly string[], join = "and", max = 3): string {
  const shown = names.map(oneLine).filter((name) => name !== "");
  if (shown.length <= 1) return shown[0] ?? "";
  if (shown.length > max) return `${shown.slice(0, max).join(", ")} ${join} ${shown.length - max} more`;
  return `${shown.slice(0, -1).join(", ")} ${join} ${shown.at(-1)}`;
}

export const nameFor = (person: { readonly id: string; readonly name: string }, viewer: string): string =>
  person.id === viewer ? "you" : oneLine(person.name) || oneLine(person.id) || "somebody";

/** Who has said yes and who still can, one line a group. */
export function approverLines(item: CardItem, viewer: string): readonly string[] {
  return item.approvers.map(({ title, needed, given, candidates }) => {
    const said =
      given.length === 0 ? "" : ` Approved by ${listWords(given.map((one) => nameFor(one, viewer)))}.`;
    const able = listWords(
      candidates.map((one) => nameFor(one, viewer)),
      "or",
    );
    const can = given.length < needed && able !== "" ? ` ${capital(able)} can approve.` : "";
    return `${given.length} of ${needed} by ${oneLine(title)}.${said}${can}`;
  });
}

/** Our own "you" begins a sentence with a capital; names stay as people write them. */
const capital = (text: string): string => (/^you\b/.test(text) ? `Y${text.slice(1)}` : text);

/** Where a value came from, in words; null when the requester wrote it. "Unverified" never stands by colour alone. */
export function originWords(argument: CardArgument): string | null {
  if (argument.origin === null && argument.isGrounded) return null;
  const origin = argument.origin === null ? "origin unknown" : oneLine(argument.origin) || "origin unknown";
  if (argument.isGrounded) return argument.origin === null ? origin : `from ${origin}`;
  return argument.integrity === "external" ? `${origin}; from outside, unverified` : `${origin}; unverified`;
}

/** One good sentence for notifications and for those who hear the card. */
export function cardSentence(card: Card, viewer: string, reader: Reader, now: Date): string {
  const asked = card.items.filter((item) => isForViewer(item, now));
  const who = card.requester.id === viewer ? "You asked" : `${nameFor(card.requester, viewer)} asks you`;
  const lines = (items: readonly CardItem[]) =>
    items.map(({ line }) => oneLine(line).replace(/[.\s]+$/, "")).join("; ");
  const [first] = asked;
  if (asked.length === 1 && first) {
    const until = first.expiresAt === null ? "" : ` Until ${moment(new Date(first.expiresAt), reader)}.`;
    return `${who} to approve: ${lines(asked)}.${until}`;
  }
  if (asked.length > 1) return `${who} to approve ${asked.length} things: ${lines(asked)}.`;
  const [only] = card.items;
  if (card.items.length === 1 && only) return `${statusWords(only, now)}: ${lines([only])}.`;
  return `${card.items.length} actions for ${nameFor(card.requester, viewer)}: ${lines(card.items)}.`;
}
