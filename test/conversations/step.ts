import type { JsonObject } from "../../src/types/json.ts";

/** What somebody writes, and what must come of it. What is left out is not looked at. */
export type Said = {
  readonly say: string;
  readonly files?: readonly string[];
  /** It is not even taken, for this reason. */
  readonly rejects?: RegExp;
  readonly reply?: RegExp | readonly RegExp[];
  /** Must stand nowhere in the reply, in citations or in arguments. */
  readonly never?: RegExp;
  /** The tool of the last action; null for none at all. */
  readonly tool?: string | null;
  readonly args?: JsonObject;
  readonly decision?: "permit" | "ask" | "forbid";
  readonly rules?: readonly string[];
  readonly status?: string;
  /** Titles of the documents cited, each at least once. */
  readonly cites?: readonly string[];
  readonly turn?: "done" | "waiting" | "failed";
};

/** What happens to the newest action of the conversation besides words. */
export type Deed =
  | { readonly approve: string; readonly later?: RegExp }
  | { readonly refuse: string; readonly reason: string; readonly later?: RegExp }
  /** Somebody tries to approve and may not. */
  | { readonly denied: string; readonly why: RegExp }
  | { readonly undo: string; readonly later?: RegExp }
  /** A card with this line waits for a person, or for nobody of that name. */
  | { readonly waitsFor: string; readonly line: RegExp }
  | { readonly hiddenFrom: string; readonly line: RegExp };

export type Step = Said | Deed;

export type Conversation = {
  readonly name: string;
  readonly as: string;
  readonly steps: readonly Step[];
};

/** A Wednesday ten to sixteen days from now, so that no run depends on the day or the hour it happens on. */
export const WEDNESDAY = (() => {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + 10);
  while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() + 1);
  return day;
})();

const dated = (by: number) => new Date(WEDNESDAY.getTime() + by * 86_400_000);
/** "9 December 2026" and "2026-12-09", so many days after the Wednesday. */
export const spoken = (by = 0) =>
  dated(by).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
export const iso = (by = 0) => dated(by).toISOString().slice(0, 10);
