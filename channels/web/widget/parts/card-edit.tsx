import { useId, useState } from "preact/hooks";
import type { CardField, CardItem } from "../../../../src/types/card.ts";
import { currencyDigits, fromMinor, toMinor } from "../../../minor-units.ts";
import { fromWallClock } from "../text/dates.ts";
import { useVoice } from "../text/texts.ts";
import { type Reader, wallClock } from "../text/time.ts";

type Props = {
  readonly item: CardItem;
  readonly isBusy: boolean;
  readonly onDone: (edit: Readonly<Record<string, unknown>> | undefined) => void;
  readonly onBack: () => void;
};

const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** A value as its form field holds it. */
function toText(field: CardField, reader: Reader): string {
  const { value } = field;
  if (value === null) return "";
  if (field.input === "money" && typeof value === "number")
    return fromMinor(value, currencyDigits(field.currency));
  if (field.input === "datetime" && typeof value === "string" && value.length > 10) {
    return HAS_ZONE.test(value) ? wallClock(new Date(value), reader.zone) : value.slice(0, 16);
  }
  return String(value);
}

/** What was typed, as the tool takes it; undefined when it is not a value. */
function fromText(field: CardField, text: string, reader: Reader): unknown {
  if (field.input === "money") return toMinor(text, currencyDigits(field.currency)) ?? undefined;
  if (field.input === "number") {
    const number = Number(text.trim().replace(",", "."));
    return text.trim() === "" || !Number.isFinite(number) ? undefined : number;
  }
  if (field.input === "datetime" && text.length >= 16) {
    return HAS_ZONE.test(String(field.value))
      ? fromWallClock(text, reader.zone)
      : `${text.slice(0, 16)}:00`.slice(0, String(field.value).length || 16);
  }
  if (typeof field.value === "boolean") return text === "true";
  return text;
}

/** The form before an edited approval: only what was changed is sent. */
export function CardEdit({ item, isBusy, onDone, onBack }: Props) {
  const reader = useVoice();
  const { t } = reader;
  const start = Object.fromEntries(item.editable.map((field) => [field.name, toText(field, reader)]));
  const formId = useId();
  const [texts, setTexts] = useState<Record<string, string>>(start);
  const [wrong, setWrong] = useState<string | null>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    const edit: Record<string, unknown> = {};
    for (const field of item.editable) {
      const text = texts[field.name] ?? "";
      if (text === start[field.name]) continue;
      const value = fromText(field, text, reader);
      if (value === undefined) {
        setWrong(field.name);
        return;
      }
      edit[field.name] = value;
    }
    setWrong(null);
    onDone(Object.keys(edit).length === 0 ? undefined : edit);
  };

  return (
    <form class="form" onSubmit={submit} noValidate>
      {item.editable.map((field, i) => (
        <label key={field.name} for={`${formId}-${i}`}>
          <span>
            {reader.say(field.label)}
            {field.input === "money" && field.currency ? ` (${field.currency})` : ""}
          </span>
          <Input
            id={`${formId}-${i}`}
            field={field}
            isFirst={i === 0}
            isWrong={wrong === field.name}
            text={texts[field.name] ?? ""}
            onText={(text) => setTexts({ ...texts, [field.name]: text })}
          />
          {wrong === field.name && (
            <span class="wrong" role="alert">
              {t(field.input === "money" ? "wrongAmount" : "wrongValue")}
            </span>
          )}
        </label>
      ))}
      <footer>
        <button type="submit" class="button primary" disabled={isBusy}>
          {t(isBusy ? "approving" : "approveWithChanges")}
        </button>
        <button type="button" class="button" onClick={onBack} disabled={isBusy}>
          {t("back")}
        </button>
      </footer>
    </form>
  );
}

type InputProps = {
  id: string;
  field: CardField;
  isFirst: boolean;
  isWrong: boolean;
  text: string;
  onText: (text: string) => void;
};

function Input({ id, field, isFirst, isWrong, text, onText }: InputProps) {
  const { t } = useVoice();
  const common = { id, ...(isFirst ? { "data-first": true } : {}), "aria-invalid": isWrong, value: text };
  const take = (event: { currentTarget: { value: string } }) => onText(event.currentTarget.value);
  if (field.input === "select" || typeof field.value === "boolean") {
    const options = typeof field.value === "boolean" ? ["true", "false"] : field.options;
    return (
      <select {...common} onChange={take}>
        {options.map((option) => (
          <option key={option} value={option}>
            {typeof field.value === "boolean" ? t(option === "true" ? "yes" : "no") : option}
          </option>
        ))}
      </select>
    );
  }
  if (field.input === "text" && text.length > 80) return <textarea {...common} rows={4} onInput={take} />;
  if (field.input === "datetime") {
    const isDay = String(field.value).length === 10;
    return <input {...common} type={isDay ? "date" : "datetime-local"} onInput={take} />;
  }
  const mode = field.input === "money" || field.input === "number" ? ("decimal" as const) : ("text" as const);
  return <input {...common} type="text" inputMode={mode} onInput={take} />;
}
