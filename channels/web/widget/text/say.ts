import type { Texts } from "./texts.ts";

type Words = Readonly<Record<string, string>>;
type Pattern = { readonly like: RegExp; readonly said: string };

/** Longer texts are answers, not fixed sentences; it also bounds the work of the patterns. */
const MAX_CHARS = 400;
/** A value may itself be said ("a sales manager"), and one inside it. */
const MAX_DEPTH = 2;
const MAX_KEPT = 500;

/**
 * Says the server's fixed sentences in another language. `says` has them by their English words, `{name}` for what
 * changes; a text is taken as a whole, else sentence by sentence, and what is not known stays as it was said. Between
 * words that run from the right, a value stands apart (U+2068, U+2069), or a date in it would be turned around.
 */
export function createSay(says: Words, isRightToLeft = false): (text: string) => string {
  const patterns = Object.keys(says)
    .filter((key) => key.includes("{"))
    .sort((a, b) => b.replace(/\{\w+\}/g, "").length - a.replace(/\{\w+\}/g, "").length)
    .map((key): Pattern => ({ like: likeOf(key), said: says[key] ?? "" }));

  const apart = (text: string) => (isRightToLeft ? `\u2068${text}\u2069` : text);
  const known = (text: string, depth: number): string | null => {
    if (Object.hasOwn(says, text)) return says[text] ?? null;
    for (const { like, said } of patterns) {
      const groups = like.exec(text)?.groups;
      if (groups) return said.replace(/\{(\w+)\}/g, (_, name) => apart(value(groups[name] ?? "", depth + 1)));
    }
    return null;
  };
  /** A value that was filled in: known itself, or a list of such. */
  const value = (text: string, depth: number): string => {
    if (depth > MAX_DEPTH) return text;
    const parts = text.split(/(, | and | or )/);
    return parts.map((part, i) => (i % 2 === 0 ? known(part, depth) : says[part]) ?? part).join("");
  };

  const kept = new Map<string, string>();
  return (text) => {
    if (text.length > MAX_CHARS) return text;
    const before = kept.get(text);
    if (before !== undefined) return before;
    const said =
      known(text, 0) ??
      text
        .split(/(?<=[.?]) (?=\S)/)
        .map((sentence) => known(sentence, 0) ?? sentence)
        .join(" ");
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(text, said);
    return said;
  };
}

function likeOf(key: string): RegExp {
  const parts = key.split(/\{(\w+)\}/);
  const source = parts.map((part, i) =>
    i % 2 === 0 ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : `(?<${part}>.+?)`,
  );
  return new RegExp(`^${source.join("")}$`, "u");
}

/** The texts of a language's file, its errors by code among them, and how it says what the server says. */
export function readTexts(
  file: Texts,
  isRightToLeft: boolean,
): { texts: Texts; say: (text: string) => string } {
  const { codes = {}, says = {}, ...texts } = file;
  return { texts: { ...texts, ...(codes as Words) }, say: createSay(says as Words, isRightToLeft) };
}
