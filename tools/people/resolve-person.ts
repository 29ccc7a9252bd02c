import type { Directory, Principal } from "../../src/types/principal.ts";
import { fold, isNear, sharesStart, singular, wordsOf } from "../match-words.ts";

/** Someone who can be invited: a colleague, or an address outside the company. */
export type Person = { readonly id: string; readonly name: string; readonly isExternal: boolean };

export type PersonMatch =
  | { readonly kind: "one"; readonly person: Person }
  /** Several fit equally well, or (`isGuess`) only nearly. Best first. */
  | { readonly kind: "several"; readonly people: readonly Principal[]; readonly isGuess: boolean }
  /** A team was named. */
  | { readonly kind: "team"; readonly people: readonly Principal[] }
  | { readonly kind: "none"; readonly isOwnDomain: boolean };

const EMAIL = /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63}){1,8}$/u;
const SELF = new Set(["me", "myself", "i", "self", "mine"]);
const FILLERS = new Set(
  "the of our a an for in at from and to mr mrs ms dr please colleague person someone with".split(" "),
);
const TEAM_WORDS = new Set(
  "team department everyone everybody all group staff whole member members folks colleagues dept".split(" "),
);
/** What people call a role → the words of the title. Both sides pass through this. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  lead: ["head"],
  leader: ["head"],
  chief: ["head"],
  director: ["head"],
  boss: ["head"],
  ceo: ["head", "executive"],
  cfo: ["head", "finance"],
  coo: ["head", "operation"],
  hr: ["people"],
  personnel: ["people"],
  admin: ["administrator"],
  sysadmin: ["it", "administrator"],
  uk: ["united", "kingdom"],
  ap: ["account", "payable"],
  accounting: ["finance"],
  ops: ["operation"],
};

/** Whether the address belongs to the company. */
export function isInternal(id: string, directory: Directory): boolean {
  return directory.domains.includes(id.slice(id.lastIndexOf("@") + 1).toLowerCase());
}

/**
 * Who is meant by the words: an e-mail address, "me", a name or a part of one, a job title ("head of sales",
 * "the sales lead"), "my manager", "Ana's boss", a name with a place ("Ben from engineering"), or a team.
 */
