import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { delegate } from "../../src/actions/delegate-votes.ts";
import { climbApprovals } from "../../src/flows/climb-approvals.ts";
import { findOverdueApprovals } from "../../src/store/approvals/find-approvals.ts";
import { addInbox } from "../../src/store/inbox/add-inbox.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { idOf } from "./company-people.ts";
import { OWN_RULES, type StageHouse } from "./stage-house.ts";

const HOUR_MS = 3_600_000;

/** What happens to the company and its systems while a request waits. */
export type StageWorld = {
  person(name: string): Principal;
  /** Other groups than in the demo; null for those. */
  regroup(name: string, groups: readonly string[] | null): Promise<void>;
  /** Cedar rules besides those that the house was opened with; "" for none. */
  addRules(text: string): Promise<void>;
  handVotes(from: string, to: string): Promise<void>;
  takeVotesBack(): Promise<void>;
  /** The time of all that waits is over, and somebody noticed; or nobody did yet. */
  timeIsUp(isNoticed: boolean): Promise<void>;
  /** Three quarters of the time have passed without an answer. */
  nobodyAnswers(): Promise<void>;
  /** The tool stops answering, after or before it did its work; null: it answers again. */
  silence(tool: string, when: "after" | "before" | null): void;
  /** Of the deal with this title, in minor units. */
  amountOf(deal: string): Promise<number>;
  /** How often a record was written. */
  versionOf(deal: string): Promise<number>;
  /** As the demo begins. */
  reset(): Promise<void>;
};

export function stageWorld(house: StageHouse, rules: string): StageWorld {
  const { db, installation } = house;
  const { deps, policies, directory } = installation;
  const before = new Map(house.people.map((person) => [person.id, person]));
  const tools = deps.tools as Map<string, AnyTool>;
  const whole = new Map<string, AnyTool>();

  const person = (name: string): Principal => {
    const found = deps.directory().find(idOf(name));
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const regroup = async (name: string, groups: readonly string[] | null) => {
    const own = groups ?? before.get(idOf(name))?.groups ?? [];
    await db.query("update people set groups = $2 where id = $1", [idOf(name), own]);
    await installation.refreshPeople();
  };
  const write = async (text: string) => {
    await writeFile(join(directory, "policies", OWN_RULES), `${rules}\n${text}`);
    await policies.reload();
    const [problem] = policies.problems();
    if (problem) throw new Error(problem.message);
  };
  const silence = (name: string, when: "after" | "before" | null) => {
    const tool = whole.get(name) ?? tools.get(name);
    if (!tool) throw new Error(`There is no tool ${name}.`);
    whole.set(name, tool);
    if (when === null) return void tools.set(name, tool);
    const noAnswer = async () => {
      throw new Error("The connection was reset.");
    };
    const run: AnyTool["run"] = async (args, context) => {
      if (when === "after") await tool.run(args, context);
      return await noAnswer();
    };
    tools.set(name, { ...tool, run, reconcile: noAnswer });
  };
  const recordOf = async (deal: string) => {
    const [row] = await db.query<{ version: number; data: { amountMinor: number } }>(
      "select version, data from records where kind = 'crm.deal' and data ->> 'title' = $1",
      [deal],
    );
    if (!row) throw new Error(`There is no deal ${deal}.`);
    return row;
  };

  return {
    person,
    regroup,
    addRules: write,
    handVotes: async (from, to) => {
      const until = new Date(Date.now() + HOUR_MS);
      await delegate(db, {
        key: `${from} ${to} ${Math.random()}`,
        from: person(from),
        to: person(to),
        until,
      });
    },
    takeVotesBack: async () => {
      await db.query("update delegations set revoked_at = now() where revoked_at is null");
    },
    timeIsUp: async (isNoticed) => {
      await db.query(
        "update approvals set expires_at = now() - interval '1 second' where status = 'pending'",
      );
      if (!isNoticed) return;
      for (const { id, action, session } of await findOverdueApprovals(db))
        await addInbox(db, { session, kind: "decide", dedupe: `expire:${id}`, data: { action } });
      await house.quiet();
    },
    nobodyAnswers: async () => {
      await climbApprovals(deps, policies.ladder(), new Date(Date.now() + 3.5 * HOUR_MS));
      await house.quiet();
    },
    silence,
    amountOf: async (deal) => (await recordOf(deal)).data.amountMinor,
    versionOf: async (deal) => (await recordOf(deal)).version,
    reset: async () => {
      for (const name of whole.keys()) silence(name, null);
      await db.query("update delegations set revoked_at = now() where revoked_at is null");
      const changed = deps
        .directory()
        .people.filter(({ id, groups }) => groups.join() !== before.get(id)?.groups.join());
      for (const { id } of changed) await regroup(id.split("@")[0] ?? "", null);
      await write("");
    },
  };
}
