import type { CardField } from "../../../src/types/card.ts";
import type { Json, JsonObject } from "../../../src/types/json.ts";
import { currencyDigits, fromMinor, toMinor } from "../../minor-units.ts";
import { fromWallClock, type Reader, wallClock } from "./card-times.ts";
import { foreign } from "./foreign-text.ts";

const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;
const MAX_TYPED = 10_000;

/** What the inputs of one form are called: its fields by place, so that a name never reaches a client. */
const inputId = (form: string, place: number, part = ""): string => `${form}-${place}${part}`;

/** The inputs of a form with the values that stand now; a date and a time are two inputs. */
export function editInputs(form: string, fields: readonly CardField[], reader: Reader): JsonObject[] {
  return fields.flatMap((field, place) => {
    const text = toText(field, reader);
    const label = foreign(
      field.input === "money" && field.currency ? `${field.label} (${field.currency})` : field.label,
    );
    const shared = { id: inputId(form, place), label };
    if (typeof field.value === "boolean") {
      const choices = [
        { title: "Yes", value: "true" },
        { title: "No", value: "false" },
      ];
      return [{ type: "Input.ChoiceSet", ...shared, style: "compact", value: text, choices }];
    }
    if (field.input === "select" && field.options.length > 0) {
      // By place as well: an option may be empty, and a value may not.
      const choices = field.options.map((option, i) => ({
        title: foreign(option) || "(empty)",
        value: `o${i}`,
      }));
      return [{ type: "Input.ChoiceSet", ...shared, style: "compact", value: text, choices }];
    }
    if (field.input === "datetime" && /^\d{4}-\d{2}-\d{2}/.test(text)) {
      const day = { type: "Input.Date", ...shared, value: text.slice(0, 10) };
      if (text.length <= 10) return [day];
      return [
        day,
        {
          type: "Input.Time",
          id: inputId(form, place, "t"),
          label: `${label}, time`,
          value: text.slice(11, 16),
        },
      ];
    }
    return [
      { type: "Input.Text", ...shared, value: text, isMultiline: text.length > 80 || text.includes("\n") },
    ];
  });
}

export type ReadEdit =
  | { readonly kind: "read"; readonly edit: Readonly<Record<string, Json>> | null }
  /** `message`: what to write instead, for whoever typed it. */
  | { readonly kind: "wrong"; readonly message: string };

/** What was changed in a form, as the tool takes it; null when nothing was. Unknown inputs are not looked at. */
export function readEdit(
  form: string,
  fields: readonly CardField[],
  typed: Readonly<Record<string, unknown>>,
  reader: Reader,
): ReadEdit {
  const edit: Record<string, Json> = {};
  for (const [place, field] of fields.entries()) {
    const before = toText(field, reader);
    const text = typedText(typed, inputId(form, place), inputId(form, place, "t"), before);
    if (text === null || text === before) continue;
    const value = text.length > MAX_TYPED ? undefined : fromText(field, text, reader);
    if (value === undefined)
      return { kind: "wrong", message: `${foreign(field.label)}: ${whatItTakes(field)}` };
    edit[field.name] = value;
  }
  return { kind: "read", edit: Object.keys(edit).length === 0 ? null : edit };
}

function typedText(
  typed: Readonly<Record<string, unknown>>,
  id: string,
  timeId: string,
  before: string,
): string | null {
  const text = typed[id];
  const time = typed[timeId];
  if (typeof text !== "string" && typeof time !== "string") return null;
  // An input that shows only one line break style must not count as a change.
  const plain = typeof text === "string" ? text.replace(/\r\n?/g, "\n") : before.slice(0, 10);
  return typeof time === "string" ? `${plain.slice(0, 10)}T${time.slice(0, 5)}` : plain;
}

function whatItTakes(field: CardField): string {
  if (field.input === "money") return "write one amount, such as 48,000.00.";
  if (field.input === "number") return "write one number.";
  if (field.input === "datetime") return "choose a day and a time that exist.";
  if (field.input === "select") return "choose one of the list.";
  return "this is not a value that it can take.";
}

/** A value as its input holds it. */
function toText(field: CardField, reader: Reader): string {
  const { value } = field;
  if (field.input === "select" && field.options.length > 0 && typeof value !== "boolean") {
    const chosen = field.options.indexOf(String(value ?? ""));
    return chosen === -1 ? "" : `o${chosen}`;
  }
  if (value === null) return "";
  if (field.input === "money" && typeof value === "number")
    return fromMinor(value, currencyDigits(field.currency));
  if (field.input === "datetime" && typeof value === "string" && value.length > 10) {
    const at = new Date(value);
    if (HAS_ZONE.test(value)) return Number.isNaN(at.getTime()) ? value : wallClock(at, reader.zone);
    return value.slice(0, 16);
  }
  return String(value);
}

/** What was typed, as the tool takes it; undefined when it is no value. */
function fromText(field: CardField, text: string, reader: Reader): Json | undefined {
  if (field.input === "money") return toMinor(text, currencyDigits(field.currency)) ?? undefined;
  if (field.input === "number") return readNumber(text);
  if (typeof field.value === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (field.input === "select" && field.options.length > 0)
    return /^o\d{1,4}$/.test(text) ? field.options[Number(text.slice(1))] : undefined;
  if (field.input === "datetime") return readTime(String(field.value ?? ""), text, reader);
  return text;
}

function readNumber(text: string): number | undefined {
  const plain = text.trim().replace(",", ".");
  return /^-?\d{1,15}(?:\.\d{1,10})?$/.test(plain) ? Number(plain) : undefined;
}

function readTime(before: string, text: string, reader: Reader): string | undefined {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  // 31 February is read as a day in March by the engine: what it reads must be what was written.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(midnight.getTime())) return undefined;
  if (midnight.toISOString().slice(0, 10) !== day) return undefined;
  if (before.length === 10 || text.length === 10) return text.length === 10 ? text : undefined;
  if (!/^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)) return undefined;
  if (HAS_ZONE.test(before)) return fromWallClock(text, reader.zone) ?? undefined;
  return before.length >= 19 ? `${text}:00` : text;
}
