import { DateTime } from "luxon";
import type { Json, JsonObject } from "../../types/json.ts";
import type { AnyTool } from "../../types/tool.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";
import { type Conversation, kindsInFocus, recordsInFocus } from "./conversation.ts";
import { fitField } from "./field-values.ts";
import { type Filled, fillArguments } from "./fill-arguments.ts";
import { findChoice } from "./fill-values.ts";
import type { Span } from "./phrases.ts";
import type { FillContext, Reading } from "./reading.ts";
import { readText } from "./reading.ts";
import { findReference } from "./references.ts";

const LEAD =
  /^\s*(?:(?:and|but|or|so|then|hm+|um+|uh|ok|okay|no|nope|sorry|actually|rather|wait|oh|well|i mean(?:t)?|what about|how about|what of|make (?:it|that)|let'?s make (?:it|that)|change (?:it|that) to|same for|the same for|also|better|please|instead|not|only|just|for|with|at|on|to)\b[\s,:.-]*)+/i;
const ASKS_FOR_OTHER =
  /^\s*(?:(?:and|ok|okay|so)[\s,]+)*(?:what about|how about|what of|and|same for|the same for)\b/i;
const stems = (words: string): ReadonlySet<string> => new Set(words.split(" ").map(stemOf));
const PADDING = stems(
  "instead please well too also again same one long later earlier time not only just make it",
);
/** Padding only after a request that is about such things: after another, "Sofia's calendar" is a new question. */
const SUBJECTS = stems("calendar diary schedule agenda week day meeting");

const spoken = new WeakMap<AnyTool, ReadonlySet<string>>();

/** The words that people use when they mean a tool. */
function wordsFor(tool: AnyTool): ReadonlySet<string> {
  let words = spoken.get(tool);
  if (!words) {
    const { title, examples } = tool.manifest;
    words = new Set([title, ...examples].flatMap((text) => wordsOf(text).map(stemOf)));
    spoken.set(tool, words);
  }
  return words;
}

/** A whole question ("what's on my calendar on Friday?") asks for itself; "is Friday better?" may go on. */
function asksAnew(text: string, tool: AnyTool): boolean {
  const isWhole =
    /^\s*(?:(?:and|so|ok|okay)[\s,]+)?(?:what|who|when|where|which(?! ones?\b)|how)(?:['’]s)?\b(?! about\b)/i.test(
      text,
    );
  const isOwn = /\b(?:my|mine|our)\b|['’]s\b(?! on\b)|\b(?:calendar|diary|agenda)\b/i.test(text);
  return isWhole && (tool.manifest.effect !== "read" || isOwn);
}

export type FollowUp = { readonly tool: AnyTool; readonly filled: Filled };

type Ask = {
  readonly reading: Reading;
  readonly conversation: Conversation;
  readonly tools: readonly AnyTool[];
  /** Tool names, likeliest first. */
  readonly ranked: readonly string[];
  readonly context: Omit<FillContext, "tool">;
};

/** Whether a text only changes a part of what went before ("and next week?", "no, 48,000", "at 3 instead"). */
export function isFragment(reading: Reading, tool: AnyTool): { readonly name: string | null } | null {
  if (wordsOf(reading.text).length > 12 || asksAnew(reading.text, tool)) return null;
  const spans: Span[] = [
    ...reading.times.used,
    ...reading.people.filter((p) => p.how !== "self" || /^mine$/i.test(p.text)),
    ...reading.amounts,
    ...reading.quotes,
  ];
  for (const spec of Object.values(tool.manifest.args)) {
    const choice = spec.choices ? findChoice(reading.text, spec.choices) : null;
    if (choice) spans.push(choice);
  }
  let rest = reading.text;
  for (const s of spans) rest = rest.slice(0, s.from) + " ".repeat(s.to - s.from) + rest.slice(s.to);
  const lead = LEAD.exec(rest);
  const body = lead ? rest.slice(lead[0].length) : rest;
  const isPadding = (stem: string) => PADDING.has(stem) || (SUBJECTS.has(stem) && wordsFor(tool).has(stem));
  const left = wordsOf(body).filter((w) => !isFunctionWord(w) && !isPadding(stemOf(w)));
  if (left.length === 0) return spans.length > 0 ? { name: null } : null;
  // "and Globex?": a name alone, after words that ask for another of the same.
  const isName =
    spans.length === 0 &&
    !findReference(reading.text) &&
    !/\b(?:his|hers?|him|she|he|their|theirs|them|they|its)\b/i.test(reading.text) &&
    left.length <= 3 &&
    ASKS_FOR_OTHER.test(reading.text);
  const name = body
    .replace(/["“”?!.,]+/g, " ")
    .replace(/^\s*(?:the|our|my)\s+/i, "")
    .trim();
  return isName && name ? { name } : null;
}

const DAY_STEPS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:the |on the )?(?:day after|next day|following day)\b(?! tomorrow)/i, 1],
  [/\b(?:the )?(?:day before|previous day)\b(?! yesterday)/i, -1],
  [/\b(?:the )?(?:week after|following week)\b/i, 7],
];

/** "And the day after?" counts from the day that was asked for last. */
function stepFromLastDay({ reading, context }: Ask, tool: AnyTool, before: JsonObject): FollowUp | null {
  const step = DAY_STEPS.find(([said]) => said.test(reading.text));
  const day = Object.entries(tool.manifest.args).find(
    ([arg, s]) => s.part === "day" && typeof before[arg] === "string",
  )?.[0];
  const words = wordsOf(reading.text).length;
  if (!step || !day || tool.manifest.effect !== "read" || words > 7) return null;
  const from = DateTime.fromISO(String(before[day]), { zone: context.principal.zone });
  const value = from.isValid
    ? fitField(tool, day, [from.plus({ days: step[1] }).toISODate() ?? ""])
    : undefined;
  return value === undefined ? null : { tool, filled: { args: { ...before, [day]: value }, troubles: [] } };
}

/** Reads a fragment in the light of the last request; null when it is not one or nothing takes it. */
export function readFollowUp(ask: Ask): FollowUp | null {
  const { conversation, tools, reading } = ask;
  const last = conversation.state.last;
  const tool = tools.find((t) => t.name === last?.tool);
  if (!last || !tool) return null;
  const stepped = stepFromLastDay(ask, tool, last.args);
  if (stepped) return stepped;
  const fragment = isFragment(reading, tool);
  if (!fragment) return null;
  const verbs = new Set(tools.flatMap((t) => t.manifest.verbs.map((v) => stemOf(v))));
  if (fragment.name !== null && wordsOf(fragment.name).some((w) => verbs.has(stemOf(w)))) return null;
  const outcome = conversation.earlier[0];
  const isDone = outcome?.tool === tool.name && outcome.outcome.status === "succeeded";
  if (fragment.name !== null) {
    // A change that is done is never repeated on another name; to look at the other is what is meant.
    if (tool.manifest.effect === "read" || !isDone) return withName(fragment.name, tool, last.args);
    const reads = tools.filter(
      (t) =>
        t.manifest.effect === "read" &&
        Object.values(t.manifest.args).some((s) => s.role === "name" && s.required),
    );
    const [likeliest] = reads.sort((a, b) => ask.ranked.indexOf(a.name) - ask.ranked.indexOf(b.name));
    return likeliest ? withName(fragment.name, likeliest, {}) : null;
  }
  if (tool.manifest.effect !== "read" && isDone) return changeRecord(ask, tool);
  return withParts(ask, tool, last.args);
}

function withName(name: string, tool: AnyTool, args: JsonObject): FollowUp | null {
  const entry = Object.entries(tool.manifest.args).find(
    ([arg, s]) => s.role === "name" && args[arg] !== undefined,
  );
  const names = Object.entries(tool.manifest.args).filter(([, s]) => s.role === "name");
  const spec =
    entry ??
    names.find(([, s]) => s.required) ??
    (tool.manifest.effect === "read" ? names.find(([, s]) => s.kind !== "person") : undefined);
  const bare = name.replace(/^(?:from|for|of|with|by|at|in|on)\s+/i, "");
  const value = spec ? fitField(tool, spec[0], [bare]) : undefined;
  return spec && value !== undefined
    ? { tool, filled: { args: { ...args, [spec[0]]: value }, troubles: [] } }
    : null;
}

/** The same request with other parts: new times replace all old ones, a person replaces a person. */
function withParts(ask: Ask, tool: AnyTool, before: JsonObject): FollowUp | null {
  const specs = tool.manifest.args;
  // "45 minutes" and "11" alone read as times only with a word before them.
  const text = ask.reading.text.replace(LEAD, (lead) =>
    /\b(?:at|to|with|for|on)\b/i.test(lead) ? lead.replace(/\b(?:make it|no|sorry)\b/gi, "") : "",
  );
  const reading = readText(/^\s*\d{1,2}(?::\d\d)?\s*[?.!]*$/.test(text) ? `at ${text}` : text, ask.context);
  const filled = fillArguments(reading, { ...ask.context, tool });
  const fresh = Object.entries(filled.args).filter(
    ([arg]) => specs[arg]?.role !== "title" && specs[arg]?.role !== "free",
  );
  const said = fresh.filter(([arg]) => specs[arg]?.role !== "rid");
  const troubles = filled.troubles.filter((t) => t.options.length > 0 || t.day != null);
  if (said.length === 0 && troubles.length === 0) return null;
  const isMoment = (arg: string) => specs[arg]?.role === "time";
  const kept = Object.entries(before).filter(
    ([arg]) => !(said.some(([a]) => isMoment(a)) && isMoment(arg) && tool.manifest.effect === "read"),
  );
  const args: Record<string, Json> = Object.fromEntries(kept);
  const isMore =
    /\b(?:too|also|as well|and)\b/i.test(ask.reading.text) &&
    !/\b(?:what|how) about\b/i.test(ask.reading.text);
  for (const [arg, value] of said) {
    const old = args[arg];
    args[arg] =
      isMore && Array.isArray(old) && Array.isArray(value) ? [...new Set([...old, ...value])] : value;
  }
  return { tool, filled: { args, troubles } };
}

/**
 * What was just made or changed is changed again, by the tool that takes such a record and most of what was
 * said. Never by one that destroys: a correction is no wish to be rid of it.
 */
function changeRecord(ask: Ask, last: AnyTool): FollowUp | null {
  const kinds = kindsInFocus(ask.conversation).filter((k) => k !== "file");
  const candidates = ask.tools.filter(
    ({ manifest }) =>
      (manifest.effect === "write" || manifest.effect === "draft") &&
      Object.values(manifest.args).some((s) => s.role === "rid" && kinds.includes(s.kind ?? "")),
  );
  const said = ask.reading.text;
  const isBareClock = /^\s*(?:no,?\s*)?\d{1,2}(?::\d\d)?\s*[?.!]*$/.test(said);
  const reading = readText(isBareClock ? `at ${said.replace(/^\s*no,?/i, "")}` : said, ask.context);
  const found = candidates.flatMap((tool) => {
    const follow = changeWith(tool, reading, ask, kinds);
    return follow ? [{ ...follow, rank: tool.name === last.name ? -1 : ask.ranked.indexOf(tool.name) }] : [];
  });
  const [best] = found.sort((a, b) => b.worth - a.worth || a.rank - b.rank);
  return best ? { tool: best.tool, filled: best.filled } : null;
}

function changeWith(
  tool: AnyTool,
  reading: Reading,
  ask: Ask,
  kinds: readonly string[],
): (FollowUp & { readonly worth: number }) | null {
  const specs = tool.manifest.args;
  const filled = fillArguments(reading, { ...ask.context, tool });
  const parts = Object.entries(filled.args).filter(
    ([arg]) => !["rid", "name", "title", "free"].includes(specs[arg]?.role ?? ""),
  );
  const asked = filled.troubles.filter((t) => t.options.length > 0);
  const [rid, spec] =
    Object.entries(specs).find(([, s]) => s.role === "rid" && kinds.includes(s.kind ?? "")) ?? [];
  const [record] = recordsInFocus(ask.conversation, spec?.kind ?? "");
  if (!rid || !record || (parts.length === 0 && asked.length === 0)) return null;
  // A day often only says where a record is; where it goes counts more.
  const worth = parts.reduce(
    (sum, [arg]) => sum + (specs[arg]?.part === "day" ? 0.1 : 1),
    asked.length * 0.5,
  );
  return {
    tool,
    filled: { args: { ...Object.fromEntries(parts), [rid]: record.id }, troubles: asked },
    worth,
  };
}
