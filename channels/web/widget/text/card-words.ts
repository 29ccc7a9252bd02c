import type { ActionStatus } from "../../../../src/types/action.ts";
import type { CardItem } from "../../../../src/types/card.ts";
import type { IconName } from "../parts/icon.tsx";

export type Tone = "waiting" | "good" | "bad" | "info" | "quiet";
export type StatusWords = { readonly text: string; readonly tone: Tone; readonly icon: IconName };

const WORDS: Record<ActionStatus, StatusWords> = {
  proposed: { text: "Being prepared", tone: "info", icon: "clock" },
  awaiting: { text: "Waiting", tone: "waiting", icon: "clock" },
  forbidden: { text: "Not allowed", tone: "bad", icon: "ban" },
  running: { text: "In progress", tone: "info", icon: "clock" },
  succeeded: { text: "Done", tone: "good", icon: "check" },
  failed: { text: "Not done", tone: "bad", icon: "alert" },
  unknown: { text: "Outcome unknown", tone: "waiting", icon: "question" },
  refused: { text: "Refused", tone: "bad", icon: "x" },
  expired: { text: "Expired", tone: "quiet", icon: "clock" },
  undone: { text: "Undone", tone: "quiet", icon: "undo" },
};

/** The state of an action in people's words, with whom it waits for. */
export function statusWords(item: CardItem): StatusWords {
  const words = WORDS[item.status];
  if (item.status === "awaiting")
    return { ...words, text: item.mayDecide ? "Waiting for you" : waitingFor(item) };
  const refusal =
    item.status === "refused" ? item.decidedBy.find((each) => each.verdict === "refuse") : undefined;
  return refusal ? { ...words, text: `Refused by ${refusal.name}` } : words;
}

/** "Waiting for a sales manager", or what more it needs: "Waiting for 2 more from finance". */
function waitingFor(item: CardItem): string {
  const missing = item.approvers
    .map((group) => ({ title: group.title, count: group.needed - group.given.length }))
    .filter((group) => group.count > 0)
    .map((group) => (group.count === 1 ? group.title : `${group.title} (${group.count} needed)`));
  return missing.length === 0 ? "Waiting" : `Waiting for ${listWords(missing)}`;
}

/** "Ada, Ben or Cem"; after `max` names "…and 3 more". */
export function listWords(names: readonly string[], join = "and", max = 3): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length > max) return `${names.slice(0, max).join(", ")} ${join} ${names.length - max} more`;
  return `${names.slice(0, -1).join(", ")} ${join} ${names.at(-1)}`;
}

export const isOver = (status: ActionStatus): boolean =>
  status !== "awaiting" && status !== "running" && status !== "proposed";
