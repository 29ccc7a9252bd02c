import type { Card, PersonRef } from "./card.ts";
import type { FileRef } from "./file-ref.ts";
import type { Citation } from "./passage.ts";

/**
 * What a thread shows, in the order of `seq`. A later item with the same `id` replaces the earlier one in
 * place. `seq` is the session's event sequence: a client says the last it saw and gets the rest.
 */
export type ThreadItem =
  | {
      readonly kind: "message";
      readonly seq: number;
      readonly id: string;
      readonly at: string;
      readonly author: PersonRef & { readonly isAssistant: boolean };
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly citations: readonly Citation[];
      readonly turn: string | null;
      /** "Answered by the offline planner: …" when a fallback answered; else null. */
      readonly note: string | null;
      /** What the viewer thinks of it, where they said so. */
      readonly feedback?: "up" | "down" | undefined;
    }
  | {
      readonly kind: "card";
      readonly seq: number;
      readonly id: string;
      readonly at: string;
      readonly card: Card;
    }
  | {
      readonly kind: "turn";
      readonly seq: number;
      /** The turn's id with a `:turn` ending. */
      readonly id: string;
      readonly at: string;
      readonly status: "running" | "waiting" | "done" | "failed";
      /** Which step it is at, in words: "Looking at Ben's calendar". */
      readonly step: string | null;
      readonly error: { readonly code: string; readonly message: string } | null;
    };
