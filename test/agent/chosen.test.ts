import { expect, it } from "vitest";
import { chosenIn } from "../../src/agent/grounds-of.ts";
import type { SessionEvent } from "../../src/types/session-event.ts";

const ANN = "ann@acme.example";
const LABEL = { integrity: "user", sensitivity: "internal", source: "", readers: [] } as const;
const OPTIONS = [
  { label: "Ben Carter", value: "ben.carter@acme.example" },
  { label: "Ben Okafor", value: "ben.okafor@acme.example" },
];
let seq = 0;
const event = (given: Pick<SessionEvent, "type" | "data">) =>
  ({ ...given, seq: ++seq, at: new Date(0) }) as SessionEvent;
const said = (text: string, author = ANN) =>
  event({
    type: "message.received",
    data: { message: `m${seq}`, author, text: { value: text, label: LABEL }, files: [] },
  });
const answered = (provider: string, isOpen: boolean) =>
  event({
    type: "model.answered",
    data: {
      turn: "t",
      text: "Which Ben?",
      calls: [],
      state: {
        v: 1,
        open: isOpen
          ? {
              tool: "x",
              args: {},
              arg: "who",
              question: "Which Ben?",
              options: OPTIONS,
              text: "",
              day: null,
              isAddition: false,
            }
          : null,
        last: null,
        queue: [],
      },
      citations: [],
      route: "",
      provider,
      model: "",
      note: null,
      promptVersion: "",
      usage: { inputTokens: 0, outputTokens: 0 },
      costMicros: null,
      sensitivity: "internal",
    },
  });

it("counts what was picked by number, by place and by name", () => {
  for (const text of ["2", "the second one", "Okafor"]) {
    expect([...chosenIn([said("meet ben"), answered("offline", true), said(text)], ANN)]).toEqual([
      "ben.okafor@acme.example",
    ]);
  }
});

it("counts nothing that a chat model offered, and no pick of another person", () => {
  expect(chosenIn([said("meet ben"), answered("openai", true), said("2")], ANN).size).toBe(0);
  expect(
    chosenIn([said("meet ben"), answered("offline", true), said("2", "eve@acme.example")], ANN).size,
  ).toBe(0);
});

it("forgets a choice when the next request is another one", () => {
  const log = [
    said("meet ben"),
    answered("offline", true),
    said("2"),
    answered("offline", false),
    said("book a room"),
  ];
  expect(chosenIn(log, ANN).size).toBe(0);
});
