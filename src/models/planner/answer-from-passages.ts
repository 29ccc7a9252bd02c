import type { Citation, Passage } from "../../types/passage.ts";
import { dot } from "../intent-classifier.ts";
import { contentStems, stemOf, wordsOf } from "../words.ts";

export type PassageAnswer = {
  readonly text: string;
  readonly citations: readonly Citation[];
  /** 0 to 1: how sure it is that this answers the question. */
  readonly confidence: number;
};

type Candidate = {
  readonly passage: Passage;
  readonly sentence: string;
  readonly coverage: number;
  readonly score: number;
};

const MOST_PASSAGES = 6;
const MOST_SENTENCES = 14;
/** Below these a passage is about something else (chosen on handbook questions and on questions without an answer). */
const LEAST_COVERAGE = 0.5;
const SURE_SIMILARITY = 0.62;

/** Question words and fillers that a document need not repeat. */
const ASKING = new Set(
  "policy rule company find found founded handbook document say does allow allowed please question answer explain describe summarise summarize guideline according mean happen year per work long often procedure process brightwell employee staff people day"
    .split(" ")
    .map(stemOf),
);

/** Splits prose, lists and table rows into sentences, exactly as they stand in the text. */
export function sentencesOf(text: string): readonly string[] {
  const out: string[] = [];
  for (const line of text.split(/\n+/)) {
    const trimmed = line.trim();
    if (!trimmed || /^#{1,6}\s/.test(trimmed) || /^[|\s:-]+$/.test(trimmed)) continue;
    let from = 0;
    for (const m of trimmed.matchAll(/[.!?]+["”)]?\s+(?=["“(]?[\p{Lu}\p{N}])/gu)) {
      const to = m.index + m[0].trimEnd().length;
      // "e.g. 5" and "No. 3" end no sentence.
      if (
        /(?:^|[\s(])(?:e\.g|i\.e|no|approx|etc|max|min|st|mr|mrs|ms|dr|art|p)\.$/i.test(
          trimmed.slice(from, to),
        )
      )
        continue;
      out.push(trimmed.slice(from, to).trim());
      from = m.index + m[0].length;
    }
    const rest = trimmed.slice(from).trim();
    if (rest) out.push(rest);
  }
  return out;
}

const plainQuote = (sentence: string) => sentence.replace(/^(?:[-*•]|\d+[.)])\s+/, "").trim();

/** Whether two stems may be the same word in another form ("reimburse", "reimbursement"). */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 5 && long.startsWith(short.slice(0, Math.max(5, short.length - 1)));
}

/** Everyday words for the same thing in an office; either side may stand in the question. */
const SAME: readonly (readonly string[])[] = [
  ["vacation", "holiday", "leave", "pto", "annual"],
  ["sick", "ill", "illness", "sickness", "unwell"],
  ["salary", "pay", "wage", "payroll", "paid", "payday"],
  ["remote", "remotely", "home", "telework", "wfh"],
  ["expense", "reimburse", "reimbursement", "claim", "refund"],
  ["trip", "travel", "journey", "travelling"],
  ["laptop", "computer", "device", "notebook"],
  ["parent", "parental", "maternity", "paternity", "baby", "child"],
  ["lose", "lost", "stolen", "missing"],
  ["flight", "fly", "plane", "air"],
  ["hotel", "accommodation", "lodging", "room"],
  ["meal", "food", "dinner", "lunch", "subsistence"],
  ["boss", "manager", "supervisor"],
  ["quit", "resign", "resignation", "notice", "terminate"],
  ["gift", "present", "hospitality"],
  ["train", "rail", "railway"],
  ["car", "vehicle", "driving"],
  ["password", "passphrase", "passcode"],
  ["incident", "breach", "phishing"],
  ["train", "training", "course", "learning", "development"],
  ["pension", "retirement"],
  ["bike", "bicycle", "cycle", "cycling"],
];
const SYNONYMS = new Map<string, Set<string>>();
for (const group of SAME)
  for (const word of group) {
    const set = SYNONYMS.get(stemOf(word)) ?? new Set<string>();
    for (const other of group) set.add(stemOf(other));
    SYNONYMS.set(stemOf(word), set);
  }

function isCovered(stem: string, stems: ReadonlySet<string>): boolean {
  if (stems.has(stem)) return true;
  for (const other of SYNONYMS.get(stem) ?? []) if (stems.has(other)) return true;
  for (const other of stems) if (isNear(stem, other)) return true;
  return false;
}

/** Words of a question weighted by how telling they are: rare ones among the passages count more. */
function weightsFor(stems: readonly string[], passages: readonly Passage[]): Map<string, number> {
  const texts = passages.map(
    (p) => new Set(wordsOf(`${p.title} ${p.headings.join(" ")} ${p.text}`).map(stemOf)),
  );
  return new Map(
    stems.map((stem) => {
      const hits = texts.filter((t) => t.has(stem)).length;
      const rarity = 1 + Math.log((1 + texts.length) / (1 + hits));
      return [stem, (ASKING.has(stem) ? 0.35 : 1) * (hits === 0 ? 1.2 : rarity)];
    }),
  );
}

/**
 * Answers a question with one to three sentences of the passages, quoted exactly, or null when they do not
 * speak of it. Decides by how much of the question a passage covers and by similarity, never by rank alone.
 */
