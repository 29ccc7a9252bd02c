import type { AnyTool, ToolManifest } from "../../types/tool.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";
import { kindWords } from "./phrases.ts";

const KINDS = ["account", "deal", "event", "invoice", "reminder"];
const AFTER_VERB =
  "(?:\\s+(?:up|off|out|away|back|down|me|us))?(?:\\s+(?:the|a|an|my|our|this|that|his|her|their|all|whole|new|old|entire))*\\s+";

/**
 * What a request is to be done to, where it says so right after the verb ("delete the deal …"): the verb, the word and
 * the kind of thing. Null where no such word stands there.
 */
export function directObject(
  text: string,
  verbs: readonly string[],
): { readonly verb: string; readonly word: string; readonly kind: string } | null {
  for (const kind of KINDS)
    for (const word of kindWords(kind)) {
      if (word === "contact" || word === "record" || word === "purchase") continue;
      const found = new RegExp(`\\b(\\p{L}+)${AFTER_VERB}(${word})s?\\b`, "iu").exec(text.slice(0, 200));
      const verb = found?.[1]?.toLowerCase();
      if (!verb || !verbs.some((v) => stemOf(v) === stemOf(verb))) continue;
      return { verb, word, kind };
    }
  return null;
}

/** Whether a tool has to do with a kind of thing: it takes or makes one, or its own words name it. */
export function isAboutKind(manifest: ToolManifest, kind: string): boolean {
  const words = new Set(kindWords(kind).map(stemOf));
  const own = Object.values(manifest.args).some((s) => s.kind?.split(".").at(-1) === kind);
  return own || wordsOf(`${manifest.title} ${manifest.examples.join(" ")}`).some((w) => words.has(stemOf(w)));
}

/**
 * "Delete the deal …" where no tool does that to a deal: the verb and the word for it, so that it is said instead of
 * done to something else. Null for what can be done, and for what only looks.
 */
export function impossibleDeed(
  text: string,
  tools: readonly AnyTool[],
): { readonly verb: string; readonly word: string; readonly kind: string } | null {
  const verbsOf = (isRead: boolean) =>
    new Set(
      tools
        .filter((t) => (t.manifest.effect === "read") === isRead)
        .flatMap((t) => t.manifest.verbs.map(stemOf)),
    );
  const looks = verbsOf(true);
  const object = directObject(
    text,
    [...verbsOf(false)].filter((verb) => !looks.has(verb)),
  );
  if (!object) return null;
  const before = wordsOf(text.slice(0, text.toLowerCase().indexOf(object.verb)));
  if (!before.every((word) => isFunctionWord(word) || word === "steward")) return null;
  const isPossible = tools.some(
    ({ manifest }) =>
      manifest.effect !== "read" &&
      isAboutKind(manifest, object.kind) &&
      manifest.verbs.some((verb) => stemOf(verb) === stemOf(object.verb)),
  );
  return isPossible ? null : object;
}

/** The tools for a kind of thing, by what they take. */
export const toolsFor = (kind: string, tools: readonly AnyTool[]): readonly AnyTool[] =>
  tools.filter(({ manifest }) =>
    wordsOf(manifest.title).some((w) => kindWords(kind).map(stemOf).includes(stemOf(w))),
  );
