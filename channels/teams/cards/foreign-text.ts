/** Invisible marks that turn the direction of what follows: they can make a value read as another one. */
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g;
/** Clients replace these by a date of their own, also in plain runs. */
const DATE_FUNCTION = /\{\{(?=\s*(?:DATE|TIME)\s*\()/gi;
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802-\ud83b][\ud800-\udfff]/;
const STRONG = /\p{L}/u;

/**
 * Words of people, documents and tools as they may stand in a card: nothing that turns the reading direction,
 * no control characters, no half of a character, and no function that a client would carry out.
 */
export function foreign(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(CONTROLS, "")
    .replace(DIRECTION_MARKS, "")
    .replace(DATE_FUNCTION, "{\u2060{");
}

/** The same on one line, cut to at most `max` characters without tearing one apart; a cut is said. */
export function foreignLine(text: string, max: number): string {
  return cut(
    foreign(text)
      .replace(/[\s\u2028\u2029]+/g, " ")
      .trim(),
    max,
  );
}

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most `max` UTF-16 units; what is left out is counted in words. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = whole(text, max);
  return `${kept}… (${text.length - kept.length} more characters)`;
}

/** The longest start of at most `max` UTF-16 units that ends between two characters as people see them. */
export function whole(text: string, max: number): string {
  if (text.length <= max) return text;
  // Only the end matters: a window before it is enough to find the last border.
  const from = Math.max(0, max - 200);
  let start = from;
  while (start > 0 && isInsideCharacter(text.charCodeAt(start))) start--;
  let last = 0;
  for (const { index } of segments.segment(text.slice(start, max + 200))) {
    if (start + index > max) break;
    last = start + index;
  }
  // One "character" longer than the window is an attack on the layout: cut it between code points.
  if (last <= start) last = /[\udc00-\udfff]/.test(text.charAt(max)) ? max - 1 : max;
  return text.slice(0, last);
}

/** Low surrogate, zero-width joiner or emoji variation: never the start of a character. */
function isInsideCharacter(unit: number): boolean {
  return (unit >= 0xdc00 && unit <= 0xdfff) || unit === 0x200d || unit === 0xfe0f;
}

/** Whether the first letter is of a script written from right to left. */
export function isRightToLeft(text: string): boolean {
  for (const char of text.slice(0, 500)) {
    if (RTL.test(char)) return true;
    if (STRONG.test(char)) return false;
  }
  return false;
}
