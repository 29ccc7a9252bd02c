import type { Citation, Passage } from "../../types/passage.ts";
import type { Principal } from "../../types/principal.ts";
import { dot } from "../intent-classifier.ts";
import { alternativesOf } from "../synonyms.ts";
import { contentStems, isFunctionWord, isPassingWord, stemOf, wordsOf } from "../words.ts";
import { plainQuote, type Sentence, sayPlainly, sentencesOf, wordsToFind } from "./sentences.ts";

export type PassageAnswer = {
  readonly text: string;
  readonly citations: readonly Citation[];
  /** 0 to 1: how sure it is that this answers the question. */
  readonly confidence: number;
};

type Candidate = {
  readonly passage: Passage;
  readonly sentence: Sentence;
  readonly coverage: number;
  /** The asked words that it has itself or above it. */
  readonly covered: readonly string[];
  readonly score: number;
};

const MOST_PASSAGES = 6;
const MOST_SENTENCES = 14;
/** Below these a passage is about something else (chosen on handbook questions and on questions without an answer). */
const LEAST_COVERAGE = 0.45;
const SURE_SIMILARITY = 0.62;
/** From this fit on (see context/coverage.ts) a passage may answer whatever words it uses; below, an answer is a lucky one. */
const LEAST_FIT = 0.25;
/** A passage that fits far worse than the best one is not asked for words. */
const LEAST_FIT_SHARE = 0.4;
/** Least confidence in an answer whose passage fits poorly: a wrong answer is worse than none. */
const LEAST_LUCK = 0.36;
const LONGEST_TABLE = 8;
/** Confidence from which words of people outside may answer: below, it is chance, and chance is no reason to quote them. */
const SURE_OF_EXTERNAL = 0.7;
/** How much of a sentence's score its passage's place and its fit are. */
const BY_PLACE = 0.3;
const BY_FIT = 0.4;
/** What a word counts when only another word for it is there. */
const SAME_SHARE = 0.75;
const MOST_KNOWN = 2_000;

/** Question words and fillers that a document need not repeat. */
const ASKING = new Set(
  "limit number amount way place policy rule company find found founded handbook document say does allow allowed please question answer explain describe summarise summarize guideline according mean happen year per work long often procedure process brightwell employee staff people day ask without handle entitle entitled right"
    .split(" ")
    .map(stemOf),
);

/** Whether two stems may be the same word in another form ("reimburse", "reimbursement"). */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long === `${short}s`) return true;
  return short.length >= 5 && long.startsWith(short.slice(0, Math.max(5, short.length - 1)));
}

const others = new Map<string, ReadonlySet<string>>();

/** Stems of the single words that may stand for a stem. */
function othersOf(stem: string): ReadonlySet<string> {
  let known = others.get(stem);
  if (!known) {
    known = new Set(alternativesOf(stem).flatMap((other) => (/[\s-]/.test(other) ? [] : [stemOf(other)])));
    if (others.size < MOST_KNOWN) others.set(stem, known);
  }
  return known;
}

/** 1 for the word itself or a form of it, less for another word that may mean the same. */
function coverOf(stem: string, stems: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  for (const other of stems) if (isNear(stem, other)) return 1;
  for (const other of othersOf(stem)) if (stems.has(other)) return SAME_SHARE;
  return 0;
}

const isCovered = (stem: string, stems: ReadonlySet<string>) => coverOf(stem, stems) > 0;

/** Words of a question weighted by how telling they are: rare ones among the passages count more. */
function weightsFor(stems: readonly string[], passages: readonly Passage[]): Map<string, number> {
  const texts = passages.map(
    (p) => new Set(wordsOf(`${p.title} ${p.headings.join(" ")} ${p.text}`).map(stemOf)),
  );
  return new Map(
    stems.map((stem) => {
      const hits = texts.filter((t) => coverOf(stem, t) === 1).length;
      const rarity = 1 + Math.log((1 + texts.length) / (1 + hits));
      return [stem, (ASKING.has(stem) ? 0.35 : 1) * (hits === 0 ? 1.2 : rarity)];
    }),
  );
}

/**
 * Answers a question with one to three sentences of the passages, quoted exactly, or null when they do not
 * speak of it. Decides by how much of the question a passage covers and by similarity, never by rank alone.
 * @param asker whose title decides between rows where the question says "I"; null for nobody's
 */
