import { expect, it } from "vitest";
import { latestSummary, nextSummary } from "../../src/agent/summarise.ts";
import type { Sensitivity } from "../../src/types/label.ts";
import type { SessionEvent } from "../../src/types/session-event.ts";

/** A conversation of `turns` turns as the window of `window` events shows it, with a summary whenever it is time. */
function converse(turns: number, window: number, sensitivityOf: (turn: number) => Sensitivity) {
  let log: SessionEvent[] = [];
  let seq = 0;
  const at = new Date("2027-01-01T00:00:00Z");
  const add = (event: Pick<SessionEvent, "type" | "data">) => {
    seq += 1;
    log = [...log, { ...event, seq, at } as SessionEvent].slice(-window);
  };
  for (let turn = 1; turn <= turns; turn++) {
    const label = { integrity: "user", sensitivity: "internal", source: "", readers: [] } as const;
    add({
      type: "message.received",
      data: { message: `m${turn}`, author: "a", text: { value: `question ${turn}`, label }, files: [] },
    });
    add({ type: "turn.started", data: { turn: `t${turn}`, messages: [`m${turn}`] } });
    add({
      type: "model.answered",
      data: {
        turn: `t${turn}`,
        text: "",
        calls: [],
        state: null,
        citations: [],
        route: "",
        provider: "",
        model: "",
        note: null,
        promptVersion: "",
        usage: { inputTokens: 0, outputTokens: 0 },
        costMicros: null,
        sensitivity: sensitivityOf(turn),
      },
    });
    add({
      type: "reply.posted",
      data: { turn: `t${turn}`, message: "r", text: `answer ${turn}`, citations: [], note: null },
    });
    add({ type: "turn.ended", data: { turn: `t${turn}`, status: "done", error: null } });
    const summary = nextSummary(log);
    if (summary) add(summary);
  }
  return latestSummary(log);
}

it("remembers turns that left the window, the latest ones first to stay", () => {
  const summary = converse(300, 240, () => "internal");
  expect(summary?.lines.at(-1)).toMatch(/"question 300" → answer 300|"question 2\d\d" → answer 2\d\d/);
  expect(summary?.lines).toHaveLength(40);
});

it("costs the same after 300 turns and after 2,000", () => {
  const size = (turns: number) => JSON.stringify(converse(turns, 240, () => "internal")).length;
  expect(Math.abs(size(2_000) - size(300))).toBeLessThan(200);
});

it("keeps the sensitivity of what it tells of, also when that was long ago", () => {
  expect(converse(300, 240, (turn) => (turn === 5 ? "restricted" : "internal"))?.sensitivity).toBe(
    "restricted",
  );
});

it("writes none in a short conversation", () => {
  expect(converse(15, 240, () => "internal")).toBeNull();
});
