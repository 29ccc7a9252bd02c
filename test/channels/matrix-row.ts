import type { ActionStatus } from "../../src/types/action.ts";
import type { Label } from "./stage.ts";
import type { StageWorld } from "./stage-world.ts";

/** One thing that somebody does, or that must hold, after a request. Amounts are changes in whole units. */
export type MatrixStep =
  /** Exactly these people have the buttons, on every platform, and nobody else of the company has. */
  | { readonly waitsFor: readonly string[]; readonly on?: "asked" }
  /** The same, looked up in everybody's list of what waits for them. */
  | { readonly listedFor: readonly string[]; readonly line: RegExp }
  /** Presses the buttons that only others were shown, on every platform, and is told why that decides nothing. */
  | { readonly denied: string; readonly why: RegExp }
  /** Keeps the card open, to press Approve on it later, when it is another one. */
  | { readonly keeps: string }
  | { readonly late: string; readonly why: RegExp }
  | { readonly approve: string; readonly told?: RegExp }
  /** On two platforms at the same moment. */
  | { readonly together: readonly [string, string] }
  | { readonly refuse: string; readonly reason: string }
  | { readonly edit: string; readonly by: number; readonly told?: RegExp }
  | { readonly asksTwice: string }
  /** A button of the one who asked, on the card where they asked. */
  | { readonly presses: Exclude<Label, "Approve" | "Edit" | "Refuse">; readonly told?: RegExp }
  /** Somebody else presses that button. */
  | {
      readonly robs: Exclude<Label, "Approve" | "Edit" | "Refuse">;
      readonly as: string;
      readonly why: RegExp;
    }
  /** Every copy there is, on every platform, says this; and none has a button to decide. */
  | { readonly ends: ActionStatus; readonly says?: RegExp; readonly by: number }
  /** Every copy says this while it waits on. */
  | { readonly everyCopy: RegExp }
  /** The copies of who may not see it any more say nothing of what it is about. */
  | { readonly blankFor: string; readonly of: RegExp }
  /** The one who asked reads this in their conversation. */
  | { readonly hears: RegExp }
  | { readonly meanwhile: string; readonly does: (world: StageWorld) => Promise<void> | void };

export type MatrixRow = {
  readonly what: string;
  readonly asks: string;
  /** What is asked for: this much more for a deal, or other words. */
  readonly deal?: readonly [title: string, account: string];
  readonly by?: number;
  readonly say?: (place: number) => string;
  readonly steps: readonly MatrixStep[];
};
