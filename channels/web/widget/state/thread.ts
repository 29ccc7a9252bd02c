import type { ThreadItem } from "../../../../src/types/thread-item.ts";

/** What a conversation shows. An item keeps its place when a later one with its id replaces it. */
export type Thread = {
  readonly items: readonly ThreadItem[];
  /** Sequence by which each item is placed: that of its first appearance. */
  readonly places: ReadonlyMap<string, number>;
  readonly seen: number;
};

export const EMPTY_THREAD: Thread = { items: [], places: new Map(), seen: 0 };

/** Takes items in any order, any number of times: the result depends only on which were given. */
export function mergeItems(thread: Thread, incoming: readonly ThreadItem[]): Thread {
  if (incoming.length === 0) return thread;
  const byId = new Map(thread.items.map((item) => [item.id, item]));
  const places = new Map(thread.places);
  let seen = thread.seen;
  let isChanged = false;
  for (const item of incoming) {
    seen = Math.max(seen, item.seq);
    const known = byId.get(item.id);
    const place = places.get(item.id);
    if (place === undefined || item.seq < place) {
      places.set(item.id, item.seq);
      isChanged = true;
    }
    if (known !== undefined && known.seq >= item.seq) continue;
    byId.set(item.id, item);
    isChanged = true;
  }
  if (!isChanged) return seen === thread.seen ? thread : { ...thread, seen };
  const place = (item: ThreadItem) => places.get(item.id) ?? item.seq;
  const inOrder = (a: ThreadItem, b: ThreadItem) => place(a) - place(b) || (a.id < b.id ? -1 : 1);
  const items = [...byId.values()];
  // Nearly always they are in order already, or one look away from it: a long thread is not sorted for each word.
  if (items.some((item, i) => i > 0 && inOrder(items[i - 1] as ThreadItem, item) > 0)) items.sort(inOrder);
  return { items, places, seen };
}

export type TurnItem = Extract<ThreadItem, { kind: "turn" }>;
export type MessageItem = Extract<ThreadItem, { kind: "message" }>;

/** The turn that is at work now, if any. */
export function runningTurn(thread: Thread): TurnItem | null {
  for (let i = thread.items.length - 1; i >= 0; i--) {
    const item = thread.items[i];
    if (item?.kind === "turn") return item.status === "running" ? item : null;
  }
  return null;
}
