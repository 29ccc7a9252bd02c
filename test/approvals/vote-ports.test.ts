import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { covers } from "../../src/actions/make-grant.ts";
import type { VotePorts } from "../../src/api/vote-ports.ts";
import { createVotePorts } from "../../src/compose/create-vote-ports.ts";
import type { Installation } from "../../src/compose/installation.ts";
import { findApproval } from "../../src/store/approvals/find-approvals.ts";
import type { Db } from "../../src/store/db.ts";
import type { GrantScope } from "../../src/store/grants/grants.ts";
import { type House, openHouse } from "../flows/harness.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { ALICE, BOB, CAROL, createRuledGate, loadRules, openDirectory } from "./company.ts";

for (const kind of databaseKinds()) {
  describe(`a list of approvals on ${kind}`, () => {
    let db: Db;
    let house: House;
    let ports: VotePorts;
    const hooks = { runs: 0 };

    beforeAll(async () => {
      db = await freshDatabase(kind);
      const policies = loadRules();
      const gate = createRuledGate(() => policies);
      house = openHouse(db, hooks, { gate, directory: openDirectory().now });
      ports = createVotePorts({ db, deps: house.deps, worker: house.worker } as Installation);
    });
    afterAll(async () => {
      await house.worker.close();
      await db.close();
      expect(house.errors).toEqual([]);
    });

    it("is taken one by one: what has changed is refused, the others go on", async () => {
      const ids: string[] = [];
      const digests: string[] = [];
      for (const amount of [110, 120, 130]) {
        const id = (await house.ask(`spend ${amount}`)).actions[0]?.approval ?? "";
        ids.push(id);
        digests.push((await findApproval(db, id))?.digest ?? "");
      }
      const stale = "f".repeat(64);
      const { results } = await ports.approveAll(BOB.id, [
        { id: ids[0] ?? "", digest: digests[0] ?? "" },
        { id: ids[1] ?? "", digest: stale },
        { id: "apr_none", digest: stale },
        { id: ids[2] ?? "", digest: digests[2] ?? "" },
        { id: ids[0] ?? "", digest: digests[0] ?? "" },
      ]);
      expect(results.map(({ ok, code }) => [ok, code])).toEqual([
        [true, null],
        [false, "APR-409"],
        [false, "APR-404"],
        [true, null],
        [true, null],
      ]);
      await house.until(async () => hooks.runs === 2);
      expect((await findApproval(db, ids[1] ?? ""))?.votes).toEqual([]);
      const own = await ports.approveAll(ALICE.id, [{ id: ids[1] ?? "", digest: digests[1] ?? "" }]);
      expect(own.results[0]).toMatchObject({ ok: false, code: "APR-403" });
    });

    it("takes back only one's own standing yes and one's own delegation", async () => {
      const id = (await house.ask("spend 140")).actions[0]?.approval ?? "";
      const { castVote } = await import("../../src/actions/cast-vote.ts");
      await castVote(house.deps, {
        approval: id,
        voter: BOB,
        verdict: "approve",
        reason: null,
        edit: null,
        grantUntil: new Date(Date.now() + 3_600_000),
      });
      const [grant] = await ports.grants(BOB.id);
      expect(await ports.grants(ALICE.id)).toEqual([grant]);
      expect(await ports.grants(CAROL.id)).toEqual([]);
      for (const other of [ALICE, CAROL]) {
        await expect(ports.revokeGrant(other.id, grant?.id ?? "")).rejects.toMatchObject({ code: "GRT-404" });
      }
      await ports.revokeGrant(BOB.id, grant?.id ?? "");
      await expect(ports.revokeGrant(BOB.id, grant?.id ?? "")).rejects.toMatchObject({ code: "GRT-404" });
      expect(await ports.grants(BOB.id)).toEqual([]);
    });

    it("hands no vote over where policy says nothing of it", async () => {
      const until = new Date(Date.now() + 3_600_000).toISOString();
      await expect(ports.delegate(BOB.id, { to: CAROL.id, until })).rejects.toMatchObject({
        code: "DLG-403",
      });
      await expect(ports.delegate(BOB.id, { to: "x@y.example", until })).rejects.toMatchObject({
        code: "DIR-404",
      });
      expect(await ports.delegations(CAROL.id)).toEqual([]);
    });
  });
}

describe("a standing yes", () => {
  const scope = (over: Partial<GrantScope> = {}): GrantScope => ({
    rules: ["big"],
    context: { amount: 100, delta: -50, stage: "won", domains: ["a.example", "b.example"], isNew: false },
    fixed: { to: "ann@a.example" },
    ...over,
  });
  const context = (over: GrantScope["context"]) => scope({ context: { ...scope().context, ...over } });

  it("covers the same and less", () => {
    expect(covers(scope(), scope())).toBe(true);
    expect(covers(scope(), context({ amount: 1, delta: -1, domains: ["b.example"] }))).toBe(true);
    expect(covers(scope(), scope({ rules: [] }))).toBe(true);
  });

  it("covers nothing that is more or other", () => {
    const { amount: _, ...less } = scope().context;
    const others = [
      context({ amount: 101 }),
      context({ amount: -1 }),
      context({ delta: -51 }),
      context({ delta: 1 }),
      context({ stage: "lost" }),
      context({ domains: ["a.example", "evil.example"] }),
      context({ isNew: true }),
      context({ extra: "new" }),
      context({ amount: Number.NaN }),
      scope({ context: less }),
      scope({ rules: ["big", "other"] }),
      scope({ fixed: { to: "eve@a.example" } }),
      scope({ fixed: {} }),
    ];
    for (const wished of others) expect(covers(scope(), wished)).toBe(false);
  });
});
