import type { Json, JsonObject } from "../types/json.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import { wordsOf } from "./canonical-text.ts";
import type { Ledger, LedgerRecord } from "./ledger.ts";
import { type Quantifier, readSelectors, type Superlative } from "./read-selectors.ts";
import { isWordForKind } from "./record-kinds.ts";
import { hasSaidDate } from "./said-moment.ts";
import { COMMON } from "./select-records.ts";
import { hasSaid, type UserWords } from "./user-words.ts";

export type Lookup = { readonly args: JsonObject; readonly records: readonly RecordRef[] };
export type Computed = { readonly record: LedgerRecord; readonly why: string; readonly isSure: boolean };

const FIELDS: Readonly<Record<Superlative["measure"], RegExp>> = {
  size: /size|bytes|length|capacity|amount|volume|weight|area|total|value|gross/,
  price: /price|cost|fare|rate|amount|fee|total|gross|minor/,
  rating: /rating|score|stars|grade|rank/,
  time: /time|date|created|modified|updated|sent|received|start|due|timestamp|at$|on$/,
  length: /length|duration|minutes|hours|size/,
  number: /(?:)/,
};
/** Which of several times of one record "the latest" goes by: the first of these that there is. */
const TIME_ORDER = [/modified|updated/, /sent|received|timestamp/, /start|date/, /created/];

/**
 * The records that a selector of the user singles out, worked out in code: the largest, the second
 * cheapest, the one with the most entries, and all or every one that fits. Compared are values of trusted fields only,
 * over everything of that kind that is known; and something must have been listed by a query of the
 * user's own words (or of none), or else whoever narrows the query would choose the largest. What narrows
 * the choice in words that no trusted field holds leaves it unsure; for "all" it selects nothing.
 */
export function selectComputed(
  said: UserWords,
  ledger: Ledger,
  lookups: readonly Lookup[],
): readonly Computed[] {
  const { superlatives, quantifiers } = readSelectors(said);
  if (superlatives.length + quantifiers.length === 0) return [];
  const open = lookups.filter((lookup) => isOpen(lookup, said));
  if (open.length === 0) return [];
  const byKey = new Map(ledger.records.filter(isOurs).map((record) => [keyOf(record.ref), record]));
  const listed = new Set(open.flatMap(({ records }) => records.map(keyOf).filter((key) => byKey.has(key))));
  if (listed.size === 0) return [];
  const listedRecords = ledger.records.filter(({ ref }) => listed.has(keyOf(ref)));
  const found: Computed[] = [];
  for (const selector of superlatives) {
    const best =
      extreme(selector, ledger, listed, said.texts.at(-1)?.at.getTime() ?? 0) ??
      mostEntries(selector, lookups, listedRecords);
    if (best) found.push(best);
  }
  for (const selector of quantifiers) found.push(...every(selector, open, byKey, said));
  return found;
}

/** Whether the system itself gave the id: what a stranger wrote is in no list of ours. */
function isOurs({ ref, facts }: LedgerRecord): boolean {
  return facts.some(({ value, label }) => label.integrity !== "external" && String(value) === ref.id);
}

const keyOf = (ref: RecordRef) => `${ref.kind} ${ref.id}`;

/**
 * A read that the model could not have narrowed: without arguments, with the user's own words, or with a
 * limit that the answer did not reach.
 */
