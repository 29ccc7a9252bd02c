import type { FileRef } from "./file-ref.ts";
import type { Citation } from "./passage.ts";

/** One thing that Steward said while it worked on a request; only its place, where the viewer may not read it. */
export type RequestReply =
  | {
      readonly kind: "said";
      readonly id: string;
      readonly at: string;
      readonly text: string;
      readonly citations: readonly Citation[];
      readonly note: string | null;
    }
  | { readonly kind: "withheld"; readonly id: string; readonly at: string };

/** What was asked for with a card: the part of a conversation that whoever decides may read. */
export type RequestView = {
  readonly turn: string;
  /** Only for whose own conversation it is. */
  readonly session: string | null;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: string;
  /** What was said to it; null for who may see the card but neither decides nor decided on it. */
  readonly replies: readonly RequestReply[] | null;
};
