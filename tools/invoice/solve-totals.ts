import type { Candidate } from "./candidates.ts";
import type { Cell } from "./text-line.ts";

export type Totals = {
  readonly net: Candidate<number> | null;
  readonly tax: Candidate<number> | null;
  readonly gross: Candidate<number> | null;
  /** Whether net and tax make gross. */
  readonly isConsistent: boolean;
};

/** Candidates of a field beyond these have never been the right ones; three nested loops stay small. */
const MAX_EACH = 14;
const CONSISTENT = 0.9;
/** Edges of figures in one column differ by less than this. */
const EDGE_POINTS = 4;

/**
 * The net, tax and total that fit each other best: places speak for single values, and the sum of net and
 * tax speaks for three at once. Amounts without a label may stand in for one of the three.
 */
export function solveTotals(
  net: readonly Candidate<number>[],
  tax: readonly Candidate<number>[],
  gross: readonly Candidate<number>[],
  all: readonly Candidate<number>[],
): Totals {
  const nets = best(preferSums(net));
  const taxes = best([...preferSums(tax), ...sumsOf(tax)]);
  const grosses = best(preferSums(gross));
  const amounts = new Map(all.map((one) => [one.value, one]));
  let top: { totals: Totals; score: number } | null = null;
  const offer = (totals: Totals, score: number) => {
    if (!top || score > top.score + 1e-9) top = { totals, score };
  };
  for (const g of grosses) {
    offer({ net: null, tax: null, gross: g, isConsistent: false }, g.score);
    for (const n of nets) {
      const rest = g.value - n.value;
      if (!isShare(rest, n.value)) continue;
      for (const t of taxes) {
        if (Math.abs(rest - t.value) > 1) continue;
        // Total, net and zero tax from one place say nothing that the total alone does not say.
        const isThin = g.cell === n.cell && g.value === n.value;
        offer(
          { net: n, tax: t, gross: g, isConsistent: true },
          g.score + n.score + t.score + (isThin ? 0 : CONSISTENT),
        );
      }
      const unlabelled = rest === 0 ? undefined : amounts.get(rest);
      if (unlabelled) {
        offer(
          { net: n, tax: { ...unlabelled, score: 0.35 }, gross: g, isConsistent: true },
          g.score + n.score + 0.35 + CONSISTENT * 0.8,
        );
      }
    }
    for (const t of taxes) {
      const rest = g.value - t.value;
      const unlabelled = t.value === 0 ? undefined : amounts.get(rest);
      if (unlabelled && isShare(t.value, rest)) {
        offer(
          { net: { ...unlabelled, score: 0.4 }, tax: t, gross: g, isConsistent: true },
          g.score + t.score + 0.4 + CONSISTENT * 0.8,
        );
      }
    }
  }
  const found = (top as { totals: Totals } | null)?.totals;
  if (found?.isConsistent) return found;
  return { net: nets[0] ?? null, tax: taxes[0] ?? null, gross: grosses[0] ?? null, isConsistent: false };
}

/** Whether a tax may be the tax on a net amount: the same sign and at most 28.5 % (Hungary has 27). */
function isShare(tax: number, net: number): boolean {
  if (tax === 0) return true;
  return net !== 0 && tax / net > 0 && tax / net <= 0.285;
}

/** The best candidate of each value; values met in several places are a little surer. */
function best(candidates: readonly Candidate<number>[]): readonly Candidate<number>[] {
  const by = new Map<number, Candidate<number>>();
  for (const one of [...candidates].sort((a, b) => b.score - a.score)) {
    const present = by.get(one.value);
    by.set(one.value, present ? { ...present, score: Math.min(1.2, present.score + 0.04) } : one);
  }
  return [...by.values()].sort((a, b) => b.score - a.score).slice(0, MAX_EACH);
}

/** Tax stated per rate: the sum of two to four values on different lines under one another. */
function sumsOf(tax: readonly Candidate<number>[]): readonly Candidate<number>[] {
  return columnsOf(tax).flatMap((column) => {
    const [first] = column;
    if (!first || column.length < 2 || column.length > 4) return [];
    const value = column.reduce((sum, one) => sum + one.value, 0);
    const text = column.map((one) => one.text).join(" + ");
    return [{ ...first, value, text, score: Math.min(...column.map((one) => one.score)) * 0.85 }];
  });
}

/** Raises the last value of a column that is the sum of those above it: the row of totals of a table. */
function preferSums(candidates: readonly Candidate<number>[]): readonly Candidate<number>[] {
  const raised = new Set<Candidate<number>>();
  for (const column of columnsOf(candidates.filter((one) => one.place === "below"))) {
    const last = column.at(-1);
    const above = column.slice(0, -1).reduce((sum, one) => sum + one.value, 0);
    if (last && column.length > 2 && Math.abs(above - last.value) <= column.length) raised.add(last);
  }
  return candidates.map((one) => (raised.has(one) ? { ...one, score: one.score + 0.3 } : one));
}

/** Values that stand under one another, one a line, from top to bottom, without zeros. */
function columnsOf(candidates: readonly Candidate<number>[]): readonly (readonly Candidate<number>[])[] {
  const columns: Candidate<number>[][] = [];
  for (const one of candidates) {
    if (one.value === 0) continue;
    const column = columns.find(([first]) => first && isAligned(first.cell, one.cell));
    if (!column) columns.push([one]);
    else if (!column.some((other) => other.cell.line === one.cell.line)) column.push(one);
  }
  return columns.map((column) => column.sort((a, b) => a.cell.line - b.cell.line));
}

function isAligned(a: Cell, b: Cell): boolean {
  const isNear = (edge: 0 | 2) => Math.abs(a.box[edge] - b.box[edge]) < EDGE_POINTS;
  return a.page === b.page && (isNear(2) || isNear(0));
}