export async function answerFromPassages(
  question: string,
  passages: readonly Passage[],
  encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<PassageAnswer | null> {
  const top = passages.toSorted((a, b) => b.score - a.score).slice(0, MOST_PASSAGES);
  const stems = contentStems(question.slice(0, 600));
  if (top.length === 0 || stems.length === 0) return null;
  const weights = weightsFor(stems, top);
  const total = [...weights.values()].reduce((a, b) => a + b, 0);
  const share = (words: ReadonlySet<string>) =>
    stems.reduce((sum, s) => sum + (isCovered(s, words) ? (weights.get(s) ?? 0) : 0), 0) / total;
  const candidates: Candidate[] = [];
  for (const passage of top) {
    const heading = `${passage.title} ${passage.headings.join(" ")}`;
    const context = new Set(wordsOf(heading).map(stemOf));
    const whole = share(new Set([...context, ...wordsOf(passage.text).map(stemOf)]));
    const isNear = passage.similarity >= SURE_SIMILARITY && passage.keywordScore > 0;
    if (whole < LEAST_COVERAGE && !isNear) continue;
    for (const sentence of sentencesOf(passage.text)) {
      const own = new Set(wordsOf(sentence).map(stemOf));
      const coverage = share(own);
      const inContext = share(new Set([...own, ...context]));
      candidates.push({
        passage,
        sentence,
        coverage: inContext,
        score:
          0.55 * coverage +
          0.25 * inContext +
          0.2 * whole +
          0.1 * passage.similarity +
          shapeBonus(question, sentence),
      });
    }
  }
  if (candidates.length === 0) return null;
  const best = candidates.sort((a, b) => b.score - a.score).slice(0, MOST_SENTENCES);
  const [asked, ...vectors] = await encode([question, ...best.map((c) => plainQuote(c.sentence))]);
  const scored = best
    .map((c, i) => ({ ...c, similarity: asked && vectors[i] ? dot(asked, vectors[i]) : 0 }))
    .map((c) => ({ ...c, score: c.score + 0.5 * c.similarity }))
    .sort((a, b) => b.score - a.score);
  const first = scored[0];
  if (!first || (first.coverage < LEAST_COVERAGE && first.similarity < SURE_SIMILARITY)) return null;
  // A question of everyday words only ("who founded the company") is covered by anything.
  if (stems.every((stem) => ASKING.has(stem)) && first.similarity < SURE_SIMILARITY) return null;
  const chosen = [
    first,
    ...scored
      .slice(1)
      .filter((c) => isWorthAdding(c, first))
      .slice(0, 2),
  ];
  return {
    ...write(inReadingOrder(chosen, first)),
    confidence: Math.min(1, 0.6 * first.coverage + 0.5 * first.similarity),
  };
}

/** What kind of answer a question wants: a number, a person, a moment. */
function shapeBonus(question: string, sentence: string): number {
  const asks = (pattern: RegExp) => pattern.test(question);
  if (asks(/\bhow (?:many|much|long|often)\b|\blimit\b|\brate\b|\bbudget\b/i))
    return /\d|\b(?:one|two|three|four|five|six|seven|eight|ten|twelve|once|twice)\b/i.test(sentence)
      ? 0.12
      : -0.05;
  if (asks(/\bwho\b/i))
    return /\b(?:manager|team|head|officer|people|finance|it|hr|you|employee|@)\b/i.test(sentence) ? 0.04 : 0;
  if (asks(/\bwhen\b/i)) return /\d|day|week|month|monday|friday|before|after/i.test(sentence) ? 0.08 : 0;
  if (asks(/^\s*(?:can|may|am i|are|is|do|does)\b/i))
    return /\b(?:may|can|must|allowed|not|only|permitted|free)\b/i.test(sentence) ? 0.06 : 0;
  return 0;
}

type Scored = Candidate & { readonly similarity: number };

function isWorthAdding(c: Scored, first: Scored): boolean {
  if (c.sentence === first.sentence) return false;
  const isBeside = c.passage.id === first.passage.id;
  return c.score >= first.score * (isBeside ? 0.8 : 0.9) && c.coverage >= LEAST_COVERAGE;
}

/** Best passage first; within one passage as it is written. */
function inReadingOrder(chosen: readonly Scored[], first: Scored): readonly Scored[] {
  const at = (c: Scored) => c.passage.text.indexOf(c.sentence);
  return chosen.toSorted((a, b) =>
    a.passage.id === b.passage.id
      ? at(a) - at(b)
      : a.passage.id === first.passage.id
        ? -1
        : b.passage.id === first.passage.id
          ? 1
          : b.score - a.score,
  );
}

function write(chosen: readonly Scored[]): { text: string; citations: readonly Citation[] } {
  const citations: Citation[] = [];
  const lines: string[] = [];
  for (const { passage, sentence } of chosen) {
    const quote = plainQuote(sentence);
    if (citations.some((c) => c.quote === quote)) continue;
    citations.push({ document: passage.document, title: passage.title, passage: passage.id, quote });
    lines.push(`${readable(quote)} [${citations.length}]`);
  }
  const titles = [...new Set(citations.map((c) => c.title))];
  return { text: `${lines.join(" ")}\n\nFrom: ${titles.join(", ")}.`, citations };
}

/** A row of a table as words; anything else as it stands. */
function readable(quote: string): string {
  const plain = quote.replace(/\s+/g, " ").trim();
  if (!/^\|.*\|$/.test(plain)) return plain;
  const cells = plain
    .split("|")
    .map((c) => c.trim())
    .filter(Boolean);
  return `${cells.join(": ")}.`;
}
