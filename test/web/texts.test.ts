import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSay } from "../../channels/web/widget/text/say.ts";
import { createVoice, LANGUAGES, loadTexts, pickLanguage } from "../../channels/web/widget/text/texts.ts";
import { ERRORS } from "../../src/types/error-catalogue.ts";

const DIRECTORY = new URL("../../channels/web/widget/texts/", import.meta.url);
type Entry = string | Record<string, string>;
type File = Record<string, Entry> & { codes?: Record<string, string>; says?: Record<string, string> };
const readFile = (language: string): File =>
  JSON.parse(readFileSync(new URL(`${language}.json`, DIRECTORY), "utf8"));
/** The page's own texts; what a file has for the server's words is looked at apart. */
const read = (language: string): Record<string, Entry> => {
  const { codes: _codes, says: _says, ...texts } = readFile(language);
  return texts;
};
/** English is in two files: what a panel or the page says comes with it. */
const english = { ...read("en"), ...read("en.later") };
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const forms = (entry: Entry | undefined) => (typeof entry === "object" ? entry : { other: entry ?? "" });
const reader = { locale: "en-GB", zone: "Europe/Berlin" };

test("every file of texts is a language that can be chosen, and the other way round", () => {
  const files = readdirSync(DIRECTORY).map((name) => name.replace(/(?:\.later)?\.json$/, ""));
  expect([...new Set(files)].sort()).toEqual([...LANGUAGES].sort());
});

describe.each(LANGUAGES)("the texts in '%s'", (language) => {
  const texts = language === "en" ? english : read(language);

  test("have every key, in order, and no other", () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    for (const file of language === "en" ? ["en", "en.later"] : [language])
      expect(Object.keys(read(file))).toEqual(Object.keys(read(file)).sort());
  });

  test("have every placeholder of every key, and say something", () => {
    for (const [key, entry] of Object.entries(english)) {
      const wanted = placeholders(forms(entry).other ?? "");
      for (const [form, text] of Object.entries(forms(texts[key]))) {
        expect(text.trim(), key).not.toBe("");
        // A form for one or two may have the number as a word.
        const isNumbered = form !== "zero" && form !== "one" && form !== "two";
        if (isNumbered) expect(placeholders(text), `${key} (${form})`).toEqual(wanted);
        else for (const name of placeholders(text)) expect(wanted, `${key} (${form})`).toContain(name);
      }
    }
  });

  test("have each plural form that the language has", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    for (const [key, entry] of Object.entries(texts)) {
      expect(typeof entry, key).toBe(typeof english[key]);
      if (typeof entry === "object") expect(Object.keys(entry).sort(), key).toEqual(pluralCategories.sort());
    }
  });

  test("never hold markup, exclamation marks or names of people", () => {
    for (const entry of Object.values(texts))
      for (const text of Object.values(forms(entry))) expect(text).not.toMatch(/[<>!¡]/);
  });
});

describe("a voice", () => {
  test("is in the first language wished for that there are texts for", () => {
    expect(pickLanguage([null, "pt-BR", "de-AT", "fr"])).toBe("de");
    expect(pickLanguage(["AR_eg"])).toBe("ar");
    expect(pickLanguage(["xx", "", "__proto__", "constructor"])).toBe("en");
  });

  test("counts as the language counts", async () => {
    const arabic = createVoice({ ...reader, locale: "ar" }, "ar", await loadTexts("ar"));
    const said = [0, 1, 2, 3, 11, 100].map((n) => arabic.t("found", { n }));
    expect(new Set(said).size).toBe(6);
    expect(arabic.dir).toBe("rtl");
    const german = createVoice({ ...reader, locale: "de-DE" }, "de", await loadTexts("de"));
    expect(german.t("found", { n: 1 })).toBe("1 Gespräch gefunden");
    expect(german.t("tooLong", { n: 20_001, max: 20_000 })).toContain("20.001 von 20.000");
  });

  test("says in English what a language does not say, and takes values for no more than text", () => {
    const voice = createVoice(reader, "de", { texts: {}, say: (text) => text });
    expect(voice.t("send")).toBe("Send");
    expect(voice.t("asks", { name: "{name} $& <b>" })).toBe("{name} $& <b> asks");
  });
});

