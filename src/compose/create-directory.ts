import type { Directory, Principal } from "../types/principal.ts";

/** What the installation says of its company; read from settings. */
export type Company = {
  readonly name: string;
  readonly about: string;
  readonly domains: readonly string[];
  readonly groupTitles: Readonly<Record<string, string>>;
};

/** A snapshot of the directory with look-ups made once, however often it is asked. */
export function createDirectory(people: readonly Principal[], company: Company): Directory {
  const byId = new Map(people.map((person) => [person.id, person]));
  const byGroup = new Map<string, Principal[]>();
  for (const person of people) {
    for (const group of person.groups) {
      const members = byGroup.get(group);
      if (members) members.push(person);
      else byGroup.set(group, [person]);
    }
  }
  return {
    people,
    domains: company.domains,
    groupTitles: company.groupTitles,
    find: (id) => byId.get(id.toLowerCase()) ?? null,
    inGroup: (group) => byGroup.get(group) ?? [],
  };
}
