import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromMinor, toMinor } from "../../../channels/slack/blocks/amount.ts";
import { editModal } from "../../../channels/slack/blocks/edit-modal.ts";
import { readEditModal } from "../../../channels/slack/blocks/read-edit-modal.ts";
import { readRefuseModal, refuseModal } from "../../../channels/slack/blocks/refuse-modal.ts";
import type { InputBlock, ModalView } from "../../../channels/slack/blocks/slack-message.ts";
import { fromEpoch, toEpoch } from "../../../channels/slack/blocks/wall-clock.ts";
import type { CardField } from "../../../src/types/card.ts";
import { anyField, sampleItem } from "./card-samples.ts";
import { hostileText } from "./hostile-text.ts";
import { viewProblems } from "./validate-blocks.ts";

const english = { locale: "en-GB", zone: "Europe/Berlin" };
const german = { locale: "de-DE", zone: "Europe/Berlin" };
const field = (more: Partial<CardField>): CardField => ({
  name: "value",
  label: "Value",
  input: "text",
  value: "x",
  options: [],
  ...more,
});
const money = (value: number, currency = "EUR") =>
  field({ name: "amount", label: "Amount", input: "money", value, currency });
const inputs = (view: ModalView) =>
  view.blocks.filter((block): block is InputBlock => block.type === "input");

/** What Slack sends back for a form, with some of the values changed by hand. */
function submit(view: ModalView, typed: Record<number, object> = {}) {
  const values = inputs(view).map(({ block_id = "", element }, i) => {
    const start = element as {
      initial_value?: string;
      initial_option?: object;
      initial_date?: string;
      initial_date_time?: number;
    };
    const state = {
      type: element.type,
      value: start.initial_value ?? null,
      selected_option: start.initial_option ?? null,
      selected_date: start.initial_date ?? null,
      selected_date_time: start.initial_date_time ?? null,
      ...typed[i],
    };
    return [block_id, { [(element as { action_id?: string }).action_id ?? ""]: state }] as const;
  });
  return { values: Object.fromEntries(values) };
}

/** One field, changed and read back. */
function change(one: CardField, typed: object, reader = english) {
  const item = sampleItem({ editable: [one] });
  const read = readEditModal(item, submit(editModal(item, "m", { reader }), { 0: typed }), reader);
  if ("errors" in read) return { error: Object.values(read.errors)[0] };
  return { edit: read.edit?.[one.name] };
}

