import { createContext } from "preact";
import { useContext } from "preact/hooks";
import en from "../texts/en.json" with { type: "json" };
import { formatNumber, type Reader } from "./time.ts";

/** The texts of panels and of the page, in English too, come with them. */
type Later = typeof import("../texts/en.later.json", { with: { type: "json" }});
export type TextKey = keyof typeof en | keyof Later;
/** A text, or one for each plural form of its `n` (CLDR's names: zero, one, two, few, many, other). */
export type Texts = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
type Values = Readonly<Record<string, string | number>>;

/** A reader with their texts. What a language does not say is said in English. */
export type Voice = Reader & {
  readonly language: string;
  readonly dir: "ltr" | "rtl";
  readonly t: (key: TextKey, values?: Values) => string;
  /** The same in pieces, for a text with something else than words in it. */
  readonly pieces: <T>(key: TextKey, values: Readonly<Record<string, T>>) => (string | T)[];
  /** A fixed sentence of the server; whatever else comes from there stays as it is. */
  readonly say: (text: string) => string;
};
export type Said = { readonly texts: Texts; readonly say: Voice["say"] };
const ASIS: Said = { texts: {}, say: (text) => text };

/** Each language is one file of `texts/`, loaded when somebody reads it; English is always there. */
const OTHERS: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  ar: () => import("../texts/ar.json", { with: { type: "json" } }),
  de: () => import("../texts/de.json", { with: { type: "json" } }),
  es: () => import("../texts/es.json", { with: { type: "json" } }),
  fr: () => import("../texts/fr.json", { with: { type: "json" } }),
};
export const LANGUAGES: readonly string[] = ["en", ...Object.keys(OTHERS)];
let english: Texts = en;

/** Adds the English texts of a part that came later. */
export function addEnglish(more: Later): void {
  english = { ...english, ...more };
}

const RIGHT_TO_LEFT = /^(?:ar|fa|he|ur)\b/;

/** The first of these that there are texts for; "en" when none is. */
export function pickLanguage(wishes: readonly (string | null | undefined)[]): string {
  for (const wish of wishes) {
    const language = wish?.toLowerCase().split(/[-_]/)[0] ?? "";
    if (LANGUAGES.includes(language)) return language;
  }
  return "en";
}

/** Texts of a language; none, which is English, when they cannot be loaded now. */
export async function loadTexts(language: string): Promise<Said> {
  try {
    const [file, { readTexts }] = await Promise.all([OTHERS[language]?.(), import("./say.ts")]);
    return file ? readTexts(file.default as Texts, RIGHT_TO_LEFT.test(language)) : ASIS;
  } catch {
    return ASIS;
  }
}

export function createVoice(reader: Reader, language: string, { texts, say } = ASIS): Voice {
  const pieces = <T>(key: TextKey, values: Readonly<Record<string, T>>): (string | T)[] => {
    const said = texts[key] ?? english[key] ?? "";
    const text =
      typeof said === "string"
        ? said
        : (said[new Intl.PluralRules(language).select(Number(values.n))] ?? said.other ?? "");
    return text.split(/\{(\w+)\}/).map((part, i) => {
      if (i % 2 === 0) return part;
      const value = values[part];
      return typeof value === "number" ? formatNumber(value, reader) : (value ?? "");
    });
  };
  return {
    ...reader,
    language,
    dir: RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr",
    pieces,
    say,
    t: (key, values = {}) => pieces(key, values).join(""),
  };
}

export const ENGLISH: Voice = createVoice(
  { locale: "en-GB", zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  "en",
);
export const VoiceContext = createContext<Voice>(ENGLISH);
export const useVoice = (): Voice => useContext(VoiceContext);
