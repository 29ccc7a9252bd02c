import type { Json, JsonObject } from "../../types/json.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";
import { fitField } from "./field-values.ts";
import { fillArguments } from "./fill-arguments.ts";
import { askWhich } from "./fill-people.ts";
import type { OpenQuestion } from "./planner-state.ts";
import { type FillContext, readText, type Trouble } from "./reading.ts";

export type OpenAnswer =
  | { readonly kind: "filled"; readonly args: JsonObject }
  | { readonly kind: "asks"; readonly trouble: Trouble; readonly args: JsonObject }
  | { readonly kind: "dropped" }
  /** Not an answer: read it as a message of its own. */
  | { readonly kind: "other" };

const DROP =
  /^(?:(?:no|ok|okay|oh|ah)[,. ]+)*(?:never ?mind|forget (?:it|that|about it)|leave it|cancel(?: that| it)?|undo(?: that| it)?|stop|drop it|nothing|none(?: of (?:them|these|those))?|not now|no thanks?|don'?t|skip it|abort|no)[.! ]*$/i;
const ORDINALS = ["first|1st", "second|2nd", "third|3rd", "fourth|4th", "fifth|5th", "sixth|6th"];

type Option = { readonly label: string; readonly value: Json };

/** The option that an answer picks: by its words, its number or its place; null when none or several fit. */
export function pickOption(text: string, options: readonly Option[]): Option | null {
  // Asked of every message of a conversation, nearly always with nothing to pick from.
  if (options.length === 0) return null;
  const said = text
    .trim()
    .toLowerCase()
    .replace(/[.!?]+$/, "");
  const exact = options.filter(
    (o) => o.label.toLowerCase() === said || String(o.value).toLowerCase() === said,
  );
  if (exact[0]) return exact[0];
  const words = wordsOf(said)
    .filter((w) => !isFunctionWord(w) && !/^(?:one|person|guy|option|number)$/.test(w))
    .map(stemOf);
  const fitting = options.filter((o) => {
    const own = wordsOf(`${o.label} ${String(o.value)}`);
    return words.length > 0 && words.every((w) => own.some((x) => stemOf(x) === w));
  });
  if (fitting.length === 1 && fitting[0]) return fitting[0];
  const number = /^(?:(?:the|option|number|no\.?|#)\s*)*(\d{1,2})(?:st|nd|rd|th)?(?: one| option)?$/.exec(
    said,
  )?.[1];
  const place = number
    ? Number(number) - 1
    : ORDINALS.findIndex((o) =>
        new RegExp(`^(?:the )?(?:${o})(?: one| option| time)?(?: please)?$`).test(said),
      );
  if (/^(?:the )?(?:last|latter)(?: one)?$/.test(said)) return options.at(-1) ?? null;
  if (/^(?:the )?former(?: one)?$/.test(said)) return options[0] ?? null;
  if (options.length === 1 && /^(?:yes|yeah|yep|sure|ok|okay|correct|right|exactly|please do)\b/.test(said))
    return options[0] ?? null;
  return place >= 0 ? (options[place] ?? null) : null;
}

/** Reads a message as the answer to the open question. `isNew` says that it looks like another request. */
export function answerOpen(
  open: OpenQuestion,
  text: string,
  context: FillContext,
  isNew: boolean,
): OpenAnswer {
  if (DROP.test(text.trim())) return { kind: "dropped" };
  const spec = context.tool.manifest.args[open.arg];
  const chosen = pickOption(text, open.options);
  if (chosen) {
    // An option of a date is words to read, of anything else the value itself.
    if (spec?.role === "time" && typeof chosen.value === "string")
      return answerTime(open, chosen.value, context);
    return { kind: "filled", args: put(open, chosen.value) };
  }
  if (!spec || isNew) return { kind: "other" };
  if (spec.role === "time") return answerTime(open, text, context);
  const reading = readText(text, context);
  const isText = spec.role === "body" || spec.role === "title" || spec.role === "free" || spec.role === "url";
  if (isText) {
    const value = fitField(context.tool, open.arg, [clean(reading.quotes[0]?.inner ?? text)]);
    return value === undefined ? { kind: "other" } : { kind: "filled", args: put(open, value) };
  }
  const filled = fillArguments(reading, context);
  const trouble = filled.troubles.find((t) => t.arg === open.arg && t.options.length > 0);
  if (trouble) return { kind: "asks", trouble, args: open.args };
  const twins = twinsOf(open.arg, context);
  const found = twins.find((arg) => filled.args[arg] !== undefined);
  const value = filled.args[open.arg] ?? (found ? filled.args[found] : undefined);
  if (value !== undefined) {
    const others = Object.fromEntries(
      Object.entries(filled.args).filter(([arg]) => open.args[arg] === undefined && arg !== open.arg),
    );
    return {
      kind: "filled",
      args: {
        ...others,
        ...put(found && filled.args[open.arg] === undefined ? { ...open, arg: found } : open, value),
      },
    };
  }
  const person = reading.people.find((p) => p.how !== "self");
  if (person && person.people.length > 1)
    return { kind: "asks", trouble: askWhich(open.arg, person, open.isAddition), args: open.args };
  const bare = clean(text);
  if (spec.role === "name" && bare && wordsOf(bare).length <= 8) {
    const named = fitField(context.tool, open.arg, [bare]);
    if (named !== undefined) return { kind: "filled", args: put(open, named) };
  }
  // A number alone answers a question for an amount, however small.
  const sum = reading.amounts.at(-1);
  if (spec.role === "amount" && sum && !sum.isRelative) {
    const amount = fitField(context.tool, open.arg, [sum.minor]);
    if (amount !== undefined) return { kind: "filled", args: put(open, amount) };
  }
  const nameTwin = twins.find((arg) => context.tool.manifest.args[arg]?.role === "name");
  if (spec.role === "rid" && nameTwin && bare && wordsOf(bare).length <= 8) {
    const named = fitField(context.tool, nameTwin, [bare]);
    if (named !== undefined) return { kind: "filled", args: { ...open.args, [nameTwin]: named } };
  }
  return { kind: "other" };
}

const clean = (text: string) =>
  text
    .trim()
    .replace(
      /^(?:it(?:'s| is)|that(?:'s| is| would be)|i mean(?:t)?|the one (?:for|with|of)|for|on|with|please|just|say)\s+/i,
      "",
    )
    .replace(/[,\s]+please[.!]*$/i, "")
    .replace(/^["“]|["”]$/g, "")
    .trim();

function twinsOf(arg: string, context: FillContext): readonly string[] {
  const { args } = context.tool.manifest;
  const kind = args[arg]?.kind;
  return kind ? Object.keys(args).filter((a) => a !== arg && args[a]?.kind === kind) : [];
}

function put(open: OpenQuestion, value: Json): JsonObject {
  const before = open.args[open.arg];
  const list = Array.isArray(before) ? before : before === undefined ? [] : [before];
  const joined = open.isAddition
    ? [...new Set([...list, ...(Array.isArray(value) ? value : [value])])]
    : value;
  return { ...open.args, [open.arg]: joined };
}

/** A day that was said before lends itself to a time of day alone. */
function answerTime(open: OpenQuestion, text: string, context: FillContext): OpenAnswer {
  const said = /^\d{1,2}(?:[:.]\d{2})?$/.test(text.trim()) ? `at ${text.trim().replace(".", ":")}` : text;
  const attempt = (words: string) => fillArguments(readText(words, context), context);
  const own = readText(said, context).times.spans;
  const needsDay = open.day !== null && !own.some((s) => s.hasDate);
  const before = readText(open.text, context).times.spans.find((s) => s.hasTime && !s.hasDate && !s.problem);
  const clock = before && own.every((s) => !s.hasTime) ? ` at ${before.start.toFormat("HH:mm")}` : "";
  const filled = attempt(`${needsDay ? `${open.day} ` : ""}${said}${clock}`);
  const part = context.tool.manifest.args[open.arg]?.part;
  const value = filled.args[open.arg];
  const trouble = filled.troubles.find((t) => t.arg === open.arg && own.length > 0);
  if (value === undefined) return trouble ? { kind: "asks", trouble, args: open.args } : { kind: "other" };
  const more = Object.fromEntries(
    Object.entries(filled.args).filter(([arg]) => {
      const spec = context.tool.manifest.args[arg];
      return (
        arg !== open.arg &&
        (spec?.role === "dest" || spec?.part === "end" || spec?.part === "duration") &&
        part === "start"
      );
    }),
  );
  return { kind: "filled", args: { ...open.args, ...more, [open.arg]: value } };
}
