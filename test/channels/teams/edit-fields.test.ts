import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromMinor, toMinor } from "../../../channels/minor-units.ts";
import { editInputs, readEdit } from "../../../channels/teams/cards/edit-fields.ts";
import type { CardField } from "../../../src/types/card.ts";

const BERLIN = { locale: "en-GB", zone: "Europe/Berlin" };
const field = (over: Partial<CardField>): CardField => ({
  name: "x",
  label: "X",
  input: "text",
  value: "",
  options: [],
  ...over,
});
const read = (fields: readonly CardField[], typed: Record<string, unknown>) =>
  readEdit("f", fields, typed, BERLIN);

describe("a form", () => {
  test("that nobody touched changes nothing, whatever its fields are", () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc
        .date({ noInvalidDate: true, min: new Date("1970-01-02"), max: new Date("2099-01-01") })
        .map((at) => at.toISOString()),
      fc.constantFrom("2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00", "2026-03-29T01:30:00Z"),
    );
    const any = fc.record({
      name: fc.uuid(),
      label: fc.string(),
      value,
      input: fc.constantFrom(
        "text" as const,
        "number" as const,
        "money" as const,
        "datetime" as const,
        "select" as const,
      ),
      options: fc.array(fc.string(), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (fields) => {
        const typed = Object.fromEntries(
          editInputs("f", fields, BERLIN).map(({ id, value: shown }) => [String(id), shown]),
        );
        expect(read(fields, typed)).toEqual({ kind: "read", edit: null });
      }),
    );
  });

  test("sends only what was changed, as the tool takes it", () => {
    const fields = [
      field({ name: "amount", input: "money", value: 4_800_000, currency: "EUR" }),
      field({ name: "at", input: "datetime", value: "2026-11-23T09:00:00Z" }),
      field({ name: "stage", input: "select", value: "won", options: ["open", "won"] }),
      field({ name: "notify", value: true }),
      field({ name: "note", value: "as it was" }),
    ];
    expect(
      read(fields, {
        "f-0": "50.000,50",
        "f-1": "2026-11-24",
        "f-1t": "11:30",
        "f-2": "o0",
        "f-3": "false",
        "f-4": "as it was",
        other: "x",
      }),
    ).toEqual({
      kind: "read",
      edit: { amount: 5_000_050, at: "2026-11-24T10:30:00.000Z", stage: "open", notify: false },
    });
  });

  test("says what a value must be, and takes none that does not exist", () => {
    const amount = [field({ label: "Amount", input: "money", value: 1 })];
    expect(read(amount, { "f-0": "1.000,000" })).toMatchObject({ kind: "wrong" });
    expect(read(amount, { "f-0": "much" })).toMatchObject({
      kind: "wrong",
      message: expect.stringContaining("Amount"),
    });
    const at = [field({ input: "datetime", value: "2026-11-23T09:00:00Z" })];
    expect(read(at, { "f-0": "2026-02-31", "f-0t": "10:00" }).kind).toBe("wrong");
    expect(read(at, { "f-0": "2026-02-21", "f-0t": "25:00" }).kind).toBe("wrong");
    expect(read([field({ input: "number", value: 2 })], { "f-0": "1e999" }).kind).toBe("wrong");
    expect(read([field({ input: "select", value: "a", options: ["a"] })], { "f-0": "o9" }).kind).toBe(
      "wrong",
    );
    expect(read([field({ value: "x" })], { "f-0": "y".repeat(20_000) }).kind).toBe("wrong");
    expect(read([field({ value: "x" })], { "f-0": { a: 1 } })).toEqual({ kind: "read", edit: null });
  });
});

test("an amount is shown and read back exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e14, max: 1e14 }), fc.constantFrom(0, 2, 3), (minor, digits) => {
      expect(toMinor(fromMinor(minor, digits), digits)).toBe(minor);
    }),
  );
});
