import { isFunctionWord, stemOf, wordsOf } from "../words.ts";
import type { Span } from "./phrases.ts";
import type { FillContext, Reading } from "./reading.ts";

const ABOUT =
  /\b(?:called|titled|named|entitled|about|regarding|re:?|concerning|on the topic of|on the subject of|to discuss|to talk about|to go over|to talk through|to walk through)\s+(?:the |our |my |a |an )?(.+)/isu;
const PURPOSE = /\b(?:for|to)\s+(?:the |our |my |a |an )?(?!(?:me|us|him|her|them|you|my|our)\b)(\p{L}.+)/isu;
const STOP =
  /\s*(?:[,.;?!]|\b(?:with|at|on|in|from|until|tomorrow|today|next|this|for|and invite|and add|please|every|weekly|daily)\b)/iu;
const GENERIC = new Set(
  "meeting event slot time appointment something call entry invite invitation hour minute room it that one first"
    .split(" ")
    .map(stemOf),
);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function untilTaken(text: string, from: number, taken: readonly Span[]): string {
  const next = taken.filter((s) => s.from >= from).sort((a, b) => a.from - b.from)[0];
  return text.slice(from, next?.from ?? text.length);
}

/** What a new thing is to be called: in quotation marks, after "called" or "about", else its noun; or null. */
export function findTitle(reading: Reading, context: FillContext, taken: readonly Span[]): string | null {
  const { text } = reading;
  const quote = reading.quotes[0];
  if (quote) return quote.inner;
  for (const pattern of [ABOUT, PURPOSE]) {
    const m = pattern.exec(text);
    if (!m?.[1]) continue;
    const from = m.index + m[0].length - m[1].length;
    if (taken.some((s) => s.from <= from && from < s.to)) continue;
    let said = untilTaken(text, from, taken);
    const stop = STOP.exec(said);
    if (stop && stop.index > 0) said = said.slice(0, stop.index);
    said = clean(said);
    const words = wordsOf(said).filter((w) => !isFunctionWord(w));
    if (words.length > 0 && !words.every((w) => GENERIC.has(stemOf(w)))) return capital(said).slice(0, 120);
  }
  return nounTitle(reading, context, taken);
}

const clean = (text: string) =>
  text
    .replace(/^[\s,.:;-]+|[\s,.:;?!-]+$/g, "")
    .replace(/\s+(?:on|at|in|for|from|with|and|to|the|of|please)$/i, "")
    .trim();

/** "a dentist appointment on …", "lunch with Nora": the words after the verb, as they were written. */
function nounTitle(reading: Reading, context: FillContext, taken: readonly Span[]): string | null {
  const { text } = reading;
  const verbs = context.tool.manifest.verbs.map((v) => v.replace(/[^\p{L} ]/gu, "")).join("|");
  const m = new RegExp(
    `\\b(?:${verbs})\\s+(?:in |up |us |me |an? |the |our |my |another |new |quick |short |weekly |daily |monthly )*`,
    "iu",
  ).exec(text);
  if (!m) return null;
  const from = m.index + m[0].length;
  if (taken.some((s) => s.from <= from && from < s.to)) return null;
  let said = untilTaken(text, from, taken);
  const stop = STOP.exec(said);
  const isWith = stop && /with/i.test(stop[0]);
  if (stop) said = said.slice(0, stop.index);
  said = clean(said);
  const words = wordsOf(said).filter((w) => !isFunctionWord(w));
  if (words.length === 0 || words.length > 8 || words.every((w) => GENERIC.has(stemOf(w)))) {
    return null;
  }
  const people = reading.people.filter((p) => p.how !== "self" && p.from > from);
  const [first] = people;
  // "lunch with Nora" reads better than "lunch"; only as it was written, so that it is the person's own text.
  const isNext = first && (isWith || /^\s+with\s+$/i.test(text.slice(from + said.length, first.from)));
  const whole = isNext && first.how === "name" ? text.slice(from, first.to) : said;
  return capital(whole.trim()).slice(0, 120);
}
