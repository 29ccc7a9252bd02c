import type { Fact } from "../types/session-event.ts";
import { wordsOf } from "./canonical-text.ts";
import type { Grounding } from "./grounding.ts";
import type { LedgerRecord } from "./ledger.ts";
import { isOpen } from "./select-computed.ts";

export type ComputedAmount = { readonly value: number; readonly text: string };

const SUM = / (?:sum|total|totals|altogether|combined|overall|add up|everything|all) /;
const AVERAGE = / (?:average|mean) /;
const COUNT = / (?:how many|number of|count|amount of) /;
const DIFFERENCE = / (?:difference|rest|remainder|remaining|balance|left over|minus) /;
/** Words by which a person means an amount that stands elsewhere instead of saying it. */
const REFERENCE =
  / (?:same amount|same sum|same price|that amount|the amount|the price|the cost|the money|the rest|as much|what (?:\w+ ){1,4}(?:paid|sent|cost|costs|owe|owes|spent|charged|transferred|lent)|cost|refund|reimburse|repay|pay back|paid back|send back|money back|give back|owe|owes|share|percent|half|double|twice|triple|times) /;
const MAX_RECORDS = 3000;

/**
 * Amounts that code works out of trusted records as the user said: the amount of a record they singled out,
 * a sum, an average, a count or a difference over what a query of their own words found. In the unit in which
 * the records hold them.
 */
export function computeAmounts(grounding: Grounding): readonly ComputedAmount[] {
  const { said, ledger, targets, lookups = [] } = grounding;
  const phrase = said.currentPhrase;
  const found: ComputedAmount[] = [];
  const own = targets.flatMap((target) =>
    amountsOf(target).map(({ value }) => ({ value, title: target.ref.title })),
  );
  if (REFERENCE.test(phrase) || said.numbers.some((number) => number.isPercent)) {
    for (const { value, title } of own) found.push({ value, text: `the amount of "${title}"` });
    for (const record of withSaidAddress(ledger.records, grounding))
      for (const { value } of amountsOf(record))
        found.push({ value, text: `the amount of "${record.ref.title}"` });
  }
  if (DIFFERENCE.test(phrase)) {
    for (const a of own)
      for (const b of own)
        if (a.value > b.value)
          found.push({ value: round(a.value - b.value), text: `"${a.title}" less "${b.title}"` });
  }
  const isAsked = [SUM, AVERAGE, COUNT].some((words) => words.test(phrase));
  if (!isAsked) return found;
  const byKey = new Map(ledger.records.map((record) => [`${record.ref.kind} ${record.ref.id}`, record]));
  for (const lookup of lookups) {
    if (!isOpen(lookup, said)) continue;
    const records = lookup.records
      .slice(0, MAX_RECORDS)
      .map(({ kind, id }) => byKey.get(`${kind} ${id}`) ?? null)
      .filter((record) => record !== null);
    const described = records.filter((record) => isDescribed(record, said.words));
    for (const group of described.length > 0 && described.length < records.length
      ? [described, records]
      : [records]) {
      if (COUNT.test(phrase))
        found.push({ value: group.length, text: `the number of ${group.length} records` });
      for (const values of byField(group)) {
        const sum = round(values.reduce((total, value) => total + value, 0));
        if (SUM.test(phrase)) found.push({ value: sum, text: `the sum of ${values.length} amounts` });
        if (AVERAGE.test(phrase))
          found.push({ value: round(sum / values.length), text: `the average of ${values.length} amounts` });
      }
    }
  }
  return found;
}

function amountsOf({ facts }: LedgerRecord): readonly { readonly value: number; readonly field: string }[] {
  return facts.flatMap((fact) =>
    fact.kind === "money" && typeof fact.value === "number" && fact.label.integrity !== "external"
      ? [{ value: fact.value, field: fieldOf(fact) }]
      : [],
  );
}

function fieldOf({ path }: Fact): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function byField(records: readonly LedgerRecord[]): readonly (readonly number[])[] {
  const fields = new Map<string, number[]>();
  for (const record of records) {
    for (const { value, field } of amountsOf(record))
      fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return [...fields.values()];
}

/** Records with an account or address that the user wrote. */
function withSaidAddress(records: readonly LedgerRecord[], { said }: Grounding): readonly LedgerRecord[] {
  return records.filter((record) =>
    record.facts.some(
      ({ value, kind, label }) =>
        typeof value === "string" &&
        label.integrity !== "external" &&
        (kind === "iban" || kind === "email" || kind === "phone") &&
        said.tokens.has(value),
    ),
  );
}

/** A trusted short text of the record stands in the user's words: a payee, a category, a status. */
function isDescribed({ facts }: LedgerRecord, words: ReadonlySet<string>): boolean {
  return facts.some(({ value, label, kind }) => {
    if (typeof value !== "string" || label.integrity === "external" || kind === "time" || value.length > 80)
      return false;
    const own = wordsOf(value).filter((word) => word.length > 2);
    return own.length > 0 && own.every((word) => words.has(word));
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
