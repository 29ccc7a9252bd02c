/** Words with a capital letter that follow or precede a name without belonging to it. */
const NO_NAME = new Set(
  `monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january february
  march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
  today tomorrow tonight yesterday now next this last the a an at on in by for from to of with about and or but not if
  when while until before after is are was were has have had will would can could should may might must do does did re
  mr mrs ms miss mx dr prof professor sir madam herr frau i i'm i'll i'd i've please thanks thank hi hello hey dear ask
  tell invite add meet call email mail message remind book schedule cc also maybe both yes no ok okay`.split(
    /\s+/,
  ),
);
const AFTER = /^[ \t]+(\p{Lu}[\p{L}\p{M}]*(?:['’-][\p{L}\p{M}]+)*)/u;
const BEFORE = /(?:^|[^\p{L}\p{M}\p{N}'’-])(\p{Lu}[\p{L}\p{M}]*(?:['’-][\p{L}\p{M}]+)*)[ \t]+$/u;
const SENTENCE_BEGIN = /(?:^|[.!?:;,\n(“"-])\s*$/u;

/** Letters to either side that are looked at: the rest of a long text says nothing of a name, and costs time. */
const NEAR = 200;

const bare = (word: string): string =>
  word
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]s?$/u, "");
/** A capital and small letters; "CRM" and "Q4" are no names. */
const isWritten = (word: string): boolean => /\p{Ll}/u.test(word) && !NO_NAME.has(bare(word));

/**
 * Somebody else's name of which a first or last name at `from` to `to` of a text is a part: "Tom Smith" is not Tom
 * Becker. Null where it stands for itself. `own`: the whole name of the person who is meant otherwise; `isFirstName`:
 * of anybody known ("Tom Lena" are two). By capital letters alone: null where a text has none, or hardly anything else.
 */
export function findOthersName(
  text: string,
  from: number,
  to: number,
  own: readonly string[],
  isFirstName: (word: string) => boolean,
): { readonly from: number; readonly to: number } | null {
  const word = bare(text.slice(from, to));
  const names = own.map(bare);
  if (isTitleCase(text.slice(Math.max(0, from - NEAR), to + NEAR))) return null;
  const after = AFTER.exec(text.slice(to, to + NEAR));
  const last = after?.[1];
  if (after && last !== undefined && word === names[0] && isWritten(last)) {
    if (!names.includes(bare(last)) && !isFirstName(bare(last))) return { from, to: to + after[0].length };
  }
  const begin = Math.max(0, from - NEAR);
  const before = BEFORE.exec(text.slice(begin, from));
  const first = before?.[1];
  if (!before || first === undefined || word !== names.at(-1) || word === names[0]) return null;
  const start = begin + before.index + before[0].lastIndexOf(first);
  // A sentence begins with a capital whatever its first word is.
  const isAlone =
    SENTENCE_BEGIN.test(text.slice(Math.max(0, start - NEAR), start)) && !isFirstName(bare(first));
  return !isAlone && isWritten(first) && !names.includes(bare(first)) ? { from: start, to } : null;
}

/** "Book A Meeting With Tom Tomorrow Morning": capitals say nothing. */
function isTitleCase(text: string): boolean {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.length >= 5 && words.filter((one) => /^\p{Lu}/u.test(one)).length > words.length * 0.7;
}
