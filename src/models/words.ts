/** Words too common to say what a sentence is about. */
const FUNCTION_WORDS = new Set(
  `a an the this that these those it its he she they them him her his their our ours my mine me i we us you your
  yours is are was were be been being am do does did done doing have has had having will would shall should can
  could may might must of in on at to from by for with about into over under up down out off as and or but if then
  than so not no nor there here what which who whom whose when where why how all any each some such only own same
  too very just also please kindly hi hello hey thanks thank okay ok yes let lets get got want wanna need like
  tell show give know find much many more most few less often long usually actually really currently exactly
  someone anyone something anything s t re ve ll d m etc per`
    .trim()
    .split(/\s+/),
);

/** Words around a question that no rule is about: when it is asked, and how the person feels about asking. */
const PASSING_WORDS = new Set(
  `today tomorrow yesterday tonight now still already again soon later maybe perhaps probably quickly quick question
  sorry stupid silly wondering wonder guess think hope believe im ive id dont cant didnt doesnt isnt whats hows whos
  wheres thats theres anyway though thing things stuff kind sort bit lot person guys guy folks somebody everybody
  happen happens happened supposed anything something everything nothing towards need needs wants able going goes put`
    .trim()
    .split(/\s+/),
);

export const isPassingWord = (word: string): boolean => PASSING_WORDS.has(word);

/** Lower-case words and numbers of a text, without accents and apostrophes, in order. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]s\b/g, "")
    .replace(/['’]/g, "");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word);
}

/** A light English stem: enough that "booked", "booking" and "bookings" meet, never a dictionary form. */
export function stemOf(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let stem = word;
  if (stem.endsWith("ies") && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(ss|sh|ch|x|z)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.endsWith("s") && !/(ss|us|is)$/.test(stem)) stem = stem.slice(0, -1);
  for (const ending of ["ements", "ement", "ations", "ation", "ingly", "edly", "ing", "ed", "ly", "er"]) {
    if (stem.endsWith(ending) && stem.length - ending.length >= 3) {
      stem = stem.slice(0, -ending.length);
      break;
    }
  }
  if (/([bdfgklmnprt])\1$/.test(stem) && !/(ll|ss)$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.endsWith("e") && stem.length > 3) stem = stem.slice(0, -1);
  if (stem.endsWith("y") && stem.length > 3) stem = `${stem.slice(0, -1)}i`;
  return stem;
}

/** Stems of the words that carry meaning, without repetition, in order. */
export function contentStems(text: string): string[] {
  return [
    ...new Set(
      wordsOf(text)
        .filter((w) => !FUNCTION_WORDS.has(w))
        .map(stemOf),
    ),
  ];
}
