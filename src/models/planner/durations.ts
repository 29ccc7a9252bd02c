/** A length of time in a text. */
export type DurationSpan = { readonly from: number; readonly to: number; readonly minutes: number };

const PATTERN =
  /\b(?:for\s+|of\s+)?(?:(half an hour|half[- ]hour|(?:an|one|1) hour and a half|(?:an|one|1) and a half hours?|an? (?:free |whole |full |spare |quiet )?(?:half )?hour|a quarter of an hour|three quarters of an hour)|(\d{1,3}(?:[.,]\d{1,2})?)[ -]?(hours?|hrs?|h)(?:[ ,]*(?:and )?(\d{1,2})[ -]?(?:minutes?|mins?|min|m)?)?|(\d{1,3})[ -]?(?:minutes?|mins?|min))(?!\p{L})/giu;

const WORDS: readonly [RegExp, number][] = [
  [/three quarters/i, 45],
  [/quarter of/i, 15],
  [/and a half/i, 90],
  [/half/i, 30],
  [/hour/i, 60],
];

/** Finds durations ("for 45 minutes", "an hour and a half", "1h30"), but not moments ("in 2 hours", "2 hours ago"). */
export function findDurations(text: string): readonly DurationSpan[] {
  const found: DurationSpan[] = [];
  for (const m of text.matchAll(PATTERN)) {
    const before = text.slice(Math.max(0, m.index - 12), m.index);
    const after = text.slice(m.index + m[0].length, m.index + m[0].length + 12);
    if (/\b(?:in|within|the next|next|last|past|by)\s+$/i.test(before)) continue;
    if (/^\s+(?:ago|from now|later|earlier|before|after)\b/i.test(after)) continue;
    const [, words, hours, , more, minutes] = m;
    // "at 9h30" and "15h30" are clock times.
    if (hours && more && (Number(hours) > 12 || /\b(?:at|to|from|until|till|by)\s+$/i.test(before))) continue;
    const value = words
      ? (WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 60)
      : hours
        ? Number(hours.replace(",", ".")) * 60 + Number(more ?? 0)
        : Number(minutes);
    const total = Math.round(value);
    if (total > 0) found.push({ from: m.index, to: m.index + m[0].length, minutes: total });
  }
  return found;
}
