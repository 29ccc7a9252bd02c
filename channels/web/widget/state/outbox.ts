import type { FileRef } from "../../../../src/types/file-ref.ts";
import { asProblem, type Problem } from "./api.ts";

/** A message on its way. `kept`: the server was not reached; it goes by itself, once, when it is back. */
export type Outgoing = {
  readonly id: string;
  /** The conversation that it was written in; of a new one, a name until its first message was taken. */
  readonly to: string;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: string;
  readonly status: "sending" | "kept" | "accepted" | "failed";
  readonly seq: number | null;
  readonly problem: Problem | null;
};

const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000];

export type Outbox = {
  add(message: Pick<Outgoing, "id" | "to" | "text" | "files">): void;
  /** Takes messages that were written before a reload, before those that were written since. */
  restore(messages: readonly Outgoing[]): void;
  /** Sends again what was refused, to the conversation where one is now. */
  retry(id: string, to: string): void;
  remove(id: string): void;
  /** A new conversation has its id now. */
  move(from: string, to: string): void;
  /** Forgets what the server has. */
  tidy(): void;
  /** Tries at once instead of at the next interval. */
  wake(): void;
  close(): void;
};

/**
 * Sends messages one after the other, in the order they were written. The id of a message is its idempotency
 * key: sent twice, it counts once.
 */
export function createOutbox(
  send: (message: Outgoing) => Promise<{ seq: number }>,
  onChange: (messages: readonly Outgoing[]) => void,
): Outbox {
  let messages: readonly Outgoing[] = [];
  let isBusy = false;
  let isClosed = false;
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: readonly Outgoing[]) => {
    messages = next;
    if (!isClosed) onChange(messages);
  };
  const patch = (id: string, change: Partial<Outgoing>) =>
    set(messages.map((each) => (each.id === id ? { ...each, ...change } : each)));

  async function drain(): Promise<void> {
    const message = messages.find((each) => each.status === "sending" || each.status === "kept");
    if (isBusy || isClosed || message === undefined) return;
    isBusy = true;
    try {
      const { seq } = await send(message);
      round = 0;
      patch(message.id, { status: "accepted", seq, problem: null });
    } catch (thrown) {
      const problem = asProblem(thrown);
      const isPassing = problem.status === 0 || problem.status === 429 || problem.status >= 502;
      patch(message.id, { status: isPassing ? "kept" : "failed", problem });
      if (isPassing && !isClosed) timer = setTimeout(wake, RETRY_MS[Math.min(round++, RETRY_MS.length - 1)]);
      isBusy = false;
      if (!isPassing) void drain();
      return;
    }
    isBusy = false;
    void drain();
  }

  function wake(): void {
    clearTimeout(timer);
    void drain();
  }

  return {
    add(message) {
      set([
        ...messages,
        { ...message, at: new Date().toISOString(), status: "sending", seq: null, problem: null },
      ]);
      wake();
    },
    restore(given) {
      const known = new Set(messages.map((each) => each.id));
      set([...given.filter((each) => !known.has(each.id)), ...messages]);
      wake();
    },
    retry(id, to) {
      patch(id, { to, status: "sending", problem: null });
      wake();
    },
    remove: (id) => set(messages.filter((each) => each.id !== id)),
    move: (from, to) => set(messages.map((each) => (each.to === from ? { ...each, to } : each))),
    tidy: () => set(messages.filter((each) => each.status !== "accepted")),
    wake,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
