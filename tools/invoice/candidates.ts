import { fold } from "./find-dates.ts";
import type { Label } from "./labels.ts";
import type { Cell, TextLine } from "./text-line.ts";

export type Place = "same" | "right" | "below";

/** A possible value of a field, and how well its place speaks for it. */
export type Candidate<T> = {
  readonly value: T;
  readonly text: string;
  readonly cell: Cell;
  readonly score: number;
  readonly place: Place;
};

export type Parsed<T> = { readonly value: T; readonly text: string; readonly quality: number };

export type Search<T> = {
  readonly labels: readonly Label[];
  /** Values in a text, in order; `isAfterLabel` when the text follows a label in the same cell. */
  readonly parse: (text: string, isAfterLabel: boolean) => readonly Parsed<T>[];
  /** Lines below a label that are looked at; 0 for none. */
  readonly below: number;
  /** Whether a cell's folded text speaks against the label in it. */
  readonly isOther?: (folded: string) => boolean;
};

const PLACE_BONUS: Readonly<Record<Place, number>> = { same: 0.3, right: 0.28, below: 0.12 };
const MAX_LABEL_TEXT = 400;

/** Looks behind, right of and below each label for values; the best first. */
export function findCandidates<T>(lines: readonly TextLine[], search: Search<T>): readonly Candidate<T>[] {
  const found: Candidate<T>[] = [];
  for (const [at, line] of lines.entries()) {
    for (const [position, cell] of line.cells.entries()) {
      const folded = fold(cell.text.slice(0, MAX_LABEL_TEXT));
      const label = bestLabel(folded, search.labels);
      if (!label || search.isOther?.(folded)) continue;
      // A label at the start of its cell is a label; one in the middle of a sentence may be chance.
      const isChance = label.start > 2 ? Math.min(0.25, label.start * 0.006) : 0;
      // One that fills its cell is hardly anything else.
      const isWhole = /^[\s:.#*-]*$/.test(folded.slice(0, label.start) + folded.slice(label.end));
      const weight = Math.min(1, label.weight - isChance + (isWhole ? 0.15 : 0));
      const rest = cell.text.slice(label.end);
      const same = search.parse(rest, true);
      push(found, same, cell, weight, "same");
      if (same.some((one) => one.quality > 0.6)) continue;
      const right = line.cells.slice(position + 1, position + 7);
      let isFound = false;
      for (const [distance, next] of right.entries()) {
        const parsed = search.parse(next.text, distance === 0);
        push(found, parsed, next, weight - 0.03 * distance, "right");
        if (parsed.length > 0) isFound = true;
        else if (isFound) break;
      }
      if (!isFound || right.length > 2) {
        pushBelow(found, lines, at, cell, weight - (isFound ? 0.3 : 0), search);
      }
    }
  }
  return found.sort((a, b) => b.score - a.score);
}

/** The label in a text that reaches furthest among the weightiest. */
export function bestLabel(
  folded: string,
  labels: readonly Label[],
): { readonly start: number; readonly end: number; readonly weight: number } | null {
  let best: { start: number; end: number; weight: number } | null = null;
  for (const [pattern, weight] of labels) {
    for (const match of folded.matchAll(pattern)) {
      const one = { start: match.index, end: match.index + match[0].length, weight };
      const isBetter =
        best === null ||
        one.weight > best.weight + 0.01 ||
        (Math.abs(one.weight - best.weight) <= 0.01 && one.end - one.start > best.end - best.start);
      if (isBetter) best = one;
    }
  }
  return best;
}

function pushBelow<T>(
  found: Candidate<T>[],
  lines: readonly TextLine[],
  at: number,
  label: Cell,
  weight: number,
  search: Search<T>,
): void {
  let hits = 0;
  for (let step = 1; step <= search.below; step++) {
    const line = lines[at + step];
    if (!line || line.page !== label.page || label.box[1] - line.y > label.size * 2.2 * (step + 1)) return;
    const under = line.cells.filter((cell) => overlaps(cell, label));
    const parsed = under.flatMap((cell) => search.parse(cell.text, false).map((one) => ({ one, cell })));
    for (const { one, cell } of parsed) {
      // Of a column of values the first one and, where sums stand, the last one count.
      push(found, [one], cell, weight - 0.02 * (step - 1), "below");
    }
    if (parsed.length > 0) hits++;
    else if (hits > 0 && under.length > 0) return;
  }
}

/** Whether a cell stands under a label: they share a part of their width, or a left or right edge. */
function overlaps(cell: Cell, label: Cell): boolean {
  const shared = Math.min(cell.box[2], label.box[2]) - Math.max(cell.box[0], label.box[0]);
  const near = 1.5 * label.size;
  return (
    shared > 0 || Math.abs(cell.box[0] - label.box[0]) < near || Math.abs(cell.box[2] - label.box[2]) < near
  );
}

function push<T>(
  found: Candidate<T>[],
  parsed: readonly Parsed<T>[],
  cell: Cell,
  weight: number,
  place: Place,
): void {
  for (const { value, text, quality } of parsed) {
    found.push({ value, text, cell, place, score: weight * 0.7 * quality + PLACE_BONUS[place] * quality });
  }
}
