import { phraseOf, wordsOf } from "./canonical-text.ts";
import { findRequest } from "./find-verb.ts";
import type { Grounding } from "./grounding.ts";
import type { UserWords } from "./user-words.ts";

/** `Send "Hello"`, `saying 'see you'`, `the description should be "…"`: the text itself, word for word. */
const DICTATED =
  /\b(?:say|says|saying|write|writing|post|posting|send|sending|text|message|body|content|description|note|comment|words|reading|reads)\b(?:\s+(?:should|shall|must|to|with|the|a|an|text|message|body|words|content|be|is|of|it|reading|says?)){0,4}\s*[:,]?\s*(?:"([^"\n]{2,2000})"|“([^”\n]{2,2000})”|«([^»\n]{2,2000})»|['‘]((?:[^'’\n]|['’](?=\p{L})){2,2000})['’](?!\p{L}))/giu;

/** What is to be filled in: "Dinner at {restaurant}". */
const BLANK = /\{[^{}]*\}|<[^<>]*>|\[[^[\]]*\]/;

const known = new WeakMap<
  UserWords,
  readonly { readonly pieces: readonly (readonly string[])[]; readonly sentence: readonly string[] }[]
>();

/**
 * Whether the user dictated what this tool should say, and the text is another: then it is not what they
 * asked for. A text that holds the dictated one may have a greeting around it.
 */
export function isOtherThanDictated(value: string, { said, manifest }: Grounding): boolean {
  const dictated = readDictated(said).filter(({ sentence }) => findRequest(sentence, manifest) !== null);
  if (dictated.length === 0) return false;
  const phrase = phraseOf(wordsOf(value));
  return !dictated.some(({ pieces }) => pieces.every((words) => phrase.includes(phraseOf(words))));
}

function readDictated(said: UserWords) {
  const cached = known.get(said);
  if (cached) return cached;
  const found = said.texts
    .filter((text) => text.isCurrent)
    .flatMap(({ text }) =>
      [...text.matchAll(DICTATED)].map((match) => {
        const dictation = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
        const pieces = dictation
          .split(BLANK)
          .map(wordsOf)
          .filter((words) => words.length > 0);
        const before =
          text
            .slice(0, match.index)
            .split(/[.!?;\n]\s/)
            .at(-1) ?? "";
        return {
          pieces,
          sentence: [...wordsOf(before), ...wordsOf(match[0].slice(0, match[0].search(/["“«'‘]/)))],
        };
      }),
    )
    .filter(({ pieces }) => pieces.length > 0);
  known.set(said, found);
  return found;
}
