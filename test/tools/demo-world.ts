import { demoCalendars } from "../../demo/calendars.ts";
import { demoCrm } from "../../demo/crm.ts";
import company from "../../demo/people.json" with { type: "json" };
import type { Directory, Principal } from "../../src/types/principal.ts";
import type { RecordChange } from "../../src/types/record.ts";
import type { ToolContext } from "../../src/types/tool.ts";
import { createMemoryRecords } from "./memory-records.ts";
import type { ToolWorld } from "./tool-contract.ts";

/** A Wednesday in winter, 10:00 in Berlin and 09:00 in London. */
export const NOW = new Date("2027-02-10T09:00:00Z");

export const people: readonly Principal[] = company.people;

export const directory: Directory = {
  people,
  domains: company.domains,
  groupTitles: company.groupTitles,
  find: (id) => people.find((p) => p.id === id) ?? null,
  inGroup: (group) => people.filter((p) => p.groups.includes(group)),
};

export type DemoOptions = {
  /** Mail name of the one who asks; default `ben.okafor`. */
  readonly as?: string;
  readonly now?: Date;
  /** Records besides or instead of the demo company's. */
  readonly more?: readonly RecordChange[];
  readonly isEmpty?: boolean;
};

/** The demo company as tools see it, held in memory. */
export function demoWorld({
  as = "ben.okafor",
  now = NOW,
  more = [],
  isEmpty = false,
}: DemoOptions = {}): ToolWorld {
  const principal = directory.find(`${as}@brightwell.example`);
  if (!principal) throw new Error(`nobody called ${as}`);
  const seed = isEmpty ? [] : [...demoCalendars(now), ...demoCrm(now)];
  const records = createMemoryRecords([...seed, ...more]);
  const context: ToolContext = {
    principal,
    directory,
    now,
    key: "",
    signal: new AbortController().signal,
    records,
    files: { read: async () => null },
  };
  return { context, records };
}