export function resolvePerson(words: string, directory: Directory, principal: Principal): PersonMatch {
  const text = words.trim().replace(/[.,;!?]+$/, "");
  const address = (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
  if (EMAIL.test(address)) return byAddress(address, directory);
  const said = wordsOf(text);
  if (said.length === 0 || text.length > 200) return { kind: "none", isOwnDomain: false };
  if (said.length === 1 && SELF.has(said[0] ?? "")) return one(principal);

  const boss = /^(?:the )?(my|.+?['’]s?) (?:line )?(?:manager|boss|supervisor)$/i.exec(text);
  if (boss?.[1]) return managerOf(boss[1], directory, principal);
  if (/^my (?:team|(?:direct )?reports)$/i.test(text)) {
    return people(directory.people.filter((p) => p.manager === principal.id));
  }
  const team = teamOf(said, directory);
  if (team) return { kind: "team", people: team.filter((p) => p.id !== principal.id) };

  for (const fits of [isFullName, isTitle, isPartOfName, isNameWithPlace, isRole]) {
    const found = directory.people.filter((p) => fits(p, said, directory));
    if (found.length === 1 && found[0]) return one(found[0]);
    if (found.length > 1) return { kind: "several", people: found, isGuess: false };
  }
  const near = directory.people.filter((p) => isNearName(p, said));
  if (near.length > 0) return { kind: "several", people: near, isGuess: true };
  return { kind: "none", isOwnDomain: false };
}

/** Members of the department or group that the words name ("finance", "the HR team"), or null. */
export function resolveGroup(words: string, directory: Directory): readonly Principal[] | null {
  return membersOf(wordsOf(words), directory);
}

function one(person: Principal): PersonMatch {
  return { kind: "one", person: { id: person.id, name: person.name, isExternal: false } };
}

function people(found: readonly Principal[]): PersonMatch {
  return found.length > 0 ? { kind: "team", people: found } : { kind: "none", isOwnDomain: false };
}

function byAddress(address: string, directory: Directory): PersonMatch {
  const known = directory.find(address);
  if (known) return one(known);
  if (isInternal(address, directory)) return { kind: "none", isOwnDomain: true };
  return { kind: "one", person: { id: address, name: address, isExternal: true } };
}

function managerOf(whose: string, directory: Directory, principal: Principal): PersonMatch {
  const of = /^my$/i.test(whose)
    ? one(principal)
    : resolvePerson(whose.replace(/['’]s?$/, ""), directory, principal);
  if (of.kind !== "one") return of;
  const manager = directory.find(of.person.id)?.manager;
  const found = manager ? directory.find(manager) : null;
  return found ? one(found) : { kind: "none", isOwnDomain: false };
}

function teamOf(said: readonly string[], directory: Directory): readonly Principal[] | null {
  return said.some((w) => TEAM_WORDS.has(w)) ? membersOf(said, directory) : null;
}

function membersOf(said: readonly string[], directory: Directory): readonly Principal[] | null {
  const named = said.filter((w) => !TEAM_WORDS.has(w) && !FILLERS.has(w));
  // "everyone in people" names the people team; a lone "everyone" names all.
  const wanted = roleWords(named);
  if (named.length === 0) return said.some((w) => /^every(one|body)$/.test(w)) ? directory.people : null;
  for (const group of new Set(directory.people.flatMap((p) => p.groups))) {
    if (sameSet(roleWords(wordsOf(group)), wanted)) return directory.inGroup(group);
  }
  return null;
}

function roleWords(said: readonly string[]): Set<string> {
  const kept = said.filter((w) => !FILLERS.has(w));
  return new Set(kept.flatMap((w) => SAME[w] ?? SAME[singular(w)] ?? [singular(w)]));
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.size > 0 && [...a].every((word) => b.has(word));
}

function isFullName(person: Principal, said: readonly string[]): boolean {
  return fold(person.name) === said.join(" ") || wordsOf(person.name).join(" ") === said.join(" ");
}

function isTitle(person: Principal, said: readonly string[]): boolean {
  return sameSet(roleWords(wordsOf(person.title)), roleWords(said));
}

function isPartOfName(person: Principal, said: readonly string[]): boolean {
  const kept = said.filter((w) => !FILLERS.has(w));
  const name = wordsOf(person.name);
  const whole = kept.filter((w) => name.includes(w));
  const initials = kept.filter((w) => !name.includes(w));
  return (
    whole.length > 0 &&
    initials.every((w) => w.length === 1 && name.some((n) => n.startsWith(w) && !whole.includes(n)))
  );
}

function isNameWithPlace(person: Principal, said: readonly string[]): boolean {
  const name = wordsOf(person.name);
  const place = roleWords([
    ...wordsOf(person.title),
    ...person.groups.flatMap((g) => wordsOf(g)),
    ...wordsOf(person.zone),
  ]);
  const kept = said.filter((w) => !FILLERS.has(w) && !TEAM_WORDS.has(w));
  return (
    kept.some((w) => name.includes(w)) &&
    kept.every((w) => name.includes(w) || [...roleWords([w])].every((r) => place.has(r)))
  );
}

/** A role that several may have: words of the title, or the name of a group ("sales manager", "in finance"). */
function isRole(person: Principal, said: readonly string[], directory: Directory): boolean {
  const wanted = roleWords(said);
  if (wanted.size === 0) return false;
  const title = roleWords(wordsOf(person.title));
  if ([...wanted].every((word) => title.has(word))) return true;
  return person.groups.some(
    (group) =>
      sameSet(roleWords(wordsOf(group)), wanted) ||
      sameSet(roleWords(wordsOf(directory.groupTitles[group] ?? "")), wanted),
  );
}

function isNearName(person: Principal, said: readonly string[]): boolean {
  const name = wordsOf(person.name);
  const kept = said.filter((w) => !FILLERS.has(w));
  return kept.length > 0 && kept.every((w) => name.some((n) => isNear(w, n) || sharesStart(w, n, 3)));
}