export function isOpen({ args, records }: Lookup, said: UserWords): boolean {
  const leaves = (value: Json): readonly Json[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
  return leaves(args).every((value) => {
    if (value === null || value === "" || typeof value === "boolean") return true;
    if (typeof value === "number") return records.length < value || hasSaid(said, [String(value)]);
    return hasSaid(said, wordsOf(String(value))) || isSaidDay(value, said);
  });
}

function isSaidDay(value: Json, said: UserWords): boolean {
  return typeof value === "string" && said.times.some((times) => times.dates.has(value.slice(0, 10)));
}

/**
 * Whether a record is of the kind that the nouns mean, and whatever else they say of it ("Globex deals") stands
 * in its trusted fields.
 */
function isMeant(nouns: readonly string[], record: LedgerRecord): boolean {
  const telling = nouns.filter((noun) => !GENERIC.test(noun));
  if (telling.length === 0) return true;
  const others = telling.filter((noun) => !isWordForKind(noun, record.ref.kind));
  return others.length < telling.length && others.every((noun) => trustedWords(record).has(noun));
}

const GENERIC = /^(?:one|ones|of|them|entry|entries|result|results|option|choice|thing|things)$/;
/** Where things are kept, and words of time, which are checked as dates. */
const PLACES =
  /^(?:drive|inbox|calendar|cloud|workspace|company|system|list|slack|crm|account|database|folder|my|mine|our|us|me|it|here|there|today|tomorrow|yesterday|week|month|year|day|morning|afternoon|evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|this|next|last|past|channel|group|team|project|\d+(?:st|nd|rd|th)?)$/;

function trustedWords({ facts }: LedgerRecord): ReadonlySet<string> {
  return new Set(
    facts.flatMap(({ value, label }) =>
      typeof value === "string" && label.integrity !== "external" ? wordsOf(value) : [],
    ),
  );
}

function extreme(
  selector: Superlative,
  ledger: Ledger,
  listed: ReadonlySet<string>,
  now: number,
): Computed | null {
  const isToCome = /^(?:next|upcoming)$/.test(selector.text);
  const valued: { record: LedgerRecord; value: number }[] = [];
  for (const record of ledger.records) {
    if (!isMeant(selector.nouns, record)) continue;
    const value = measure(record, selector);
    if (value !== null && (!isToCome || value > now)) valued.push({ record, value });
  }
  const kinds = new Set(valued.map(({ record }) => record.ref.kind));
  if (valued.length < 2 || kinds.size > 1) return null;
  const sign = selector.direction === "most" ? -1 : 1;
  valued.sort((a, b) => sign * (a.value - b.value));
  const at = selector.rank - 1;
  const best = valued[at];
  if (!best || !listed.has(keyOf(best.record.ref))) return null;
  if ([valued[at - 1], valued[at + 1]].some((other) => other?.value === best.value)) return null;
  const isSure = selector.condition === null;
  return { record: best.record, why: `"${selector.text}", worked out from ${valued.length} of them`, isSure };
}

function measure({ facts }: LedgerRecord, selector: Superlative): number | null {
  const candidates = facts.flatMap((fact) => {
    const value = numberOf(fact, selector.measure === "time");
    return value === null || fact.label.integrity === "external" ? [] : [{ field: fieldOf(fact), value }];
  });
  const wanted = selector.field.filter((word) => word.length > 2);
  const fitting =
    wanted.length > 0
      ? candidates.filter(({ field }) => wanted.some((word) => field.includes(word.replace(/s$/, ""))))
      : candidates.filter(({ field }) => FIELDS[selector.measure].test(field));
  if (selector.measure === "time") {
    for (const order of TIME_ORDER) {
      const first = fitting.find(({ field }) => order.test(field));
      if (first) return first.value;
    }
    return fitting[0]?.value ?? candidates[0]?.value ?? null;
  }
  if (fitting.length > 0) return fitting[0]?.value ?? null;
  // The only number that there is needs no name; but one that outsiders decide is not replaced by another.
  if (
    facts.some((fact) => FIELDS[selector.measure].test(fieldOf(fact)) && fact.label.integrity === "external")
  )
    return null;
  return wanted.length === 0 && candidates.length === 1 ? (candidates[0]?.value ?? null) : null;
}

function numberOf(fact: Fact, isTime: boolean): number | null {
  if (isTime) {
    if (fact.kind !== "time" || typeof fact.value !== "string") return null;
    const at = Date.parse(
      /[zZ]|[+-]\d\d:?\d\d$/.test(fact.value)
        ? fact.value
        : `${fact.value.replace(" ", "T")}${fact.value.length > 10 ? "Z" : ""}`,
    );
    return Number.isNaN(at) ? null : at;
  }
  if (fact.kind === "time" || fact.kind === "title") return null;
  if (typeof fact.value === "number") return fact.value;
  return fact.kind === "number" || fact.kind === "money"
    ? Number.parseFloat(String(fact.value)) || null
    : null;
}

function fieldOf(fact: Fact): string {
  const path = fact.path.replace(/(?:\[\d+\])+$/, "");
  return path.slice(path.lastIndexOf(".") + 1).toLowerCase();
}

/**
 * "The channel with the most users": the query whose answer has the most of them, by what it asked for. All
 * that could be meant must have been asked about, or else whoever asks about some would choose.
 */
function mostEntries(
  selector: Superlative,
  lookups: readonly Lookup[],
  candidates: readonly LedgerRecord[],
): Computed | null {
  if (selector.field.length === 0) return null;
  const counted: { record: LedgerRecord; value: number }[] = [];
  for (const record of candidates) {
    if (!isMeant(selector.nouns, record)) continue;
    const about = lookups.filter(({ args }) => {
      const values = Object.values(args).filter((value) => value !== null && value !== "");
      return values.length === 1 && (values[0] === record.ref.id || values[0] === record.ref.title);
    });
    if (about.length === 0) return null;
    const counts = about.map(
      ({ records }) =>
        records.filter(({ kind }) => selector.field.some((word) => isWordForKind(word, kind))).length,
    );
    counted.push({ record, value: Math.max(...counts) });
  }
  const sign = selector.direction === "most" ? -1 : 1;
  counted.sort((a, b) => sign * (a.value - b.value));
  const [best, next] = counted;
  if (!best || !next || best.value === next.value) return null;
  return {
    record: best.record,
    why: `"${selector.text}", counted in ${counted.length}`,
    isSure: selector.condition === null,
  };
}

function every(
  selector: Quantifier,
  open: readonly Lookup[],
  byKey: ReadonlyMap<string, LedgerRecord>,
  said: UserWords,
): readonly Computed[] {
  if (selector.nouns.length === 0) return [];
  const chosen = new Set<LedgerRecord>();
  for (const { args, records } of open) {
    const asked = new Set(Object.values(args).flatMap((value) => wordsOf(String(value))));
    for (const ref of records) {
      const record = byKey.get(keyOf(ref));
      if (!record || !isMeant(selector.nouns, record) || !isOnSaidDay(record, said)) continue;
      if (selector.condition !== null && !hasState(record, selector.condition)) continue;
      const scope = selector.scope.filter(
        (word) => !PLACES.test(word) && !COMMON.has(word) && !asked.has(word),
      );
      if (scope.every((word) => trustedWords(record).has(word))) chosen.add(record);
    }
  }
  return [...chosen].map((record) => ({ record, why: `one of "${selector.text}"`, isSure: true }));
}

/** "All meetings on Wednesday": where a day is spoken of and the record has one, it must be that. */
function isOnSaidDay({ facts }: LedgerRecord, said: UserWords): boolean {
  const saysDay = said.times.some(
    (times) => times.dates.size + times.ranges.length + times.yearless.size > 0,
  );
  const days = facts.flatMap(({ kind, value }) =>
    kind === "time" && typeof value === "string" ? [value.slice(0, 10)] : [],
  );
  return !saysDay || days.length === 0 || days.some((day) => hasSaidDate(said, day));
}

/** A trusted field holds one of the words that narrow the choice: "who accepted", "that are overdue". */
function hasState({ facts }: LedgerRecord, condition: readonly string[]): boolean {
  const isNegated = condition.some((word) =>
    /^(?:not|except|but|without|excluding|unless|other)$/.test(word),
  );
  if (isNegated) return false;
  const words = new Set(condition.slice(1));
  return facts.some(({ value, label, kind }) => {
    if (typeof value !== "string" || label.integrity === "external" || kind === "title" || kind === "time")
      return false;
    const own = wordsOf(value);
    return own.length > 0 && own.length <= 3 && own.every((word) => words.has(word));
  });
}
