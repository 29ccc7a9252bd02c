import type { FileRef } from "./file-ref.ts";

/** What was asked for with a card: the part of a conversation that whoever decides may read. */
export type RequestView = {
  readonly turn: string;
  /** Only for whose own conversation it is. */
  readonly session: string | null;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: string;
};
