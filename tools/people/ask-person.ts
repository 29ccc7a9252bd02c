import type { Json } from "../../src/types/json.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { plainText } from "../plain-text.ts";
import { type Person, resolvePerson } from "./resolve-person.ts";

type Refused = Exclude<ActionResult, { status: "succeeded" }>;

/** The people meant, or the question or failure that stands in the way. */
export type PeopleFound =
  | { readonly ok: true; readonly people: readonly Person[] }
  | { readonly ok: false; readonly result: Refused };

/**
 * Resolves each of the words to people, teams to their members, without doubles and in order. The options
 * of a question hold the whole list with the doubtful one replaced, so that the call can be repeated with it.
 */
export function askPeople(arg: string, said: readonly string[], context: ToolContext): PeopleFound {
  const people = new Map<string, Person>();
  for (const [at, words] of said.entries()) {
    const match = resolvePerson(words, context.directory, context.principal);
    if (match.kind === "one") people.set(match.person.id, match.person);
    else if (match.kind === "team") for (const p of match.people) people.set(p.id, asPerson(p));
    else if (match.kind === "none") return refuse(nobody(words, match.isOwnDomain));
    else {
      const value = (id: string): Json => said.map((other, i) => (i === at ? id : other));
      return refuse(whichPerson(arg, words, match, value));
    }
  }
  return { ok: true, people: [...people.values()] };
}

/** The one person meant by the words, or the question or failure that stands in the way. */
export function askPerson(arg: string, words: string, context: ToolContext): PeopleFound {
  const match = resolvePerson(words, context.directory, context.principal);
  if (match.kind === "one") return { ok: true, people: [match.person] };
  if (match.kind === "none") return refuse(nobody(words, match.isOwnDomain));
  const several = match.kind === "team" ? { people: match.people, isGuess: false } : match;
  if (several.people.length === 1 && match.kind === "team") {
    return { ok: true, people: several.people.map(asPerson) };
  }
  return refuse(whichPerson(arg, words, several, (id) => id));
}

function asPerson(person: Principal): Person {
  return { id: person.id, name: person.name, isExternal: false };
}

function refuse(result: Refused): PeopleFound {
  return { ok: false, result };
}

function whichPerson(
  arg: string,
  words: string,
  match: { people: readonly Principal[]; isGuess: boolean },
  value: (id: string) => Json,
): Refused {
  const question = match.isGuess
    ? `I know nobody called '${plainText(words, 60)}'. Did you mean one of these?`
    : `Which '${plainText(words, 60)}' do you mean?`;
  const options = match.people
    .slice(0, 8)
    .map((p) => ({ label: `${p.name}, ${p.title}`, value: value(p.id) }));
  return { status: "asks", question, arg, options };
}

function nobody(words: string, isOwnDomain: boolean): Refused {
  const said = plainText(words, 60);
  const message = isOwnDomain
    ? `The directory has nobody with the address ${said}. Nothing was done. Check the spelling, or give the name.`
    : `I found nobody called '${said}' in the directory. Nothing was done. Give a full name or a job title, or the e-mail address of someone outside.`;
  return { status: "failed", code: "DIR-404", message };
}
