import { z } from "zod";
import type { CardField, CardItem } from "../../../src/types/card.ts";
import type { Json } from "../../../src/types/json.ts";
import { toMinor } from "./amount.ts";
import { FIELD_ACTION, type FieldForm, fieldBlock, formOf } from "./edit-field.ts";
import { exampleAmount, MAX_FIELDS } from "./edit-modal.ts";
import { clean } from "./plain.ts";
import type { Reader } from "./slack-message.ts";
import { fromEpoch, timeShape } from "./wall-clock.ts";

/** `edit` is null when nothing was changed; `errors` go back to Slack as `response_action: "errors"`. */
export type ReadEdit =
  | { readonly edit: Readonly<Record<string, Json>> | null }
  | { readonly errors: Readonly<Record<string, string>> };

const inputSchema = z.object({
  value: z.string().max(10_000).nullish(),
  selected_option: z.object({ value: z.string().max(150) }).nullish(),
  selected_date: z.string().max(20).nullish(),
  selected_date_time: z.number().int().nullish(),
});
const stateSchema = z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) });

type Input = z.infer<typeof inputSchema>;
type Read = { readonly value: Json } | { readonly error: string } | "same";

/**
 * What a person changed, as the tool takes it: only the changed fields. `state` is `view.state` of the submission.
 * The fields are looked up by the item as it is now; one that the form does not have is an error, never a guess.
 */
export function readEditModal(item: CardItem, state: unknown, reader: Reader): ReadEdit {
  const values = stateSchema.safeParse(state).data?.values ?? {};
  const edit: Record<string, Json> = {};
  const errors: Record<string, string> = {};
  for (const [i, field] of item.editable.slice(0, MAX_FIELDS).entries()) {
    const form = formOf(field, reader);
    if (form.kind === "fixed") continue;
    const block = fieldBlock(field, i);
    const input = inputSchema.safeParse(
      Object.hasOwn(values, block) ? values[block]?.[FIELD_ACTION] : undefined,
    );
    const read: Read = input.success
      ? readField(form, field, input.data, reader)
      : { error: "The form has changed. Close it and open it again." };
    if (read === "same") continue;
    if ("error" in read) errors[block] = read.error;
    else Object.defineProperty(edit, field.name, { value: read.value, enumerable: true });
  }
  if (Object.keys(errors).length > 0) return { errors };
  return { edit: Object.keys(edit).length > 0 ? edit : null };
}

function readField(form: FieldForm, field: CardField, input: Input, reader: Reader): Read {
  switch (form.kind) {
    case "fixed":
      return "same";
    case "text": {
      const text = clean(input.value ?? "");
      if (text === form.initial) return "same";
      if (text.trim() === "" && form.initial !== "") return { error: "Write something here." };
      return { value: text };
    }
    case "money": {
      const text = (input.value ?? "").trim();
      if (text === form.initial) return "same";
      const minor = toMinor(text, form.digits, { locale: reader.locale, currency: field.currency });
      if (minor === field.value) return "same";
      return minor === null ? { error: amountError(form.digits, field.currency, reader) } : { value: minor };
    }
    case "number": {
      const text = (input.value ?? "").trim();
      if (text === form.initial) return "same";
      const number = /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
      if (number === field.value) return "same";
      return Number.isFinite(number) ? { value: number } : { error: "Write one number, such as 12 or 12.5." };
    }
    case "instant": {
      const at = input.selected_date_time ?? null;
      if (at === form.initial) return "same";
      if (at === null || at < 0 || at > 9_999_999_999) return { error: "Pick a day and a time." };
      return { value: fromEpoch(at, typeof field.value === "string" ? field.value : "", reader) };
    }
    case "day": {
      const day = input.selected_date ?? "";
      if (day === form.initial) return "same";
      return timeShape(day) === "day" ? { value: day } : { error: "Pick a day." };
    }
    case "choice": {
      const place = input.selected_option?.value;
      if (place === undefined)
        return field.value === null || field.value === "" ? "same" : { error: "Choose one." };
      const value = /^\d{1,5}$/.test(place) ? form.values[Number(place)] : undefined;
      if (value === undefined) return { error: "Choose one of the list." };
      return value === field.value ? "same" : { value };
    }
  }
}

function amountError(digits: number, currency: string | undefined, reader: Reader): string {
  const unit = currency === undefined ? "" : ` in ${currency}`;
  return `Write one amount${unit}, such as ${exampleAmount(digits, reader)}.`;
}
