import { expect, test } from "vitest";
import { createWindowCache } from "../../src/flows/window-cache.ts";
import type { SessionEvent } from "../../src/types/session-event.ts";

const events = (n: number): readonly SessionEvent[] =>
  Array.from({ length: n }, (_, i) => ({
    type: "turn.started",
    seq: i + 1,
    at: new Date(0),
    data: { turn: "t", messages: [] },
  }));

test("the end of a log is given back only to a head that it reaches, and once", () => {
  const windows = createWindowCache();
  windows.keep("ses_1", 3, events(3));
  expect(windows.take("ses_1", 4)).toBeNull();
  windows.keep("ses_1", 3, events(3));
  expect(windows.take("ses_1", 3)).toHaveLength(3);
  expect(windows.take("ses_1", 3)).toBeNull();
});

test("what is kept is bounded by events, the sessions that were quiet longest go first", () => {
  const windows = createWindowCache(10);
  windows.keep("ses_1", 4, events(4));
  windows.keep("ses_2", 4, events(4));
  windows.keep("ses_3", 4, events(4));
  expect(windows.take("ses_1", 4)).toBeNull();
  expect(windows.take("ses_2", 4)).toHaveLength(4);
  expect(windows.take("ses_3", 4)).toHaveLength(4);
});
