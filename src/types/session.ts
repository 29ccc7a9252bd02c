import type { ThreadRef } from "./thread.ts";

/** A conversation. Its state is the fold of its events up to `head`; `epoch` fences its one writer. */
export type Session = {
  readonly id: string;
  readonly thread: ThreadRef;
  readonly principal: string;
  readonly title: string;
  readonly head: number;
  readonly epoch: number;
};