export async function answerFromPassages(
  question: string,
  passages: readonly Passage[],
  encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  asker: Asker | null = null,
): Promise<PassageAnswer | null> {
  const top = passages.toSorted((a, b) => b.score - a.score).slice(0, MOST_PASSAGES);
  const content = contentStems(question.slice(0, 600));
  const passing = new Set(wordsOf(question).filter(isPassingWord).map(stemOf));
  const telling = content.filter((stem) => !passing.has(stem));
  const stems = telling.length > 0 ? telling : content;
  if (top.length === 0 || stems.length === 0) return null;
  const weights = weightsFor(stems, top);
  const total = [...weights.values()].reduce((a, b) => a + b, 0);
  const share = (words: ReadonlySet<string>) =>
    stems.reduce((sum, s) => sum + (weights.get(s) ?? 0) * coverOf(s, words), 0) / total;
  const overview = overviewOf(question, stems, top);
  if (overview) return overview;
  const best = top[0]?.score ?? 1;
  const bestFit = Math.max(0, ...top.map((p) => p.fit ?? 0));
  const candidates: Candidate[] = [];
  for (const passage of top) {
    if (passage.label.integrity === "external" && givesOrders(passage)) continue;
    const heading = `${passage.title} ${passage.headings.join(" ")}`;
    const context = new Set(wordsOf(heading).map(stemOf));
    const whole = share(new Set([...context, ...wordsOf(passage.text).map(stemOf)]));
    const isNear = passage.similarity >= SURE_SIMILARITY && passage.keywordScore > 0;
    const isOfAsker = asker !== null && passage.text.toLowerCase().includes(titleOf(asker));
    if (bestFit >= LEAST_FIT && (passage.fit ?? 1) < bestFit * LEAST_FIT_SHARE && !isOfAsker) continue;
    if (whole < LEAST_COVERAGE && !isNear && (passage.fit ?? 0) < LEAST_FIT) continue;
    for (const [place, sentence] of sentencesOf(passage.text).entries()) {
      const own = new Set(wordsOf(wordsToFind(sentence)).map(stemOf));
      const coverage = share(own);
      const both = new Set([...own, ...context]);
      candidates.push({
        passage,
        sentence,
        coverage: share(both),
        covered: stems.filter((stem) => isCovered(stem, both)),
        score:
          0.5 * coverage +
          0.25 * share(both) +
          0.15 * whole +
          0.1 * passage.similarity +
          BY_PLACE * (passage.score / best) +
          BY_FIT * (passage.fit ?? passage.score / best) +
          shapeBonus(question, sentence) +
          (place === 0 && ASKS_WHAT_TO_DO.test(question) ? 0.15 : 0) +
          askerBonus(question, sentence, asker),
      });
    }
  }
  if (candidates.length === 0) return null;
  const likely = candidates.sort((a, b) => b.score - a.score).slice(0, MOST_SENTENCES);
  const [asked, ...vectors] = await encode([
    question,
    ...likely.map((c) => plainQuote(sayPlainly(c.sentence))),
  ]);
  const scored = likely
    .map((c, i) => ({ ...c, similarity: asked && vectors[i] ? dot(asked, vectors[i]) : 0 }))
    .map((c) => ({ ...c, score: c.score + 0.5 * c.similarity }))
    .sort((a, b) => b.score - a.score);
  const found = scored.find((c) => c.passage.label.integrity !== "external") ?? scored[0];
  if (!found) return null;
  const first = wholeTable(found, candidates);
  const fit = first.passage.fit ?? 0;
  const isPoor = first.passage.fit !== undefined && fit < LEAST_FIT;
  if (first.coverage < LEAST_COVERAGE && first.similarity < SURE_SIMILARITY && fit < LEAST_FIT) return null;
  if (lacksAskedThing(question, first)) return null;
  // "What time …?" is not answered by words without one.
  if (
    /\b(?:what time|until when|by when|how (?:many|much))\b/i.test(question) &&
    isPoor &&
    !HAS_FIGURE.test(first.sentence.text)
  )
    return null;
  // A question of everyday words only ("who founded the company") is covered by anything.
  if (stems.every((stem) => ASKING.has(stem)) && first.similarity < SURE_SIMILARITY) return null;
  const chosen = [first];
  for (const c of scored) if (chosen.length < 3 && isWorthAdding(c, first, chosen, question)) chosen.push(c);
  const confidence = Math.max(
    0.6 * first.coverage + 0.5 * first.similarity,
    fit >= LEAST_FIT ? 0.5 * fit + 0.25 : 0,
  );
  const sure = Math.min(1, isPoor ? 0.65 * confidence : confidence);
  if (isPoor && sure < LEAST_LUCK) return null;
  if (first.passage.label.integrity === "external" && sure < SURE_OF_EXTERNAL) return null;
  return { ...write(inReadingOrder(chosen, first)), confidence: sure };
}

