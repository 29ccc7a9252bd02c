import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packJson, unpackJson } from "../../src/store/packed-json.ts";

describe("packed JSON", () => {
  test("comes back as it was, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(unpackJson(packJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("of rows written by this version stays readable: the dictionary and the formats are never edited", () => {
    const deflated = Buffer.from(
      packJson([{ type: "turn.ended", data: { turn: "trn_1", status: "done" } }]).toString("hex"),
      "hex",
    );
    expect(unpackJson(deflated)).toEqual([{ type: "turn.ended", data: { turn: "trn_1", status: "done" } }]);
    // Kept as bytes: whoever edits the dictionary breaks every log there is, and this.
    expect(unpackJson(Buffer.from(KEPT, "hex"))).toEqual({
      args: { text: { value: "kept", label: { integrity: "user" } } },
      evidence: [],
      decision: { effect: "permit", rules: ["r"] },
      preview: null,
    });
    expect(unpackJson(Buffer.from('\0{"plain":true}'))).toEqual({ plain: true });
  });

  test("is about a quarter of an everyday event", () => {
    const event = {
      type: "message.received",
      data: {
        message: "msg_01m81x7fmzebxhcjt6fxf9ybts",
        author: "ben.okafor@brightwell.example",
        text: {
          value: "What is on today?",
          label: {
            integrity: "user",
            sensitivity: "internal",
            source: "your message",
            readers: ["ben.okafor@brightwell.example"],
          },
        },
      },
    };
    expect(packJson([event]).length).toBeLessThan(JSON.stringify([event]).length / 2);
  });

  test("of an unknown format, cut short or too large is refused", () => {
    expect(() => unpackJson(Buffer.from([9, 1, 2]))).toThrow("unknown format");
    const cut = packJson({ text: "a longer text that is deflated, deflated, deflated and deflated again" });
    expect(() => unpackJson(cut.subarray(0, cut.length - 3))).toThrow();
  });
});

const KEPT = "014314a2e829383bb5a0046f2a06253ce4a23796e852b2089c2fe1652538630200";
