import type { ActionStatus } from "./action.ts";
import type { JsonObject } from "./json.ts";
import type { Effect } from "./tool.ts";

/** What `steward ask --json` prints and `POST /api/ask` answers. */
export type AskResult = {
  readonly session: string;
  readonly turn: string;
  readonly status: "done" | "waiting" | "failed";
  /** Markdown. */
  readonly reply: string;
  readonly citations: readonly {
    readonly document: string;
    readonly title: string;
    readonly passage: string;
  }[];
  readonly actions: readonly {
    readonly id: string;
    readonly tool: string;
    readonly args: JsonObject;
    readonly effect: Effect;
    readonly decision: "permit" | "ask" | "forbid";
    readonly rules: readonly string[];
    readonly status: ActionStatus;
    /** Id of the approval that it waits for or was granted by. */
    readonly approval: string | null;
  }[];
  readonly model: { readonly route: string; readonly provider: string; readonly model: string };
  /** Said when another route than the first answered; else null. */
  readonly note: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};
