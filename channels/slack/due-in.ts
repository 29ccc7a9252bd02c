import type { ThreadRef } from "../../src/types/thread.ts";
import type { SendQueue } from "./send-queue.ts";
import { fromThreadRef } from "./thread-ref.ts";

const MAX_PLACES = 10_000;

/** When something may be posted in a thread, asked before anything of it is made. */
export type DueIn = {
  /** The conversation that a person's own place stands for. */
  note(thread: ThreadRef, place: { readonly team: string; readonly channel: string }): void;
  dueInMs(thread: ThreadRef): number;
};

/** A person's own place is known once something was posted there; until then it is free. */
export function createDueIn(queue: Pick<SendQueue, "dueInMs">): DueIn {
  const places = new Map<string, { readonly team: string; readonly channel: string }>();
  return {
    note({ conversation }, { team, channel }) {
      places.delete(conversation);
      places.set(conversation, { team, channel });
      if (places.size > MAX_PLACES) places.delete(places.keys().next().value ?? "");
    },
    dueInMs(thread) {
      const place = thread.thread === "approvals" ? places.get(thread.conversation) : fromThreadRef(thread);
      return place ? queue.dueInMs(place.team, "chat.postMessage", place.channel) : 0;
    },
  };
}
