import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createVoice, LANGUAGES, loadTexts, pickLanguage } from "../../channels/web/widget/text/texts.ts";

const DIRECTORY = new URL("../../channels/web/widget/texts/", import.meta.url);
type Entry = string | Record<string, string>;
const read = (language: string): Record<string, Entry> =>
  JSON.parse(readFileSync(new URL(`${language}.json`, DIRECTORY), "utf8"));
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
    const voice = createVoice(reader, "de", {});
    expect(voice.t("send")).toBe("Send");
    expect(voice.t("asks", { name: "{name} $& <b>" })).toBe("{name} $& <b> asks");
  });
});
