import type { ToolManifest } from "../types/tool.ts";
import { findRequest, findVerb } from "./find-verb.ts";
import type { UserWords } from "./user-words.ts";

const LOOKING = [
  "read",
  "look",
  "check",
  "find",
  "show",
  "summarize",
  "summarise",
  "list",
  "search",
  "see",
  "count",
  "review",
  "open",
  "fetch",
];
const REFERRING = new Set([
  "it",
  "them",
  "him",
  "her",
  "there",
  "they",
  "that",
  "this",
  "these",
  "those",
  "one",
  "same",
  "both",
  "each",
  "every",
  "everyone",
  "everybody",
  "all",
  "accordingly",
]);
/** What somebody did: the name before it is who did it, not who receives. */
const DEED =
  /^(?:posted|sent|wrote|written|said|shared|has|had|is|was|owns|created|mentioned|asked|told|gave|uploaded|added|made|put|recommended|suggested|emailed|mailed|messaged|paid|bought)$/;
const OTHERS =
  /^(?:messages|users|members|people|posts|everyone|everybody|emails|mails|conversations?|discussions?|articles?|participants|attendees|files|threads?)$/;
/** With these, who wrote is who receives. */
const ANSWERING = [
  "reply",
  "respond",
  "answer",
  "thank",
  "get back",
  "pay back",
  "refund",
  "repay",
  "return",
  "reimburse",
  "invite",
  "add",
  "remove",
];

/**
 * Whether a name that the user wrote may be what a tool is aimed at. "Read the messages in general and send
 * Alice a summary" names `general` to be read, and "the article that Bob posted" names Bob as its author. Only
 * what is plainly meant otherwise is refused: a name with nothing but a verb of looking in its clause while the
 * tool's own clause refers to nothing, or one that each time is somebody who did something.
 */
export function isMeantAsTarget(said: UserWords, name: readonly string[], manifest: ToolManifest): boolean {
  const clauses = clausesOf(said.spokenWords);
  const asking = clauses.filter((clause) => findRequest(clause, manifest) !== null);
  if (asking.length === 0) return true;
  const naming = clauses.filter((clause) => placesOf(clause, name).length > 0);
  if (naming.length === 0) return true;
  const refers = asking.some((clause) => clause.some((word) => REFERRING.has(word)));
  const isAnswer = asking.some((clause) => findVerb(clause, ANSWERING) !== null);
  const isDoer = naming.every((clause) =>
    placesOf(clause, name).every(
      (at) => isDoerAt(clause, at, at + name.length) || isPlaceOfOthers(clause, at),
    ),
  );
  if (isDoer && !refers && !isAnswer) return false;
  if (refers) return true;
  return naming.some((clause) => asking.includes(clause) || findVerb(clause, LOOKING) === null);
}

function isDoerAt(clause: readonly string[], from: number, to: number): boolean {
  return DEED.test(clause[to] ?? "") || /^(?:from|by)$/.test(clause[from - 1] ?? "");
}

/** "The messages in general", "posted in general": says where something is, not where it goes. */
function isPlaceOfOthers(clause: readonly string[], at: number): boolean {
  const before = clause.slice(0, at).filter((word) => word !== "the" && word !== "channel");
  return (
    /^(?:in|on|of)$/.test(before.at(-1) ?? "") &&
    (DEED.test(before.at(-2) ?? "") || OTHERS.test(before.at(-2) ?? ""))
  );
}

function placesOf(clause: readonly string[], name: readonly string[]): readonly number[] {
  return clause.flatMap((_, at) => (name.every((word, k) => clause[at + k] === word) ? [at] : []));
}

/** Cuts at the ends of messages and where "and", "then" or "before" begin something new. */
function clausesOf(words: readonly string[]): readonly (readonly string[])[] {
  const clauses: string[][] = [[]];
  for (const word of words) {
    if (word === "|" || word === "." || word === "then" || word === "and" || word === "afterwards")
      clauses.push([]);
    else clauses.at(-1)?.push(word);
  }
  return clauses.filter((clause) => clause.length > 0);
}
