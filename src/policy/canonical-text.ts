/** Invisible and direction-changing characters, variation selectors and fillers: never part of a value. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;
const SEEN_INVISIBLE = new RegExp(INVISIBLE.source, "u");
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** Text as it is compared: compatibility forms folded, invisible characters gone. Look-alikes stay different. */
export function canonicalText(text: string): string {
  return text.normalize("NFKC").replace(INVISIBLE, "");
}

/** The words of a text in small letters, possessive endings cut. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const match of canonicalText(text).toLowerCase().matchAll(WORD)) {
    words.push(match[0].replace(/['’]s?$/u, "").replace(/['’]/g, ""));
  }
  return words;
}

/** Words with a space at each end, so that `includes` finds whole words only. */
export function phraseOf(words: readonly string[]): string {
  return ` ${words.join(" ")} `;
}

/**
 * Whether a value is written to look like another: invisible or direction-changing characters, control
 * characters, forms that compatibility folding would change, or letters of two scripts in one word.
 * Such a value never counts as what a person wrote.
 */
export function isDisguised(value: string): boolean {
  if (SEEN_INVISIBLE.test(value) || CONTROL.test(value)) return true;
  // An unpaired combining form is honest (a file name from a Mac); a folded full-width letter is not.
  if (value.normalize("NFC") !== value.normalize("NFKC")) return true;
  for (const match of value.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const word = match[0];
    const scripts = [
      /\p{Script=Latin}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Greek}/u,
      /\p{Script=Armenian}/u,
      /\p{Script=Cherokee}/u,
    ];
    if (scripts.filter((script) => script.test(word)).length > 1) return true;
  }
  return false;
}

export function canonicalEmail(text: string): string {
  return text
    .trim()
    .replace(/^mailto:/i, "")
    .toLowerCase();
}

/** Without scheme, `www.`, fragment mark and closing slash; host in small letters, path as it is. */
export function canonicalUrl(text: string): string {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/^www\./i, "");
  const end = bare.search(/[/?#]/);
  const host = end < 0 ? bare : bare.slice(0, end);
  const rest = end < 0 ? "" : bare.slice(end);
  return `${host.toLowerCase().replace(/\.$/, "")}${rest.replace(/\/$/, "")}`;
}

export function canonicalIban(text: string): string {
  return text.replace(/[\s-]/g, "").toUpperCase();
}

/** ISO 13616 check digits (mod 97). */
export function isIban(text: string): boolean {
  const iban = canonicalIban(text);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const digits = char >= "A" ? String(char.charCodeAt(0) - 55) : char;
    for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** Digits only, with `00` and `+` alike and the trunk zero of "+49 (0)30" gone; "" when it is no number. */
export function canonicalPhone(text: string): string {
  const digits = text
    .replace(/\(0\)/g, "")
    .replace(/^\s*\+/, "")
    .replace(/^\s*00/, "")
    .replace(/\D/g, "");
  return digits.length >= 7 && digits.length <= 15 ? digits : "";
}
