import type { DecisionRequest } from "../../src/policy/decide.ts";
import { decide } from "../../src/policy/decide.ts";
import type { PolicySet } from "../../src/policy/load-policies.ts";
import { person } from "./demo-policies.ts";

export const PEOPLE = [
  person("Kim Adler"),
  person("Sam Ito", ["sales"]),
  person("Fay Brandt", ["finance"]),
  person("Tom Becker", ["sales", "sales-managers"]),
  { ...person("Gus Guest"), groups: [] },
];

type Expected = { effect: "permit" | "ask" | "forbid"; needs: Record<string, number> };

/** What the demo company's rules mean, said again in TypeScript by reading DESIGN and the rules' sentences, not their Cedar. */
export function oracle({ principal, action, resource, context, approvals }: DecisionRequest): Expected {
  const attributes = { ...resource.attributes, ...context } as Record<string, number & string & boolean>;
  const isIn = (group: string) => principal.groups.includes(group);
  const needs: Record<string, number> = {};
  let isBanned = !isIn("everyone");
  const isRead = ["docs.search", "crm.listDeals", "calendar.listEvents"].includes(action);
  if (!isRead && attributes.isUngrounded) needs.requester = 1;
  if (action.startsWith("calendar.") && !isRead) {
    if ((attributes.externalAttendees ?? 0) > 0) needs.requester = 1;
    if (["calendar.moveEvent", "calendar.cancelEvent"].includes(action) && !attributes.isOrganizer)
      isBanned = true;
  }
  if (action === "crm.updateDeal") {
    if (!isIn("sales")) isBanned = true;
    const isBig = Math.abs(attributes.deltaMinor ?? 0) > 1_000_000;
    const closes = attributes.changesStage && (attributes.stage === "won" || attributes.stage === "lost");
    if (isBig || (closes && (attributes.amountMinor ?? 0) > 1_000_000)) needs["sales-managers"] = 1;
  }
  if (action === "invoice.book") {
    if (attributes.isDuplicate) isBanned = true;
    if (!(isIn("finance") && attributes.poMatched)) needs.finance = 1;
  }
  if (action === "invoice.pay") {
    if (attributes.isDuplicate || !attributes.poMatched || !attributes.vendorKnown || !attributes.ibanMatches)
      isBanned = true;
    needs.finance = 2;
  }
  if (isBanned) return { effect: "forbid", needs: {} };
  const missing = Object.entries(needs).filter(([group, count]) => (approvals[group] ?? 0) < count);
  return missing.length === 0
    ? { effect: "permit", needs: {} }
    : { effect: "ask", needs: Object.fromEntries(missing) };
}

function* combinations(choices: Record<string, readonly unknown[]>): Generator<Record<string, never>> {
  const [first, ...rest] = Object.entries(choices);
  if (!first) {
    yield {};
    return;
  }
  for (const tail of combinations(Object.fromEntries(rest)))
    for (const value of first[1]) yield { [first[0]]: value as never, ...tail };
}

const yesNo = [true, false];
const APPROVALS: readonly Readonly<Record<string, number>>[] = [
  {},
  { requester: 1 },
  { "sales-managers": 1 },
  { finance: 1 },
  { finance: 2 },
  { finance: 2, requester: 1, "sales-managers": 1 },
];

export function* table(): Generator<DecisionRequest> {
  const all = (
    action: string,
    resources: Record<string, readonly unknown[]>,
    contexts: Record<string, readonly unknown[]>,
  ) =>
    [...combinations(resources)].flatMap((attributes) =>
      [...combinations({ ...contexts, isUngrounded: yesNo })].flatMap((context) =>
        PEOPLE.flatMap((principal) =>
          APPROVALS.map((approvals) => ({
            principal,
            action,
            approvals,
            resource: { id: "r", attributes },
            context: { ...context, hasExternal: false },
          })),
        ),
      ),
    );
  for (const action of ["docs.search", "crm.listDeals", "calendar.listEvents", "crm.logNote"])
    yield* all(action, { owner: ["x"] }, {});
  for (const name of ["createEvent", "moveEvent", "cancelEvent", "addAttendee"]) {
    yield* all(
      `calendar.${name}`,
      { owner: ["x"] },
      { attendeeDomains: [["brightwell.example"]], externalAttendees: [0, 1], isOrganizer: yesNo },
    );
  }
  yield* all(
    "crm.updateDeal",
    { owner: ["x"], amountMinor: [1_000_000, 1_000_001] },
    {
      deltaMinor: [0, 1_000_000, 1_000_001, -1_000_000, -1_000_001],
      stage: ["proposal", "won", "lost"],
      changesStage: yesNo,
    },
  );
  const invoice = {
    poMatched: yesNo,
    vendorKnown: yesNo,
    ibanMatches: yesNo,
    isDuplicate: yesNo,
    grossMinor: [100],
  };
  yield* all("invoice.book", invoice, {});
  yield* all("invoice.pay", invoice, {});
}

/** Decides each row of the table and compares it with what the oracle says. */
export function compareWithOracle(policies: PolicySet): {
  readonly rows: number;
  readonly differences: readonly unknown[];
} {
  let rows = 0;
  const differences: unknown[] = [];
  for (const request of table()) {
    rows++;
    const expected = oracle(request);
    const actual = decide(policies, request);
    const needs = actual.effect === "ask" ? actual.approvers : {};
    if (
      actual.effect !== expected.effect ||
      JSON.stringify(sorted(needs)) !== JSON.stringify(sorted(expected.needs))
    ) {
      differences.push({ request, expected, actual });
    }
  }
  return { rows, differences };
}

function sorted(record: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
