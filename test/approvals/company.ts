import { readFileSync } from "node:fs";
import type { Gate } from "../../src/actions/gate.ts";
import { createDirectory } from "../../src/compose/create-directory.ts";
import { createGate } from "../../src/compose/create-gate.ts";
import { BUILT_IN_POLICIES } from "../../src/compose/read-policies.ts";
import { loadPolicies, type PolicySet } from "../../src/policy/load-policies.ts";
import type { Directory, Principal } from "../../src/types/principal.ts";
import { GATE } from "../flows/harness.ts";

const person = (name: string, manager: string | null, groups: readonly string[] = []): Principal => ({
  id: `${name.toLowerCase()}@acme.example`,
  name,
  title: "",
  manager: manager && `${manager.toLowerCase()}@acme.example`,
  groups: name === "Gus" ? groups : ["everyone", ...groups],
  zone: "UTC",
  locale: "en-GB",
});

/** Bob, Carol and Erin are bosses; Nina is above Bob and Carol, Alice (who asks) above Erin; Gus is a guest. */
export const NINA = person("Nina", null);
export const ALICE = person("Alice", "Bob");
export const BOB = person("Bob", "Nina", ["bosses"]);
export const CAROL = person("Carol", "Nina", ["bosses"]);
export const ERIN = person("Erin", "Alice", ["bosses"]);
export const DAVE = person("Dave", "Carol");
export const FAY = person("Fay", "Carol");
export const GUS = person("Gus", null);
const EVERYBODY = [NINA, ALICE, BOB, CAROL, ERIN, DAVE, FAY, GUS];

const COMPANY = {
  name: "Acme",
  about: "",
  domains: ["acme.example"],
  groupTitles: { bosses: "a boss", nobodies: "a nobody" },
};

/** The directory, in which people change their groups. */
export function openDirectory() {
  let directory = createDirectory(EVERYBODY, COMPANY);
  return {
    now: (): Directory => directory,
    change: (changed: Principal) => {
      directory = createDirectory(
        directory.people.map((one) => (one.id === changed.id ? changed : one)),
        COMPANY,
      );
    },
    reset: () => {
      directory = createDirectory(EVERYBODY, COMPANY);
    },
  };
}

const RULES = `
@id("read") permit (principal, action == Action::"purse.look", resource);
@id("spend") permit (principal, action == Action::"purse.spend", resource);
@id("undo") permit (principal, action in [Action::"steward.undo", Action::"steward.undoAll"], resource);
@id("needs-boss") @approval("bosses:1") @within("PT1H") @reason("Large.")
forbid (principal, action == Action::"purse.spend", resource) when { context.amount >= 100 && context.amount < 500 };
@id("needs-two") @approval("bosses:2") @within("PT1H") @reason("Very large.")
forbid (principal, action == Action::"purse.spend", resource) when { context.amount >= 500 && context.amount < 800 };
@id("needs-nobody") @approval("nobodies:1") @within("PT1H") @reason("Odd.")
forbid (principal, action == Action::"purse.spend", resource) when { context.amount >= 800 && context.amount < 900 };
@id("needs-requester") @approval("requester:1") @within("PT1H") @reason("Sure?")
forbid (principal, action == Action::"purse.spend", resource) when { context.amount >= 900 && context.amount < 1000 };
@id("too-much") @reason("Nobody may spend that much.")
forbid (principal, action == Action::"purse.spend", resource) when { context.amount >= 1000 };
`;

const read = (name: string) => ({
  path: name,
  text: readFileSync(new URL(name, `file://${BUILT_IN_POLICIES}`), "utf8"),
});
const write = (name: string) => ({ name, effect: "write" as const, resource: {}, context: {} });

/** Rules of the purse with the built-in ones of who may approve. */
export function loadRules(extra = ""): PolicySet {
  const loaded = loadPolicies(
    [{ path: "purse.cedar", text: RULES + extra }, read("approve.cedar")],
    read("steward.cedarschema"),
    [
      { name: "purse.look", effect: "read", resource: {}, context: {} },
      { ...write("purse.spend"), context: { amount: "Long" } },
      write("steward.undo"),
      write("steward.undoAll"),
    ],
  );
  if (!loaded.ok) throw new Error(loaded.problems.map((one) => one.message).join("\n"));
  return loaded.policies;
}

/** Cedar decides; what a person writes counts as grounded. */
export function createRuledGate(policies: () => PolicySet): Gate {
  return { ...createGate(policies, new Map()), ground: GATE.ground, walk: GATE.walk };
}
