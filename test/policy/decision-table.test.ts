import { describe, expect, it } from "vitest";
import { mayApprove } from "../../src/policy/may-approve.ts";
import { compareWithOracle, PEOPLE } from "./decision-oracle.ts";
import { loadOrFail, person } from "./demo-policies.ts";

const policies = loadOrFail();

describe("the demo company's rules", () => {
  it("decide each row of a generated table as an independent oracle does", () => {
    const { rows, differences } = compareWithOracle(policies);
    expect(differences.slice(0, 3)).toEqual([]);
    expect(rows).toBeGreaterThanOrEqual(5000);
  }, 60_000);
});

describe("who may approve", () => {
  const request = (group: string, requester = PEOPLE[1]) => ({
    requester: requester?.id ?? "",
    group,
    action: "crm.updateDeal",
    resource: "deal-1",
  });

  it("lets a member of the named group approve for somebody else", () => {
    expect(mayApprove(policies, person("Tom Becker", ["sales-managers"]), request("sales-managers"))).toEqual(
      { ok: true, rules: ["approve-by-role"] },
    );
  });

  it("lets the person who asked confirm where the rule says requester, and nobody else", () => {
    expect(mayApprove(policies, person("Sam Ito"), request("requester")).ok).toBe(true);
    expect(
      mayApprove(policies, person("Tom Becker", ["sales-managers"]), request("requester")),
    ).toMatchObject({ ok: false, rules: ["approve-requester-only"] });
  });

  it.each([
    ["for themselves", person("Sam Ito", ["sales-managers"]), "sales-managers", "approve-not-self"],
    ["of another group", person("Kim Adler", ["finance"]), "sales-managers", null],
    ["of no group", { ...person("Gus Guest"), groups: [] }, "sales-managers", null],
    ["of a group called like it", person("Kim Adler", ["sales-managers "]), "sales-managers", null],
    [
      "of a group that is named requester",
      person("Kim Adler", ["requester"]),
      "requester",
      "approve-requester-only",
    ],
  ])("refuses somebody %s", (_, approver, group, rule) => {
    const answer = mayApprove(policies, approver, request(group));
    expect(answer.ok).toBe(false);
    expect(answer.rules).toEqual(rule ? [rule] : []);
  });
});
