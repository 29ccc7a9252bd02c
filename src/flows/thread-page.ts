import type { ExecutorDeps } from "../actions/executor-deps.ts";
import { readEventsAfter, readEventsBefore } from "../store/events/read-events.ts";
import type { Principal } from "../types/principal.ts";
import type { ThreadItem } from "../types/thread-item.ts";
import { showEvents } from "./thread-items.ts";

/** Events of one page upwards: some forty turns. */
const PAGE_EVENTS = 300;
/** Events of a whole conversation that are shown at once, and how many are read together. */
const MAX_EVENTS = 50_000;
const READ_EVENTS = 1_000;

/** What a thread showed before a sequence number; `start` is where to go on from, 1 or less at the beginning. */
export async function threadPageBefore(
  deps: ExecutorDeps,
  session: string,
  viewer: Principal,
  before: number,
): Promise<{ readonly items: readonly ThreadItem[]; readonly head: number; readonly start: number }> {
  const events = await readEventsBefore(deps.db, session, before, PAGE_EVENTS);
  return {
    items: await showEvents(deps, events, viewer),
    head: before - 1,
    start: events[0]?.seq ?? 0,
  };
}

/** Everything a thread shows, from its beginning, each card once; `isWhole` is false for one that is too long. */
export async function wholeThread(
  deps: ExecutorDeps,
  session: string,
  viewer: Principal,
): Promise<{ readonly items: readonly ThreadItem[]; readonly isWhole: boolean }> {
  // A later item takes the place of the earlier one with its id: a Map keeps the first place and the last value.
  const items = new Map<string, ThreadItem>();
  let after = -1;
  for (let read = 0; read < MAX_EVENTS; read += READ_EVENTS) {
    const events = await readEventsAfter(deps.db, session, after, READ_EVENTS);
    for (const item of await showEvents(deps, events, viewer)) items.set(item.id, item);
    if (events.length < READ_EVENTS) return { items: [...items.values()], isWhole: true };
    after = events.at(-1)?.seq ?? after;
  }
  return { items: [...items.values()], isWhole: false };
}
