import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDelegationTools } from "../../src/actions/delegation-tools.ts";
import { createDirectory } from "../../src/compose/create-directory.ts";
import type { Db } from "../../src/store/db.ts";
import { listActiveDelegations } from "../../src/store/delegations/delegations.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ActionResult, AnyTool } from "../../src/types/tool.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { ALICE, BOB, CAROL, GUS } from "./company.ts";

const TWIN: Principal = { ...CAROL, id: "bob.two@acme.example", name: "Bob Two" };
const BOB_ONE: Principal = { ...BOB, name: "Bob One" };
const DIRECTORY = createDirectory([ALICE, BOB_ONE, TWIN, CAROL, GUS], {
  name: "Acme",
  about: "",
  domains: ["acme.example"],
  groupTitles: {},
});
const NOW = new Date();
const TOMORROW = new Date(NOW.getTime() + 86_400_000).toISOString();

for (const kind of databaseKinds()) {
  describe(`handing a vote over on ${kind}`, () => {
    let db: Db;
    let tools: ReadonlyMap<string, AnyTool>;
    beforeAll(async () => {
      db = await freshDatabase(kind);
      tools = new Map(createDelegationTools(() => ({ db })).map((tool) => [tool.name, tool]));
    });
    afterAll(async () => await db.close());

    const context = (key: string) => ({
      principal: ALICE,
      directory: DIRECTORY,
      now: NOW,
      session: "ses_1",
      key,
      signal: AbortSignal.timeout(10_000),
      records: null as never,
      files: null as never,
    });
    const toolOf = (name: string): AnyTool => {
      const tool = tools.get(`steward.${name}`);
      if (!tool) throw new Error(`no tool ${name}`);
      return tool;
    };
    const run = async (name: string, args: JsonObject, key = "k") =>
      await toolOf(name).run(args, context(key));
    const undo = async (name: string, done: ActionResult) =>
      await toolOf(name).undo?.(done.status === "succeeded" ? (done.undo ?? {}) : {}, context("undo"));
    const active = async () => (await listActiveDelegations(db)).map(({ from, to }) => [from, to]);

    it("happens once for one key, can be listed, undone, taken back and brought back", async () => {
      const made = await run("delegate", { to: "carol", until: TOMORROW });
      await run("delegate", { to: "carol", until: TOMORROW });
      expect(await toolOf("delegate").reconcile?.({ to: "carol", until: TOMORROW }, context("k"))).toEqual(
        made,
      );
      expect(await active()).toEqual([[ALICE.id, CAROL.id]]);
      expect(await run("listDelegations", {})).toMatchObject({
        summary: expect.stringContaining("Carol decides for you"),
      });
      await undo("delegate", made);
      expect(await active()).toEqual([]);
      await run("delegate", { to: CAROL.id, until: TOMORROW }, "k2");
      const revoked = await run("revokeDelegation", { from: "Carol" });
      expect(await active()).toEqual([]);
      await undo("revokeDelegation", revoked);
      expect(await active()).toEqual([[ALICE.id, CAROL.id]]);
      await run("revokeDelegation", {});
      expect(await run("revokeDelegation", {})).toMatchObject({ status: "failed", code: "DLG-404" });
      const trail = await db.query<{ type: string }>(
        "select type from audit where type like 'delegation.%' order by id",
      );
      expect(trail.map((row) => row.type)).toEqual([
        "delegation.made",
        "delegation.revoked",
        "delegation.made",
        "delegation.revoked",
        "delegation.restored",
        "delegation.revoked",
      ]);
    });

    it("asks which of two colleagues is meant", async () => {
      const asked = await run("delegate", { to: "Bob", until: TOMORROW }, "k3");
      expect(asked).toMatchObject({ status: "asks", arg: "to" });
      expect(asked.status === "asks" && asked.options.map(({ value }) => value)).toEqual([BOB.id, TWIN.id]);
    });

    it("is refused to oneself, to a guest, to nobody, and for a time that is over or too far away", async () => {
      const far = new Date(NOW.getTime() + 31 * 86_400_000).toISOString();
      for (const [to, until] of [
        [ALICE.id, TOMORROW],
        ["Gus", TOMORROW],
        ["Zoe", TOMORROW],
        ["Carol", "2020-01-01"],
        ["Carol", far],
        ["Carol", "whenever"],
      ] as const) {
        const result = await run("delegate", { to, until }, `k4 ${to} ${until}`);
        expect(result.status).toBe("failed");
        expect(await toolOf("delegate").preview?.({ to, until }, context(""))).toEqual(result);
      }
      expect(await active()).toEqual([]);
    });
  });
}
