import { findOthersName } from "../types/others-name.ts";
import type { Directory, Principal } from "../types/principal.ts";
import { phraseOf, wordsOf } from "./canonical-text.ts";
import type { UserWords } from "./user-words.ts";

type Index = {
  readonly byWord: ReadonlyMap<string, readonly Principal[]>;
  readonly nameWords: ReadonlyMap<string, readonly string[]>;
  readonly titles: ReadonlyMap<string, readonly Principal[]>;
  readonly firstNames: ReadonlySet<string>;
};

const indexes = new WeakMap<Directory, Index>();
const LEADING = /^(?:head|lead|chief|director|manager|boss|leader)$/;
const GROUP_WORDS = /^(?:team|group|department|dept|folks|people|everyone|everybody)$/;

/**
 * The people whom the user's words name, each only when there is no doubt: a full name; a first or last
 * name that only one person has; a job title that only one has; "my manager"; "the sales lead"; the members
 * of "the finance team". Returns ids with how each was found, in words.
 */
export function findPeople(
  said: UserWords,
  directory: Directory,
  principal: Principal,
): ReadonlyMap<string, string> {
  const index = indexOf(directory);
  const found = new Map<string, string>();
  const full = new Set<string>();
  const spokenFor = new Set<string>();
  for (const word of said.words) {
    for (const person of index.byWord.get(word) ?? []) {
      const name = index.nameWords.get(person.id) ?? [];
      if (name.length > 1 && said.phrase.includes(phraseOf(name))) full.add(person.id);
    }
  }
  for (const id of full) {
    const name = index.nameWords.get(id) ?? [];
    const twins = [...full].filter((other) => index.nameWords.get(other)?.join(" ") === name.join(" "));
    if (twins.length === 1) found.set(id, `the directory: ${directory.find(id)?.name ?? id}`);
    for (const word of name) spokenFor.add(word);
  }
  for (const word of said.words) {
    const holders = index.byWord.get(word) ?? [];
    // Somebody called Ben who says "Ben" means the other one.
    const [only, ...others] = holders.length > 1 ? holders.filter(({ id }) => id !== principal.id) : holders;
    if (
      only &&
      others.length === 0 &&
      !spokenFor.has(word) &&
      word.length > 1 &&
      isSaidOf(only, word, said, index)
    ) {
      found.set(only.id, `the directory: ${only.name}`);
    }
  }
  for (const [title, holders] of index.titles) {
    const [only, ...others] = holders;
    if (only && others.length === 0 && said.phrase.includes(title))
      found.set(only.id, `the directory: ${only.title}`);
  }
  if (principal.manager && /\bmy (?:manager|boss|lead|line manager|supervisor)\b/.test(said.phrase)) {
    found.set(principal.manager, "the directory: your manager");
  }
  for (const [id, why] of findByGroup(said, directory)) found.set(id, why);
  return found;
}

/** Places of a name that are looked at; one that stands so often in other names only is not said. */
const MAX_PLACES = 200;

/** Whether a person's first or last name stands anywhere by itself, not in the name of somebody else. */
function isSaidOf(person: Principal, word: string, { text }: UserWords, index: Index): boolean {
  const own = person.name.split(/\s+/);
  const isFirstName = (first: string) => index.firstNames.has(first);
  let places = 0;
  // Words are letters and numbers (canonical-text.ts), so nothing in one means anything to a pattern.
  for (const { index: from } of text.matchAll(
    new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${word}(?![\\p{L}\\p{M}\\p{N}])`, "giu"),
  )) {
    if (findOthersName(text, from, from + word.length, own, isFirstName) === null) return true;
    places += 1;
    if (places >= MAX_PLACES) return false;
  }
  return places === 0;
}

function findByGroup(said: UserWords, directory: Directory): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const words = said.phrase.split(" ");
  const groups = new Set(directory.people.flatMap((person) => person.groups));
  for (const group of groups) {
    if (group === "everyone") continue;
    const name = wordsOf(group.replace(/-/g, " "));
    if (!said.phrase.includes(phraseOf(name))) continue;
    const at = words.findIndex((_, i) => name.every((part, k) => words[i + k] === part));
    const after = words[at + name.length] ?? "";
    const before = words.slice(Math.max(0, at - 3), at);
    const members = directory.inGroup(group);
    if (GROUP_WORDS.test(after) || before.some((word) => GROUP_WORDS.test(word))) {
      for (const person of members) found.set(person.id, `the directory: the ${name.join(" ")} group`);
    }
    const isLead = LEADING.test(after) || before.some((word) => LEADING.test(word));
    if (isLead) {
      const leads = members.filter((person) => wordsOf(person.title).some((word) => LEADING.test(word)));
      // The lead of a group is the one of its leads who does not report to another of them.
      const top = leads.filter((person) => !leads.some((other) => other.id === person.manager));
      const [only, ...others] = top;
      if (only && others.length === 0) found.set(only.id, `the directory: ${only.title}`);
    }
  }
  return found;
}

function indexOf(directory: Directory): Index {
  const known = indexes.get(directory);
  if (known) return known;
  const byWord = new Map<string, Principal[]>();
  const nameWords = new Map<string, readonly string[]>();
  const titles = new Map<string, Principal[]>();
  for (const person of directory.people) {
    const name = wordsOf(person.name);
    nameWords.set(person.id, name);
    for (const word of new Set(name)) push(byWord, word, person);
    const title = wordsOf(person.title);
    if (title.length > 1) push(titles, phraseOf(title), person);
  }
  const firstNames = new Set([...nameWords.values()].flatMap((name) => name.slice(0, 1)));
  const index = { byWord, nameWords, titles, firstNames };
  indexes.set(directory, index);
  return index;
}

function push(map: Map<string, Principal[]>, key: string, person: Principal): void {
  const list = map.get(key);
  if (list) list.push(person);
  else map.set(key, [person]);
}
