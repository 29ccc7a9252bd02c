import type { ArgSpec, ToolManifest } from "../../types/tool.ts";
import { isFunctionWord, stemOf, wordsOf } from "../words.ts";

export type Span = { readonly from: number; readonly to: number };

/** A run of words that no other reading has taken. */
export type Phrase = Span & {
  readonly text: string;
  /** The preposition before it, in lower case, or "". */
  readonly after: string;
  readonly isCapital: boolean;
  readonly words: readonly string[];
};

/** People's words for kinds of records, besides the kind's own name. */
const KIND_WORDS: Readonly<Record<string, readonly string[]>> = {
  account: ["account", "customer", "client", "company", "contact", "record", "prospect"],
  deal: ["deal", "opportunity", "opp"],
  event: ["event", "meeting", "appointment", "calendar", "diary", "agenda"],
  invoice: ["invoice", "bill"],
  vendor: ["vendor", "supplier"],
  order: ["order", "po", "purchase"],
};

const PREPOSITIONS = new Set(
  "of at for on with from to in by about regarding under into onto called named titled re against as until".split(
    " ",
  ),
);
/** Joins of names: "Bank of Ireland" is rare, "Lumen & Oak" is not. */
const JOINTS = /^\s*[&+/]\s*$/;

export function kindWords(kind: string): readonly string[] {
  const own = kind.split(".").at(-1) ?? kind;
  return KIND_WORDS[own] ?? [own];
}

/** Stems that a tool's own vocabulary accounts for: verbs, its title, kinds and labels of its arguments. */
export function vocabularyOf(manifest: ToolManifest): ReadonlySet<string> {
  const words = [...manifest.verbs.flatMap(wordsOf), ...wordsOf(manifest.title)];
  for (const spec of Object.values(manifest.args))
    words.push(...wordsOf(spec.label), ...vocabularyOfArg(spec));
  return new Set(words.map(stemOf));
}

function vocabularyOfArg(spec: ArgSpec): readonly string[] {
  return spec.kind ? kindWords(spec.kind) : [];
}

/** Words in requests that never name anything. */
const CHATTER = new Set(
  `new whole entire current latest last next amount value price sum total stage status phase closing close date time
  number phone email mail address details detail info information overview summary data open update today tomorrow
  minute hour half day week month instead back forward later earlier again also too well kindly quickly asap now
  thing stuff somebody everyone everybody going need make set put take bring push crm deals notes note comment remark
  entry customer client account hold big large major old existing note memo thank don doesn isn won`
    .split(/\s+/)
    .map(stemOf),
);

/**
 * Cuts what is left of a text into runs of words, at taken spans, punctuation, prepositions and
 * function words. Capitalised neighbours and "&" stay together.
 */
export function phrasesOf(
  text: string,
  taken: readonly Span[],
  drop: ReadonlySet<string>,
): readonly Phrase[] {
  const phrases: Phrase[] = [];
  let run: { from: number; to: number; words: string[] } | null = null;
  let after = "";
  const flush = () => {
    if (run) {
      const said = text.slice(run.from, run.to);
      phrases.push({
        from: run.from,
        to: run.to,
        text: said,
        after,
        isCapital: /^\p{Lu}/u.test(said),
        words: run.words,
      });
      after = "";
    }
    run = null;
  };
  let previous = 0;
  for (const m of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’.-][\p{L}\p{N}\p{M}]+)*/gu)) {
    const from = m.index;
    const to = from + m[0].length;
    const gap = text.slice(previous, from);
    previous = to;
    if (taken.some((s) => s.from < to && from < s.to)) {
      flush();
      after = "";
      continue;
    }
    if (/[,;:.!?()"\n–—]|\s-\s/.test(gap) && !JOINTS.test(gap)) {
      flush();
      after = "";
    }
    const bare = m[0].replace(/['’]s$/, "");
    const word = bare.toLowerCase();
    const isName = /^\p{Lu}/u.test(bare) && phrases.length + (run ? 1 : 0) + from > 0;
    const isJoined = run !== null && JOINTS.test(gap);
    if (PREPOSITIONS.has(word)) {
      flush();
      after = word;
      continue;
    }
    const isDropped = isFunctionWord(word) || drop.has(stemOf(word)) || CHATTER.has(stemOf(word));
    if (isDropped && !isJoined && !(isName && !isFunctionWord(word) && run)) {
      flush();
      continue;
    }
    const end = from + bare.length;
    // "owe Thames Couriers", "visit Globex": a name begins where the capitals do.
    const isNameStart = isName && run !== null && !/\p{Lu}/u.test(text.slice(run.from, run.to)) && !isJoined;
    if (run && !isNameStart && !/[^\s&+/-]/.test(text.slice(run.to, from))) {
      run.to = end;
      run.words.push(word);
    } else {
      flush();
      run = { from, to: end, words: [word] };
    }
    // "Globex's renewal": a possessive ends a name.
    if (bare.length < m[0].length) flush();
  }
  flush();
  return phrases;
}
