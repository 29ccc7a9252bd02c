import type { RecordRef } from "../../types/record.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";

/** Words that point at something said before. */
export type Reference =
  | { readonly how: "it"; readonly from: number; readonly to: number }
  | { readonly how: "them"; readonly from: number; readonly to: number }
  | { readonly how: "ordinal"; readonly index: number; readonly from: number; readonly to: number };

const ORDINALS: readonly (readonly [RegExp, number])[] = [
  [
    /\b(?:the )?(?:first|1st)(?: (?:one|slot|option|time|deal|event|meeting|result|of (?:them|those|these)))?\b/i,
    0,
  ],
  [
    /\b(?:the )?(?:second|2nd)(?: (?:one|slot|option|time|deal|event|meeting|result|of (?:them|those|these)))?\b(?! ?s)/i,
    1,
  ],
  [
    /\b(?:the )?(?:third|3rd)(?: (?:one|slot|option|time|deal|event|meeting|result|of (?:them|those|these)))?\b/i,
    2,
  ],
  [/\b(?:the )?(?:fourth|4th) (?:one|slot|option|time|deal|event|meeting|result)\b/i, 3],
  [/\b(?:the )?(?:fifth|5th) (?:one|slot|option|time|deal|event|meeting|result)\b/i, 4],
  [/\bthe last (?:one|slot|option|time)\b/i, -1],
  [/\b(?:the )?(?:former|earlier one|earliest(?: one)?)\b/i, 0],
  [/\bthe (?:latter|other one)\b/i, -1],
];
const NUMBERED = /\b(?:number|no\.?|option|#)\s?(\d{1,2})\b/i;
const THEM = /\b(?:them|both(?: of (?:them|those))?|those|these|all of (?:them|those))\b/i;
const IT =
  /\b(?:it|that one|this one|that|this|the same(?: one)?)\b(?! (?:week|month|year|quarter|morning|afternoon|evening|they|we|he|she|the|i|is|are|was|there|budget|mon|tue|wed|thu|fri|sat|sun))/i;

/** The first words that point back, or null. `that` before a clause ("note that they …") does not. */
export function findReference(text: string): Reference | null {
  for (const [pattern, index] of ORDINALS) {
    const m = pattern.exec(text);
    if (m && !isPartOfDate(text, m.index + m[0].length))
      return { how: "ordinal", index, from: m.index, to: m.index + m[0].length };
  }
  const numbered = NUMBERED.exec(text);
  if (numbered)
    return {
      how: "ordinal",
      index: Number(numbered[1]) - 1,
      from: numbered.index,
      to: numbered.index + numbered[0].length,
    };
  const them = THEM.exec(text);
  if (them) return { how: "them", from: them.index, to: them.index + them[0].length };
  const it = IT.exec(text);
  if (it) {
    const isRelative =
      /^that$/i.test(it[0]) &&
      /^\s+\p{L}+ (?:is|are|was|has|have|want|need|will)/iu.test(text.slice(it.index + 4));
    if (!isRelative) return { how: "it", from: it.index, to: it.index + it[0].length };
  }
  return null;
}

function isPartOfDate(text: string, at: number): boolean {
  return /^\s*(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|^\s*(?:week|quarter|half|thing)\b/i.test(
    text.slice(at),
  );
}

/** The record a reference means among those shown; `null` when it could be several. */
export function pickRecord(reference: Reference, shown: readonly RecordRef[]): RecordRef | null {
  if (reference.how === "ordinal")
    return (reference.index < 0 ? shown.at(reference.index) : shown[reference.index]) ?? null;
  return shown.length === 1 ? (shown[0] ?? null) : null;
}

/**
 * Records whose title the text names: whole title first, else all of its content words, else at least
 * two of them. Several equally good ones are all given.
 */
export function recordsNamed(text: string, records: readonly RecordRef[]): readonly RecordRef[] {
  const said = new Set(wordsOf(text).map(stemOf));
  const scored = records.map((record) => {
    const words = wordsOf(record.title)
      .filter((w) => !isFunctionWord(w))
      .map(stemOf);
    const hits = words.filter((w) => said.has(w)).length;
    const share = words.length === 0 ? 0 : hits / words.length;
    return { record, score: share === 1 ? 1 + hits : hits >= 2 ? share : 0 };
  });
  const best = Math.max(0, ...scored.map((s) => s.score));
  return best === 0 ? [] : scored.filter((s) => s.score === best).map((s) => s.record);
}
