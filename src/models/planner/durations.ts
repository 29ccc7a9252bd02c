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

/** How far something is to go from the time it has now; earlier is negative. */
export type Shift = { readonly from: number; readonly to: number; readonly minutes: number };

const LENGTH =
  "(?:(half an hour|half[- ]hour|an? (?:half )?hour and a half|(?:an?|one) and a half hours|an? hour|an? quarter of an hour|a quarter|a bit)|(\\d{1,3}(?:[.,]\\d)?)[ -]?(hours?|hrs?|h|minutes?|mins?|min)|(an?|one|\\d{1,2}) (days?|weeks?))";
const BEHIND = new RegExp(`\\b(?:by )?${LENGTH} (later|back|earlier|sooner|forward)\\b`, "i");
const AHEAD = new RegExp(
  `\\b(later|back|earlier|sooner|forward|forwards|it|that|this|\\w+) by ${LENGTH}(?!\\p{L})`,
  "iu",
);
const BACK = new RegExp(`\\b(back) ${LENGTH}(?!\\p{L})`, "iu");

/** Finds "half an hour later", "back by 30 minutes", "an hour earlier"; a length alone is none. */
export function findShift(text: string): Shift | null {
  const behind = BEHIND.exec(text);
  if (behind) return shiftOf(behind, behind[1], behind[2], behind[3], behind[4], behind[5], behind[6] ?? "");
  const ahead = AHEAD.exec(text) ?? BACK.exec(text);
  if (!ahead) return null;
  const isMoved = /\b(?:move|push|shift|bring|delay|postpone|put|advance)\b/i.test(
    text.slice(0, ahead.index + 1),
  );
  const word = ahead[1] ?? "";
  if (!isMoved && !/^(?:later|back|earlier|sooner|forwards?)$/i.test(word)) return null;
  const way = /\b(?:bring|advance)\b/i.test(text.slice(0, ahead.index + 1)) ? "earlier" : word;
  return shiftOf(ahead, ahead[2], ahead[3], ahead[4], ahead[5], ahead[6], way);
}

function shiftOf(
  m: RegExpExecArray,
  words: string | undefined,
  count: string | undefined,
  unit: string | undefined,
  days: string | undefined,
  dayUnit: string | undefined,
  way: string,
): Shift | null {
  if (words !== undefined && /bit/i.test(words)) return null;
  const dayCount = days === undefined ? 0 : Number(days) || 1;
  const minutes = words
    ? /quarter$/i.test(words)
      ? 15
      : (WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 60)
    : count !== undefined
      ? Number(count.replace(",", ".")) * (/^h/i.test(unit ?? "") ? 60 : 1)
      : dayCount * 1440 * (/week/i.test(dayUnit ?? "") ? 7 : 1);
  const isEarlier = /earlier|sooner|forward/i.test(way);
  const total = Math.round(minutes) * (isEarlier ? -1 : 1);
  return total === 0 ? null : { from: m.index, to: m.index + m[0].length, minutes: total };
}
