import type { ActionStatus } from "../../../../src/types/action.ts";
import type { CardItem } from "../../../../src/types/card.ts";
import type { IconName } from "../parts/icon.tsx";
import type { TextKey, Voice } from "./texts.ts";
import { listOf } from "./time.ts";

export type Tone = "waiting" | "good" | "bad" | "info" | "quiet";
export type StatusWords = { readonly text: string; readonly tone: Tone; readonly icon: IconName };

const WORDS: Record<ActionStatus, readonly [TextKey, Tone, IconName]> = {
  proposed: ["proposed", "info", "clock"],
  awaiting: ["waiting", "waiting", "clock"],
  forbidden: ["forbidden", "bad", "ban"],
  running: ["running", "info", "clock"],
  succeeded: ["done", "good", "check"],
  failed: ["notDone", "bad", "alert"],
  unknown: ["unknown", "waiting", "question"],
  refused: ["refused", "bad", "x"],
  expired: ["expired", "quiet", "clock"],
  undone: ["undone", "quiet", "undo"],
};

/** The state of an action in people's words, with whom it waits for. */
export function statusWords(item: CardItem, voice: Voice): StatusWords {
  const [key, tone, icon] = WORDS[item.status];
  const refusal = item.decidedBy.find((each) => each.verdict === "refuse");
  const text =
    item.status === "awaiting"
      ? item.mayDecide
        ? voice.t("waitingForYou")
        : waitingFor(item, voice)
      : item.status === "refused" && refusal
        ? voice.t("refusedBy", { name: refusal.name })
        : voice.t(key);
  return { text, tone, icon };
}

/** "Waiting for a sales manager", or what more it needs: "Waiting for finance (2 needed)". */
function waitingFor(item: CardItem, voice: Voice): string {
  const missing = item.approvers
    .map((group) => ({ title: voice.say(group.title), n: group.needed - group.given.length }))
    .filter(({ n }) => n > 0)
    .map(({ title, n }) => (n === 1 ? title : voice.t("needed", { who: title, n })));
  return missing.length === 0
    ? voice.t("waiting")
    : voice.t("waitingFor", { who: listWords(missing, voice) });
}

/** "Ada, Ben or Cem"; of more than three "Ada, Ben, Cem and 3 more". */
export function listWords(
  names: readonly string[],
  voice: Voice,
  type: "conjunction" | "disjunction" = "conjunction",
): string {
  const shown = names.length > 3 ? [...names.slice(0, 3), voice.t("more", { n: names.length - 3 })] : names;
  return listOf(shown, type, voice);
}

export const isOver = (status: ActionStatus): boolean =>
  status !== "awaiting" && status !== "running" && status !== "proposed";