/** When nothing asked tells a row from its neighbours, no row alone is the answer: the table is. */
function wholeTable(found: Scored, all: readonly Candidate[]): Scored {
  if (found.sentence.table?.rows.length !== 1) return found;
  const inTable = all.filter((c) => c.passage.id === found.passage.id && c.sentence.table);
  const isSame = (c: Candidate) => c.covered.join() === found.covered.join();
  const isTold = !inTable.some(
    (c) => c.sentence.text !== found.sentence.text && c.sentence.table?.rows.length === 1 && isSame(c),
  );
  const head = inTable.find(
    (c) =>
      c.sentence.table?.columns === found.sentence.table?.columns && (c.sentence.table?.rows.length ?? 0) > 1,
  );
  return isTold || !head ? found : { ...found, ...head, similarity: found.similarity, score: found.score };
}

/** What to do is said first where a rule is written down. */
const ASKS_WHAT_TO_DO =
  /\bwhat (?:do|should|must|shall|can) (?:i|we|you) (?:have to |need to |got to )?do\b|\bwhat to do\b/i;

/** "What is the salary of …": the thing itself that is asked for; a text without it answers something else. */
const ASKED_THING =
  /\b(?:what(?:['’]s| is| are| was)?|how (?:much|high|big|large|long) (?:is|are)) (?:the |our |my |a |an )?(?:\p{L}+ )?(\p{L}+) (?:of|for|at|in)\b/iu;

/** "Which customers are …?" is answered by words on customers. */
const ASKED_WHICH = /^\s*which (\p{L}{4,}) (?:are|is|do|does|did|have|has|were|was)\b/iu;

function lacksAskedThing(question: string, candidate: Candidate): boolean {
  const thing = ASKED_THING.exec(question)?.[1] ?? ASKED_WHICH.exec(question)?.[1];
  const stem = thing ? stemOf(thing.toLowerCase()) : "";
  if (!thing || isFunctionWord(thing.toLowerCase()) || ASKING.has(stem)) return false;
  const { text, title, headings } = candidate.passage;
  return !isCovered(stem, new Set(wordsOf(`${title} ${headings.join(" ")} ${text}`).map(stemOf)));
}

const ASKS_OVERVIEW =
  /^\s*(?:please |can you |could you )?(?:tell me (?:all |more )?about|summari[sz]e|give me (?:an overview|a summary) of|what do we have on|explain|describe|what (?:does|do) .{1,60} say\b|what(?:['’]s| is| stands) (?:in|written in) (?:the|our))\b/i;

/** "Tell me about the bank accounts" and a document of that title: how each of its parts begins. */
function overviewOf(
  question: string,
  stems: readonly string[],
  top: readonly Passage[],
): PassageAnswer | null {
  if (!ASKS_OVERVIEW.test(question)) return null;
  const [lead] = top;
  const title = new Set(wordsOf(lead?.title ?? "").map(stemOf));
  const about = stems.filter((stem) => !ASKING.has(stem));
  if (!lead || about.length === 0) return null;
  const hits = about.filter((stem) => isCovered(stem, title)).length;
  if (hits === 0 || hits * 2 < about.length || (lead.fit ?? 1) < LEAST_FIT) return null;
  const parts = top
    .filter((p) => p.document === lead.document && !givesOrders(p))
    .flatMap((passage) => {
      const sentence = sentencesOf(passage.text).find((one) => one.text.length >= 40);
      return sentence ? [{ passage, sentence }] : [];
    });
  return parts.length === 0 ? null : { ...write(parts.slice(0, 3)), confidence: 0.8 };
}

/** Words of somebody outside that speak to a program: they answer no question of a person. */
const givesOrders = ({ text, headings }: Passage) =>
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\binstructions?\b|\b(?:assistant|ai|agent|chatbot|bot|language model|automated (?:readers?|systems?))\s*[:,]|\bautomated (?:readers?|systems?)\b|\bsystem prompt\b|\byou are now\b/i.test(
    `${headings.join(" ")}\n${text}`,
  );

/** Who asks, as far as an answer may depend on it: "how much may I give?" has another answer for each title. */
export type Asker = Pick<Principal, "title" | "zone">;

/** "Sales manager, United Kingdom" is a sales manager in any table. */
const titleOf = ({ title }: Asker) => title.split(",")[0]?.trim().toLowerCase() || "-";

/** "What may I …?": the row or sentence that names the asker's own title or place. */
function askerBonus(question: string, { text, table }: Sentence, asker: Asker | null): number {
  if (!asker || !/\b(?:I|me|my|we|our|us)\b/i.test(question)) return 0;
  const said = (table ? table.rows.flat().join(" ") : text).toLowerCase();
  const isTitle = table?.rows.length === 1 && said.includes(titleOf(asker));
  return isTitle ? 0.6 : 0;
}

/** What kind of answer a question wants: a number, a person, a moment. */
function shapeBonus(question: string, { text, table }: Sentence): number {
  const sentence = table ? table.rows.flat().join(" ") : text;
  // The head of a table answers "what are the …" and "who decides …" with all of its rows.
  if (table && table.rows.length > 1 && /\b(?:what|which) (?:are|\w+s)\b|\blist\b|\bwho\b/i.test(question))
    return 0.3;
  const asks = (pattern: RegExp) => pattern.test(question);
  // What a document says of itself answers nothing.
  if (
    /^this (?:policy|document|page|guide|guideline|handbook|file|procedure)\b/i.test(sentence) &&
    !ASKS_OVERVIEW.test(question)
  )
    return -0.3;
  if (asks(/\bhow (?:many|much|long|often)\b|\blimit\b|\brate\b|\bbudget\b/i))
    return /\d|\b(?:one|two|three|four|five|six|seven|eight|ten|twelve|once|twice)\b/i.test(sentence)
      ? 0.12
      : -0.2;
  if (asks(/\bwho\b/i))
    return /\b(?:manager|team|head|officer|people|finance|it|hr|you|employee|@)\b/i.test(sentence) ? 0.04 : 0;
  if (asks(/\bwhen\b/i)) return /\d|day|week|month|monday|friday|before|after/i.test(sentence) ? 0.08 : 0;
  if (asks(/^\s*(?:can|may|am i|are|is|do|does)\b/i))
    return /\b(?:may|can|must|allowed|not|only|permitted|free)\b/i.test(sentence) ? 0.06 : 0;
  return 0;
}

const HAS_FIGURE =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice|half|all|no)\b/i;

type Scored = Candidate & { readonly similarity: number };

/** A further sentence must say more of what was asked, not only be about it too. */
function isWorthAdding(c: Scored, first: Scored, chosen: readonly Scored[], question: string): boolean {
  if (chosen.some((other) => other.sentence.text === c.sentence.text)) return false;
  if (c.sentence.table || first.sentence.table || c.passage.label.integrity === "external") return false;
  if (c.coverage < LEAST_COVERAGE) return false;
  if (c.passage.id === first.passage.id)
    return c.score >= first.score * 0.85 && shapeBonus(question, c.sentence) >= 0;
  const isMore = c.covered.some((stem) => !chosen.some((other) => other.covered.includes(stem)));
  return isMore && c.score >= first.score * 0.9 && (c.passage.fit ?? 1) >= LEAST_FIT;
}

/** Best passage first; within one passage as it is written. */
function inReadingOrder(chosen: readonly Scored[], first: Scored): readonly Scored[] {
  const at = (c: Scored) => c.passage.text.indexOf(c.sentence.text);
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

function write(chosen: readonly { readonly passage: Passage; readonly sentence: Sentence }[]): {
  text: string;
  citations: readonly Citation[];
} {
  const citations: Citation[] = [];
  const lines: string[] = [];
  for (const { passage, sentence } of chosen) {
    const quote = plainQuote(sentence.text);
    if (citations.some((c) => c.quote === quote)) continue;
    citations.push({ document: passage.document, title: passage.title, passage: passage.id, quote });
    const said = sayPlainly(shortened(sentence));
    lines.push(said.includes("\n") ? `${said} [${citations.length}]\n` : `${said} [${citations.length}]`);
  }
  const titles = [...new Set(citations.map((c) => c.title))];
  const isOutside = chosen.some(({ passage }) => passage.label.integrity === "external");
  const note = isOutside ? " Somebody outside the company wrote it." : "";
  return { text: `${lines.join(" ").trim()}\n\nFrom: ${titles.join(", ")}.${note}`, citations };
}

/** Answers to several questions, one after the other, with their citations counted on. */
export function joinAnswers(answers: readonly PassageAnswer[]): {
  readonly text: string;
  readonly citations: readonly Citation[];
} {
  const citations: Citation[] = [];
  const texts: string[] = [];
  for (const { text, citations: own } of answers) {
    const said = text.slice(0, text.lastIndexOf("\n\nFrom: "));
    texts.push(said.replace(/\[(\d+)\]/g, (_, n: string) => `[${Number(n) + citations.length}]`));
    citations.push(...own);
  }
  const titles = [...new Set(citations.map((c) => c.title))];
  return { text: `${texts.join("\n\n")}\n\nFrom: ${titles.join(", ")}.`, citations };
}

/** A long table is cut; the citation opens the whole. */
function shortened(sentence: Sentence): Sentence {
  const { table } = sentence;
  return table ? { ...sentence, table: { ...table, rows: table.rows.slice(0, LONGEST_TABLE) } } : sentence;
}
