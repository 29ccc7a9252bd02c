import type { Fact } from "../types/session-event.ts";
import { phraseOf, wordsOf } from "./canonical-text.ts";
import type { Ledger, LedgerRecord } from "./ledger.ts";
import { readLocalTime } from "./local-time.ts";
import { hasSaidClock, hasSaidDate } from "./said-moment.ts";
import type { UserWords } from "./user-words.ts";

export type Selection = {
  readonly record: LedgerRecord;
  readonly why: string;
  /** False when only part of it was named; not enough for what cannot be taken back. */
  readonly isSure: boolean;
  /** By a selector that code worked out ("every channel"), not by its name. */
  readonly isComputed?: boolean;
};

/** Words that name nothing by themselves, in titles and in requests. */
export const COMMON = new Set(
  `a an and the of for to in on at by with from or my our your his her their this that these those it is are be me us you
  re fw fwd new note notes meeting meetings call event events appointment sync deal deals account invoice invoices file files
  document doc email mail message please can could would next last week today tomorrow monday tuesday wednesday thursday friday
  saturday sunday all any some update summary task reminder subject title about what who when where how`.split(
    /\s+/,
  ),
);

const FILE_ENDING = /\.[a-z0-9]{1,5}$/i;

/** Kinds whose records people call by a first or last name. */
const PERSON_KIND = /person|contact|people|user|member|employee/;

const known = new WeakMap<Ledger, WeakMap<UserWords, ReadonlyMap<string, Selection>>>();

export function recordKey(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/**
 * The records that the user's words single out (G3), by `recordKey`: those whose title the user wrote; of
 * several with one title the one on the day that the user wrote; else the only one of its kind that the
 * words describe best, by trusted fields alone. A title chosen outside must be written in full, and one of
 * a single word in quotation marks. Where two fit, none is selected.
 */
export function selectRecords(
  said: UserWords,
  ledger: Ledger,
  people: ReadonlySet<string>,
  zone: string,
): ReadonlyMap<string, Selection> {
  const cached = known.get(ledger)?.get(said);
  if (cached) return cached;
  const selected = new Map<string, Selection>();
  const kinds = new Map<string, LedgerRecord[]>();
  for (const record of ledger.records) {
    const list = kinds.get(record.ref.kind);
    if (list) list.push(record);
    else kinds.set(record.ref.kind, [record]);
  }
  for (const records of kinds.values()) {
    const titled = byTitle(records, said, zone);
    const isAnyNamed = titled.length > 0 || records.some((record) => namedBy(record, said) !== null);
    const chosen = isAnyNamed ? titled : byDescription(records, said, people, zone);
    for (const selection of chosen)
      selected.set(recordKey(selection.record.ref.kind, selection.record.ref.id), selection);
  }
  const perLedger = known.get(ledger) ?? new WeakMap();
  known.set(ledger, perLedger);
  perLedger.set(said, selected);
  return selected;
}

/** The words of the title that the user wrote, one after the other: all, or all but a file's ending. */
function namedBy(record: LedgerRecord, said: UserWords): string | null {
  const { titleWords } = record;
  const bare = FILE_ENDING.test(record.ref.title) ? titleWords.slice(0, -1) : titleWords;
  for (const words of [titleWords, bare]) {
    if (words.length === 0 || !said.phrase.includes(phraseOf(words))) continue;
    const isTelling = words.some((word) => word.length > 2 && !COMMON.has(word));
    const isQuoted = said.quoted.has(words.join(" ")) && words.join("").length > 2;
    if (isQuoted || (isTelling && (words.length > 1 || !record.isTitleExternal))) return phraseOf(words);
  }
  return null;
}

function byTitle(records: readonly LedgerRecord[], said: UserWords, zone: string): readonly Selection[] {
  const all = records.map((record) => namedBy(record, said));
  const named = records.filter((_, i) => all[i] !== null);
  const phrases = all.filter((phrase) => phrase !== null);
  const selections: Selection[] = [];
  for (const phrase of new Set(phrases)) {
    // "Budget review" inside "Budget review Berlin" was not meant by itself.
    if (phrases.some((other) => other !== phrase && other.includes(phrase))) continue;
    const twins = named.filter((_, i) => phrases[i] === phrase);
    const dated = twins.length > 1 ? twins.filter((record) => isOnSaidDay(record, said, zone)) : twins;
    const [record, ...others] = dated;
    if (!record || others.length > 0) continue;
    selections.push({ record, why: `you named "${record.ref.title}"`, isSure: true });
  }
  return selections;
}

function byDescription(
  records: readonly LedgerRecord[],
  said: UserWords,
  people: ReadonlySet<string>,
  zone: string,
): readonly Selection[] {
  const scored = records
    .map((record) => ({ record, ...score(record, said, people, zone) }))
    .filter((item) => item.words + item.people + item.clock > 0)
    .sort((a, b) => b.total - a.total);
  const [best, next] = scored;
  if (!best || (next && next.total >= best.total)) return [];
  const isSure = best.day > 0 && best.clock > 0;
  return [{ record: best.record, why: `your words fit only "${best.record.ref.title}"`, isSure }];
}

function score(record: LedgerRecord, said: UserWords, people: ReadonlySet<string>, zone: string) {
  let words = 0;
  for (const word of namesOf(record)) if (said.words.has(word)) words++;
  let day = 0;
  let clock = 0;
  let met = 0;
  for (const fact of record.facts) {
    if (fact.label.integrity === "external" || typeof fact.value !== "string") continue;
    if (fact.kind === "time") {
      const time = readLocalTime(fact.value, zone);
      if (time && hasSaidDate(said, time.date)) day = 1;
      if (time && time.minutes !== null && isStart(fact) && hasSaidClock(said, time.minutes)) clock = 1;
    } else if ((fact.kind === "email" || fact.kind === "person") && people.has(fact.value.toLowerCase()))
      met++;
  }
  return { words, day, clock, people: met, total: words * 2 + met * 2 + clock * 2 + day };
}

const names = new WeakMap<LedgerRecord, ReadonlySet<string>>();

/** The telling words of a record's trusted title and typed fields. */
function namesOf(record: LedgerRecord): ReadonlySet<string> {
  const cached = names.get(record);
  if (cached) return cached;
  const isPerson = PERSON_KIND.test(record.ref.kind);
  const own = new Set<string>();
  const add = (words: readonly string[]) => {
    for (const word of words) if (word.length > 2 && (isPerson || !COMMON.has(word))) own.add(word);
  };
  if (!record.isTitleExternal) add(record.titleWords);
  for (const { kind, label, value } of record.facts) {
    const isName =
      kind !== null && kind !== "text" && kind !== "time" && kind !== "email" && kind !== "person";
    if (isName && label.integrity !== "external" && typeof value === "string" && value.length < 100)
      add(wordsOf(value));
  }
  names.set(record, own);
  return own;
}

function isStart(fact: Fact): boolean {
  return !/end|until|due/i.test(fact.path.slice(fact.path.lastIndexOf(".")));
}

function isOnSaidDay(record: LedgerRecord, said: UserWords, zone: string): boolean {
  return record.facts.some((fact) => {
    const time =
      fact.kind === "time" && typeof fact.value === "string" ? readLocalTime(fact.value, zone) : null;
    return time !== null && hasSaidDate(said, time.date);
  });
}
