/** A text after replacements, which still knows where each place was in the original. */
export type RewrittenText = {
  readonly text: string;
  /** Place in the original of a place in the rewritten text. */
  originalAt(index: number): number;
};

export type Replacement = { readonly from: number; readonly to: number; readonly text: string };

/** Applies replacements (sorted, not overlapping) and keeps the map back. */
export function rewrite(original: string, replacements: readonly Replacement[]): RewrittenText {
  let text = "";
  let at = 0;
  const marks: { rewritten: number; original: number; length: number; isCopy: boolean }[] = [];
  const copy = (to: number) => {
    if (to > at) marks.push({ rewritten: text.length, original: at, length: to - at, isCopy: true });
    text += original.slice(at, to);
    at = to;
  };
  for (const r of replacements) {
    if (r.from < at) continue;
    copy(r.from);
    marks.push({ rewritten: text.length, original: r.from, length: r.text.length, isCopy: false });
    text += r.text;
    at = r.to;
  }
  copy(original.length);
  return {
    text,
    originalAt(index) {
      let answer = 0;
      for (const mark of marks) {
        if (mark.rewritten > index) break;
        const inside = Math.min(index - mark.rewritten, mark.length);
        // Inside a replacement only its two ends are known places.
        answer = mark.isCopy || inside === 0 ? mark.original + inside : nextOriginal(mark, replacements);
      }
      return Math.min(answer, original.length);
    },
  };
}

function nextOriginal(mark: { original: number }, replacements: readonly Replacement[]): number {
  return replacements.find((r) => r.from === mark.original)?.to ?? mark.original;
}