/** All that the server's parts say, in one text; sentences over several lines of source are one there too. */
const spokenByServer = (): string => {
  const texts: string[] = [];
  for (const [room, ending] of [
    ["src", ".ts"],
    ["tools", ".ts"],
    ["policies", ".cedar"],
    ["demo", "people.json"],
  ] as const) {
    const base = new URL(`../../${room}/`, import.meta.url);
    for (const name of readdirSync(base, { recursive: true, encoding: "utf8" }))
      if (name.endsWith(ending)) texts.push(readFileSync(new URL(name, base), "utf8"));
  }
  return texts.join("\n");
};
const OTHERS = LANGUAGES.filter((language) => language !== "en");

describe("what the server says, in the page's language", () => {
  test("is known by code, each of the catalogue, in every language", () => {
    for (const language of OTHERS) {
      const { codes = {} } = readFile(language);
      expect(Object.keys(codes), language).toEqual(Object.keys(readFile("de").codes ?? {}));
      for (const [code, text] of Object.entries(codes)) {
        expect(ERRORS, language).toHaveProperty([code]);
        expect(text, `${language} ${code}`).toMatch(/^[^<>!¡{}]+\.$/);
      }
    }
  });

  test("is known by sentences that it does say, with the same values, in every language", () => {
    const source = spokenByServer();
    const english = Object.keys(readFile("de").says ?? {});
    // What stands behind a comma may be filled in there.
    for (const sentence of english)
      for (const part of sentence.split(/\{\w+\}|, /)) expect(source.includes(part), sentence).toBe(true);
    for (const language of OTHERS) {
      const { says = {} } = readFile(language);
      expect(Object.keys(says), language).toEqual(english);
      for (const [sentence, said] of Object.entries(says)) {
        expect(placeholders(said), `${language} ${sentence}`).toEqual(placeholders(sentence));
        expect(said).not.toMatch(/[<>!¡]/);
      }
    }
  });

  test("is said whole or sentence by sentence; names, figures and words of others stay as they are", () => {
    const say = createSay(readFile("de").says ?? {});
    expect(say("This needs a sales manager: ask Sofia Marin or Tom Becker.")).toBe(
      "Zuständig: eine Vertriebsleitung. Fragen Sie Sofia Marin oder Tom Becker.",
    );
    expect(say("amount from invoice.pdf, page 1, external")).toBe(
      "Betrag aus invoice.pdf, page 1, von außen",
    );
    expect(say("Cannot be undone. Deals in Oslo need Anna.")).toBe(
      "Kann nicht rückgängig gemacht werden. Deals in Oslo need Anna.",
    );
    for (const own of [
      "",
      "Ada and Ben want this.",
      "constructor",
      "toString",
      "{who} {n}",
      "x\n\ny",
      "a. b. c",
    ])
      expect(say(own)).toBe(own);
  });

  test("keeps dates and names together between words that run from the right", async () => {
    const { say } = await loadTexts("ar");
    expect(say("Issued on 2026-11-16, due on 2026-12-16.")).toBe(
      "صدرت في \u20682026-11-16\u2069 وتستحق في \u20682026-12-16\u2069.",
    );
  });

  test("takes what stands in a sentence for words and never for a pattern, in little time", () => {
    const say = createSay(readFile("de").says ?? {});
    expect(say("Only $& {who} (.+?) can undo this.")).toBe("Nur $& {who} (.+?) kann dies rückgängig machen.");
    const started = performance.now();
    for (const piece of ["Net ", " and tax ", "a, ", " from ", " that you did not write", ". "])
      for (const end of ["", " make the total", "!"]) say(piece.repeat(390 / piece.length) + end);
    say("a".repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
