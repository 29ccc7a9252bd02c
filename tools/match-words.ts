/** Lower case, without accents and compatibility forms: "Sofía" → "sofia". */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .trim();
}

/** Folded words of a text in order; a possessive `'s` falls away ("Ana's" → "ana"). */
export function wordsOf(text: string): string[] {
  return (
    fold(text)
      .replace(/[’'`]s\b/g, "")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Without a plural s, so that "managers" meets "manager". */
export function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

/** Whether one word begins the other ("renew" and "renewal"); the shorter has at least `atLeast` letters. */
export function sharesStart(a: string, b: string, atLeast = 4): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return a === b || (short.length >= atLeast && long.startsWith(short));
}

/**
 * Whether two words differ only by a slip of the fingers: one edit (insert, delete, replace, swap of
 * neighbours) from four letters on, two from eight on.
 */
export function isNear(a: string, b: string): boolean {
  const allowed = Math.min(a.length, b.length) >= 8 ? 2 : Math.min(a.length, b.length) >= 4 ? 1 : 0;
  if (Math.abs(a.length - b.length) > allowed || a.length > 60) return a === b;
  return editDistance(a, b) <= allowed;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
