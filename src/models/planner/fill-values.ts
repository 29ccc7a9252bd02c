import type { Json } from "../../types/json.ts";
import { fitField } from "./field-values.ts";
import type { Span } from "./phrases.ts";
import type { FillContext, Reading, Trouble } from "./reading.ts";

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

type Out = { readonly args: Record<string, Json>; readonly troubles: Trouble[]; readonly used: Span[] };

/** Finds which of the allowed values a text says; the longest words win, the last saying wins ("from … to won"). */
export function findChoice(
  text: string,
  choices: Readonly<Record<string, readonly string[]>>,
  isFirst = false,
): (Span & { readonly value: string }) | null {
  const found: (Span & { value: string; length: number })[] = [];
  // A value's own name counts only where no words are listed: "friday" is a day, "every friday" a rhythm.
  for (const [value, words] of Object.entries(choices))
    for (const word of words.length > 0 ? words : [value]) {
      const edge = /^\p{L}/u.test(word) ? "(?<![\\p{L}\\p{N}])" : "";
      // "Just the proposals": several of a kind are said with an s.
      const end = /\p{L}$/u.test(word)
        ? `${/[^s\s]$/.test(word) && word.length > 4 ? "s?" : ""}(?![\\p{L}\\p{N}])`
        : "";
      for (const m of text.matchAll(new RegExp(`${edge}${escapeRegExp(word)}${end}`, "giu")))
        found.push({ from: m.index, to: m.index + m[0].length, value, length: word.length });
    }
  const longest = found.filter(
    (f) => !found.some((o) => o !== f && o.length > f.length && o.from <= f.from && f.to <= o.to),
  );
  return longest.sort((a, b) => (isFirst ? a.from - b.from : b.from - a.from))[0] ?? null;
}

/** Choices that are verbs of the request itself: then the first one said is its head ("remind me to send …"). */
export function areVerbs(
  choices: Readonly<Record<string, readonly string[]>>,
  verbs: readonly string[],
): boolean {
  return Object.values(choices).every((words) => words.some((w) => verbs.includes(w)));
}

/** Fills enumerated values, flags and sums. */
export function fillValues(reading: Reading, context: FillContext, taken: readonly Span[]): Out {
  const out: Out = { args: {}, troubles: [], used: [] };
  let open = reading.text;
  for (const s of taken) open = open.slice(0, s.from) + " ".repeat(s.to - s.from) + open.slice(s.to);
  for (const [arg, spec] of Object.entries(context.tool.manifest.args)) {
    if (spec.choices) {
      const choice = findChoice(open, spec.choices, areVerbs(spec.choices, context.tool.manifest.verbs));
      const value = choice ? fitField(context.tool, arg, [choice.value]) : undefined;
      if (choice && value !== undefined) {
        out.args[arg] = value;
        out.used.push(choice);
      }
    } else if (spec.role === "flag") {
      const words = [arg.replace(/^(?:is|has|with)(?=[A-Z])/, ""), spec.label].map(escapeRegExp).join("|");
      const m = new RegExp(`\\b(not |no longer |un)?(?:${words})\\b`, "iu").exec(open);
      const value = m ? fitField(context.tool, arg, [!m[1]]) : undefined;
      if (m && value !== undefined) {
        out.args[arg] = value;
        out.used.push({ from: m.index, to: m.index + m[0].length });
      }
    } else if (spec.role === "amount") fillAmount(arg, reading, context, out, taken);
  }
  return out;
}

function fillAmount(
  arg: string,
  reading: Reading,
  context: FillContext,
  out: Out,
  taken: readonly Span[],
): void {
  const isTaken = (s: Span) => taken.some((t) => t.from <= s.from && s.to <= t.to);
  // "30" of "30 April" and "3" of "3 pm" are no sums; "20" of "set it to 20" may be one.
  const isTime = (a: Span) =>
    reading.times.spans.some(
      (t) => t.from < a.to && a.from < t.to && (t.hasDate || /[:]|\d\s*[ap]\.?m|o'?clock/i.test(t.text)),
    );
  const sums = reading.amounts.filter((a) => !isTaken(a) && !(a.isBare && isTime(a)));
  const clear = sums.filter((a) => !a.isBare);
  const pool = clear.length > 0 ? clear : sums;
  // "from 38,000 to 48,000": the last one is where it goes.
  const sum = pool.filter((a) => !a.isRelative).at(-1);
  const relative = pool.find((a) => a.isRelative);
  if (relative && !sum) {
    out.used.push(relative);
    out.troubles.push({
      arg,
      question: `I take the new total, not a difference. What should the ${context.tool.manifest.args[arg]?.label.toLowerCase() ?? "amount"} be?`,
      options: [],
    });
    return;
  }
  if (!sum) return;
  const isYear = sum.isBare || (!sum.currency && sum.minor >= 190_000 && sum.minor <= 210_000);
  const before = reading.text.slice(Math.max(0, sum.from - 6), sum.from);
  if (
    isYear &&
    !/\b(?:to|at|by|of|is|be|=|on)\s*$/i.test(before) &&
    sums.length > 0 &&
    !/^\s*\d/.test(reading.text)
  )
    return;
  const value = fitField(context.tool, arg, [sum.minor]);
  out.used.push(...sums);
  if (value !== undefined) out.args[arg] = value;
  else out.troubles.push({ arg, question: "That cannot be the amount. What should it be?", options: [] });
}