describe("amounts", () => {
  test("are written and read as the reader's language writes them", () => {
    expect(fromMinor(4_800_050, 2, "en-GB")).toBe("48,000.50");
    expect(fromMinor(4_800_050, 2, "de-DE")).toBe("48.000,50");
    expect(fromMinor(-5, 2, "en-GB")).toBe("-0.05");
    expect(fromMinor(48_000, 0, "en-GB")).toBe("48,000");
    const read = (text: string, locale: string, currency = "EUR") => toMinor(text, 2, { locale, currency });
    for (const text of [
      "48,000.50",
      "48000.50",
      "48000.5",
      "€48,000.50",
      "EUR 48,000.50",
      "48,000.50 eur",
      "48 000.50",
      "48'000.50",
    ]) {
      expect(read(text, "en-GB"), text).toBe(4_800_050);
    }
    for (const text of ["48.000,50", "48000,5", "48.000,50 €", "48 000,50"])
      expect(read(text, "de-DE"), text).toBe(4_800_050);
    expect(read("1.234", "de-DE")).toBe(123_400);
    expect(read("48 000,50", "fr-FR")).toBe(4_800_050);
    expect(read("48’000.50", "de-CH")).toBe(4_800_050);
    expect(read("4,80,000.50", "en-IN")).toBe(48_000_050);
    expect(read("٤٨٬٠٠٠٫٥٠", "ar-EG")).toBe(4_800_050);
    expect(read("−12.00", "en-GB")).toBe(-1_200);
  });

  test("that are not one clear amount are not read", () => {
    for (const text of [
      "",
      "-",
      "abc",
      "1.234",
      "48.000,50",
      "48,00",
      "1,2345",
      "12,34,5",
      "1..2",
      "1.",
      "1e5",
      "0x10",
      "12 or 13",
      "$48,000",
      "48,000 USD",
      "9007199254740993",
      "1-2",
      "½",
      "NaN",
      "9".repeat(200),
    ]) {
      expect(toMinor(text, 2, { locale: "en-GB", currency: "EUR" }), text).toBeNull();
    }
    expect(toMinor("12.5", 0, { locale: "en-GB", currency: "JPY" })).toBeNull();
  });

  test("go and come back exactly, in any language, up to the largest", () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.constantFrom("en-GB", "de-DE", "fr-FR", "de-CH", "es", "pl", "ar-EG", "hi", "fa", "no locale"),
        fc.constantFrom(0, 2, 3),
        (minor, locale, digits) => {
          expect(toMinor(fromMinor(minor, digits, locale), digits, { locale })).toBe(minor === 0 ? 0 : minor);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("times", () => {
  test("come back in the shape that the tool gave", () => {
    expect(
      fromEpoch(toEpoch("2026-11-23T10:00:00+01:00", english), "2026-11-23T10:00:00+01:00", english),
    ).toBe("2026-11-23T09:00:00Z");
    expect(toEpoch("2026-11-23T10:00", english)).toBe(Date.parse("2026-11-23T09:00:00Z") / 1_000);
    expect(fromEpoch(Date.parse("2026-07-01T08:30:00Z") / 1_000, "2026-11-23T10:00:00", english)).toBe(
      "2026-07-01T10:30:00",
    );
  });

  test("on a wall clock survive the change of the clocks", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 366 * 24 * 4 }),
        fc.constantFrom(
          "Europe/Berlin",
          "America/New_York",
          "Asia/Kolkata",
          "Australia/Lord_Howe",
          "no zone",
        ),
        (quarters, zone) => {
          const wall = new Date(Date.UTC(2026, 0, 1) + quarters * 900_000).toISOString().slice(0, 16);
          const reader = { locale: "en", zone };
          const back = fromEpoch(toEpoch(wall, reader), wall, reader);
          // An hour that the clocks skip becomes the next one; all others come back.
          if (back !== wall)
            expect(Math.abs(Date.parse(`${back}Z`) - Date.parse(`${wall}Z`))).toBeLessThanOrEqual(3_600_000);
          if (!/-(?:03-29|10-04|03-08)T/.test(wall)) expect(back).toBe(wall);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the form before an edited approval", () => {
  const fields = [
    money(4_800_000),
    field({ name: "title", label: "Title", value: "Sync" }),
    field({ name: "start", label: "Start", input: "datetime", value: "2026-11-23T10:00:00.000Z" }),
    field({ name: "day", label: "Day", input: "datetime", value: "2026-11-23" }),
    field({ name: "stage", label: "Stage", input: "select", value: "won", options: ["open", "won", "lost"] }),
    field({ name: "online", label: "Online", input: "select", value: true }),
    field({ name: "seats", label: "Seats", input: "number", value: 12.5 }),
  ];
  const item = sampleItem({ editable: fields });
  const view = editModal(item, "opaque", { reader: german });

  test("has one fitting input a field, filled with what is there", () => {
    expect(viewProblems(view)).toEqual([]);
    expect(view.private_metadata).toBe("opaque");
    expect(inputs(view).map(({ label, element }) => [label.text, element.type])).toEqual([
      ["Amount (EUR)", "plain_text_input"],
      ["Title", "plain_text_input"],
      ["Start", "datetimepicker"],
      ["Day", "datepicker"],
      ["Stage", "static_select"],
      ["Online", "static_select"],
      ["Seats", "number_input"],
    ]);
    expect(inputs(view)[0]?.element).toMatchObject({ initial_value: "48.000,00" });
    expect(inputs(view)[0]?.hint?.text).toBe("Written like 48.000,00.");
    expect(inputs(view)[4]?.element).toMatchObject({ initial_option: { text: { text: "won" } } });
  });

  test("sent back as it was changes nothing", () => {
    expect(readEditModal(item, submit(view), german)).toEqual({ edit: null });
  });

  test("gives only what was changed, as the tool takes it", () => {
    const typed = {
      0: { value: "51.250,50" },
      2: { selected_date_time: Date.parse("2026-11-24T08:30:00Z") / 1_000 },
      4: { selected_option: { value: "2" } },
      5: { selected_option: { value: "1" } },
      6: { value: "13" },
    };
    expect(readEditModal(item, submit(view, typed), german)).toEqual({
      edit: { amount: 5_125_050, start: "2026-11-24T08:30:00Z", stage: "lost", online: false, seats: 13 },
    });
  });

  test("says at each field what is wrong with it, and changes nothing then", () => {
    const typed = {
      0: { value: "51,250.50" },
      1: { value: "  " },
      2: { selected_date_time: null },
      4: { selected_option: { value: "7" } },
      6: { value: "a dozen" },
    };
    const read = readEditModal(item, submit(view, typed), german);
    const ids = inputs(view).map(({ block_id }) => block_id ?? "");
    expect(read).toEqual({
      errors: {
        [ids[0] ?? ""]: "Write one amount in EUR, such as 48.000,00.",
        [ids[1] ?? ""]: "Write something here.",
        [ids[2] ?? ""]: "Pick a day and a time.",
        [ids[4] ?? ""]: "Choose one of the list.",
        [ids[6] ?? ""]: "Write one number, such as 12 or 12.5.",
      },
    });
  });

  test("of another version of the action is not guessed at", () => {
    const [first, ...rest] = fields;
    const other = sampleItem({ editable: [...rest, ...(first ? [first] : [])] });
    const read = readEditModal(other, submit(view), german);
    expect("errors" in read && Object.values(read.errors)).toContain(
      "The form has changed. Close it and open it again.",
    );
    for (const state of [null, undefined, {}, { values: null }, { values: { x: 1 } }, "state"]) {
      expect("errors" in readEditModal(item, state, german)).toBe(true);
    }
  });

  test("leaves alone what is too long for Slack, and says so", () => {
    const long = sampleItem({ editable: [field({ value: "x".repeat(3_001) }), money(100)] });
    const form = editModal(long, "m", { reader: english, problem: "The amount is over the budget." });
    expect(viewProblems(form)).toEqual([]);
    expect(JSON.stringify(form)).toContain("It is too long to change here. It stays as it is.");
    expect(JSON.stringify(form)).toContain("Not taken: The amount is over the budget.");
    expect(readEditModal(long, submit(form, { 0: { value: "2.00" } }), english)).toEqual({
      edit: { amount: 200 },
    });
  });

  test("takes yen without and dinars with three digits", () => {
    expect(change(money(48_000, "JPY"), { value: "¥50,000" })).toEqual({ edit: 50_000 });
    expect(change(money(48_000, "KWD"), { value: "48.125" })).toEqual({ edit: 48_125 });
    expect(change(money(48_000, "JPY"), { value: "50.50" }).error).toBe(
      "Write one amount in JPY, such as 48,000.",
    );
  });

  test("holds hundreds of choices, and any words as a choice", () => {
    const options = Array.from({ length: 250 }, (_, i) => `${"long ".repeat(60)}${i}`);
    const one = field({ input: "select", value: options[3] ?? "", options });
    expect(viewProblems(editModal(sampleItem({ editable: [one] }), "m", { reader: english }))).toEqual([]);
    expect(change(one, { selected_option: { value: "249" } })).toEqual({ edit: options[249] });
  });

  test("of any fields is one that Slack accepts, and sent back as it was changes nothing", () => {
    fc.assert(
      fc.property(
        fc.array(anyField, { maxLength: 8 }),
        hostileText(10),
        fc.constantFrom("en-GB", "de-DE", "ar-EG"),
        (editable, line, locale) => {
          const reader = { locale, zone: "Asia/Kolkata" };
          const any = sampleItem({ editable, line });
          const form = editModal(any, "m", { reader, problem: line });
          expect(viewProblems(form)).toEqual([]);
          const read = readEditModal(any, submit(form), reader);
          // A choice that stands for none of the options has to be made.
          if ("errors" in read)
            for (const error of Object.values(read.errors)) expect(error).toBe("Choose one.");
          else expect(read).toEqual({ edit: null });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("of many more fields than a modal holds says how many stay as they are", () => {
    const many = sampleItem({ editable: Array.from({ length: 130 }, (_, i) => field({ name: `f${i}` })) });
    const form = editModal(many, "m", { reader: english });
    expect(viewProblems(form)).toEqual([]);
    expect(JSON.stringify(form)).toContain("35 more values cannot be changed here");
  });
});

describe("the form of a refusal", () => {
  test("asks for a reason and takes one", () => {
    expect(viewProblems(refuseModal("m", "Pay invoice 7"))).toEqual([]);
    const state = (value: unknown) => ({
      values: { reason: { reason: { type: "plain_text_input", value } } },
    });
    expect(readRefuseModal(state(" Too much \u202e"))).toEqual({ reason: "Too much" });
    for (const wrong of [state(null), state("  "), state(7), {}, null, undefined]) {
      expect(readRefuseModal(wrong)).toEqual({ errors: { reason: "Write a short reason." } });
    }
    expect(readRefuseModal(state("x".repeat(501)))).toEqual({
      errors: { reason: "At most 500 characters." },
    });
  });
});
