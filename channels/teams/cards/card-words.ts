import type { ActionStatus } from "../../../src/types/action.ts";
import type { CardItem } from "../../../src/types/card.ts";
import type { Tone } from "./elements.ts";

export type StatusWords = { readonly text: string; readonly tone: Tone };

const WORDS: Record<ActionStatus, StatusWords> = {
  proposed: { text: "Being prepared", tone: "Accent" },
  awaiting: { text: "Waiting", tone: "Warning" },
  forbidden: { text: "Not allowed", tone: "Attention" },
  running: { text: "In progress", tone: "Accent" },
  succeeded: { text: "Done", tone: "Good" },
  failed: { text: "Not done", tone: "Attention" },
  unknown: { text: "Outcome unknown", tone: "Warning" },
  refused: { text: "Refused", tone: "Attention" },
  expired: { text: "Expired", tone: "Default" },
  undone: { text: "Undone", tone: "Default" },
};

/** The state of an action in people's words, with whom it waits for; `mayDecide`: whether the reader may. */
export function statusWords(item: CardItem, mayDecide: boolean): StatusWords {
  const words = WORDS[item.status];
  if (item.status === "awaiting") return { ...words, text: mayDecide ? "Waiting for you" : waitingFor(item) };
  const refusal =
    item.status === "refused" ? item.decidedBy.find(({ verdict }) => verdict === "refuse") : undefined;
  return refusal ? { ...words, text: `Refused by ${refusal.name}` } : words;
}

/** "Waiting for a sales manager", or how many more are needed. */
function waitingFor(item: CardItem): string {
  const missing = item.approvers
    .map(({ title, needed, given }) => ({ title, count: needed - given.length }))
    .filter(({ count }) => count > 0)
    .map(({ title, count }) => (count === 1 ? title : `${title} (${count} needed)`));
  return missing.length === 0 ? "Waiting" : `Waiting for ${listWords(missing)}`;
}

/** "Ada, Ben or Cem"; after three names "… and 3 more". */
export function listWords(names: readonly string[], join: "and" | "or" = "and"): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length > 3) return `${names.slice(0, 3).join(", ")} ${join} ${names.length - 3} more`;
  return `${names.slice(0, -1).join(", ")} ${join} ${names.at(-1)}`;
}

export const isOver = (status: ActionStatus): boolean =>
  status !== "awaiting" && status !== "running" && status !== "proposed";
