import type { CardField } from "../../../src/types/card.ts";
import { currencyDigits } from "../../minor-units.ts";
import { fromMinor } from "./amount.ts";
import { LIMITS } from "./block-cost.ts";
import { plainText } from "./block-parts.ts";
import { clean, cut, oneLine } from "./plain.ts";
import type { InputElement, PlainText, Reader } from "./slack-message.ts";
import { timeShape, toEpoch } from "./wall-clock.ts";

/** `action_id` of every input of the edit modal. */
export const FIELD_ACTION = "value";

/** `block_id` of a field: its place and its name, so that a form never fills another version's fields. */
export const fieldBlock = (field: CardField, index: number): string =>
  cut(`field ${index} ${oneLine(field.name)}`, 200);

/** How a field is asked for; `fixed` when Slack has no input that could hold its value. */
export type FieldForm =
  | { readonly kind: "text"; readonly initial: string }
  | { readonly kind: "money"; readonly initial: string; readonly digits: number }
  | { readonly kind: "number"; readonly initial: string }
  | { readonly kind: "instant"; readonly initial: number | null }
  | { readonly kind: "day"; readonly initial: string }
  | {
      readonly kind: "choice";
      readonly labels: readonly string[];
      readonly values: readonly (string | boolean)[];
    }
  | { readonly kind: "fixed"; readonly why: string };

const MAX_CHOICES = LIMITS.selectOptions * LIMITS.selectOptions;

/** Decides by the field's kind and its present value. */
export function formOf(field: CardField, reader: Reader): FieldForm {
  const { value } = field;
  if (typeof value === "boolean") return { kind: "choice", labels: ["Yes", "No"], values: [true, false] };
  if (field.input === "select" && field.options.length > 0) {
    if (field.options.length > MAX_CHOICES)
      return { kind: "fixed", why: "There are too many choices to show here." };
    return {
      kind: "choice",
      labels: field.options.map((each) => oneLine(each) || "(empty)"),
      values: field.options,
    };
  }
  if (field.input === "money" && (value === null || Number.isSafeInteger(value))) {
    const digits = currencyDigits(field.currency);
    const initial = typeof value === "number" ? fromMinor(value, digits, reader.locale) : "";
    return { kind: "money", initial, digits };
  }
  if ((field.input === "number" || field.input === "money") && typeof value !== "string") {
    const initial = value === null ? "" : String(value);
    if (initial === "" || /^-?\d+(?:\.\d+)?$/.test(initial)) return { kind: "number", initial };
  }
  if (field.input === "datetime" && typeof value === "string") {
    const shape = timeShape(value);
    if (shape === "day") return { kind: "day", initial: value };
    const initial = shape === null ? Number.NaN : toEpoch(value, reader);
    // Slack's picker takes ten digits: 2001 to 2286.
    if (initial >= 1_000_000_000 && initial <= 9_999_999_999) return { kind: "instant", initial };
  }
  if (field.input === "datetime" && value === null) return { kind: "instant", initial: null };
  const initial = clean(value === null ? "" : String(value));
  if (initial.length > LIMITS.inputText) return { kind: "fixed", why: "It is too long to change here." };
  return { kind: "text", initial };
}

/** Slack's input for a form; null for a fixed one. */
export function inputOf(form: FieldForm, field: CardField): InputElement | null {
  const id = { action_id: FIELD_ACTION };
  switch (form.kind) {
    case "fixed":
      return null;
    case "text":
      return {
        type: "plain_text_input",
        ...id,
        multiline: form.initial.length > 60 || form.initial.includes("\n"),
        max_length: LIMITS.inputText,
        ...(form.initial === "" ? {} : { initial_value: form.initial }),
      };
    case "money":
      return {
        type: "plain_text_input",
        ...id,
        max_length: 100,
        ...(form.initial === "" ? {} : { initial_value: form.initial }),
      };
    case "number":
      return {
        type: "number_input",
        ...id,
        is_decimal_allowed: true,
        ...(form.initial === "" ? {} : { initial_value: form.initial }),
      };
    case "instant":
      return {
        type: "datetimepicker",
        ...id,
        ...(form.initial === null ? {} : { initial_date_time: form.initial }),
      };
    case "day":
      return { type: "datepicker", ...id, initial_date: form.initial };
    case "choice":
      return choiceInput(form, field);
  }
}

/** Options carry their place, not their words: a value may be longer than Slack's 150 characters. */
function choiceInput(form: Extract<FieldForm, { kind: "choice" }>, field: CardField): InputElement {
  const options = form.labels.map((label, i) => ({
    text: plainText(label, LIMITS.optionText),
    value: String(i),
  }));
  const now = options[(form.values as readonly unknown[]).indexOf(field.value)];
  const base = {
    type: "static_select" as const,
    action_id: FIELD_ACTION,
    ...(now ? { initial_option: now } : {}),
  };
  if (options.length <= LIMITS.selectOptions) return { ...base, options };
  const groups: { label: PlainText; options: typeof options }[] = [];
  for (let i = 0; i < options.length; i += LIMITS.selectOptions) {
    const part = options.slice(i, i + LIMITS.selectOptions);
    groups.push({ label: plainText(`${i + 1} to ${i + part.length}`, 75), options: part });
  }
  return { ...base, option_groups: groups };
}
