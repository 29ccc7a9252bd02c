/**
 * Does what concerns one conversation one after the other, so that messages keep their order and one item is never
 * sent twice at once. How fast is the transport's to say.
 */
export type SendQueue = {
  run<T>(conversation: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was begun has ended. */
  idle(): Promise<void>;
};

export function createSendQueue(): SendQueue {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(conversation, work) {
      const before = last.get(conversation) ?? Promise.resolve();
      const mine = before.then(work, work);
      const settled = mine.then(
        () => undefined,
        () => undefined,
      );
      last.set(conversation, settled);
      void settled.then(() => {
        if (last.get(conversation) === settled) last.delete(conversation);
      });
      return mine;
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
