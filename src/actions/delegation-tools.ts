import { z } from "zod";
import {
  type Delegation,
  findDelegation,
  findDelegationByKey,
  listDelegationsOf,
} from "../store/delegations/delegations.ts";
import { bindTool } from "../types/bind-tool.ts";
import { EVERYONE } from "../types/label.ts";
import type { Directory, Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { ActionResult, AnyTool, Tool, ToolContext } from "../types/tool.ts";
import { timeText } from "./card-text.ts";
import {
  assertDelegable,
  bringBackDelegation,
  delegate,
  endDelegation,
  readUntil,
} from "./delegate-votes.ts";
import { DELEGATE, LIST_DELEGATIONS, REVOKE_DELEGATION } from "./delegation-manifests.ts";
import type { ExecutorDeps } from "./executor-deps.ts";
import { findColleague } from "./find-colleague.ts";

/** Kind of record of a delegation. */
const KIND = "steward.delegation";

type Deps = () => Pick<ExecutorDeps, "db">;
type Unready = Exclude<ActionResult, { status: "succeeded" }>;
type DelegateArgs = { readonly to: string; readonly until: string };
type RevokeArgs = { readonly from?: string | undefined };

/** Tools by which people hand their votes to a colleague and take them back. */
export function createDelegationTools(deps: Deps): readonly AnyTool[] {
  return [bindTool(delegateTool(deps)), bindTool(listTool(deps)), bindTool(revokeTool(deps))];
}

function delegateTool(deps: Deps): Tool<DelegateArgs> {
  const plan = (args: DelegateArgs, context: ToolContext) =>
    trying(() => {
      const { principal, directory, now } = context;
      const to = findColleague(args.to, principal, directory, "to");
      if ("status" in to) return to;
      assertDelegable(principal, to);
      return { to, until: readUntil(args.until, principal, now) };
    });
  return {
    name: DELEGATE.name,
    manifest: DELEGATE,
    schema: z.strictObject({ to: z.string().min(1).max(320), until: z.string().min(1).max(40) }),
    preview: async (args, context) => {
      const found = plan(args, context);
      if ("status" in found) return found;
      const until = timeText(found.until, context.principal);
      return {
        status: "ready",
        line: `Let ${found.to.name} approve for you until ${until}`,
        changes: [{ field: "Decides for you", before: null, after: found.to.name }],
        resource: { id: found.to.id, title: found.to.name, attributes: {} },
        context: { isEmployee: found.to.groups.includes(EVERYONE) },
        risk: "normal",
      };
    },
    run: async (args, context) => {
      const found = plan(args, context);
      if ("status" in found) return found;
      const { principal: from, key } = context;
      return made(await delegate(deps().db, { key, from, ...found }), context);
    },
    reconcile: async (_, context) => {
      const before = await findDelegationByKey(deps().db, context.key);
      return before && made(before, context);
    },
    undo: async (given, { principal }) => {
      await endDelegation(deps().db, String(given.id), principal.id);
      return done("Your approvals are your own again.");
    },
  };
}

function listTool(deps: Deps): Tool<Record<string, never>> {
  return {
    name: LIST_DELEGATIONS.name,
    manifest: LIST_DELEGATIONS,
    schema: z.strictObject({}) as z.ZodType<Record<string, never>>,
    run: async (_, { principal, directory }) => {
      const all = await listDelegationsOf(deps().db, principal.id);
      const lines = all.map((one) => `- ${say(one, principal, directory)}`);
      return {
        status: "succeeded",
        summary: all.length === 0 ? "Nobody decides for you, and you decide for nobody." : lines.join("\n"),
        data: {
          delegations: all.map(({ id, from, to, until }) => ({ id, from, to, until: until.toISOString() })),
        },
        records: all.map((one) => toRecord(one, principal, directory)),
      };
    },
  };
}

function revokeTool(deps: Deps): Tool<RevokeArgs> {
  const find = async (
    { from }: RevokeArgs,
    { principal, directory }: ToolContext,
  ): Promise<readonly Delegation[] | Unready> => {
    const own = (await listDelegationsOf(deps().db, principal.id)).filter((one) => one.from === principal.id);
    if (own.length === 0) return failed("DLG-404", "You have not handed your approvals to anybody.");
    if (from === undefined) return own;
    const whom = findColleague(from, principal, directory, "from");
    if ("status" in whom) return whom;
    const theirs = own.filter((one) => one.to === whom.id);
    return theirs.length > 0
      ? theirs
      : failed("DLG-404", `You have not handed your approvals to ${whom.name}.`);
  };
  const namesIn = (all: readonly Delegation[], directory: Directory) =>
    [...new Set(all.map(({ to }) => directory.find(to)?.name ?? to))].join(" and ");
  return {
    name: REVOKE_DELEGATION.name,
    manifest: REVOKE_DELEGATION,
    schema: z.strictObject({ from: z.string().min(1).max(320).optional() }),
    preview: async (args, context) => {
      const found = await find(args, context);
      if ("status" in found) return found;
      const names = namesIn(found, context.directory);
      return {
        status: "ready",
        line: `Take your approvals back from ${names}`,
        changes: [],
        resource: { id: found[0]?.id ?? "none", title: names, attributes: {} },
        context: {},
        risk: "normal",
      };
    },
    run: async (args, context) => {
      const found = await find(args, context);
      if ("status" in found) return found;
      for (const one of found) await endDelegation(deps().db, one.id, context.principal.id);
      const ids = found.map(({ id }) => ({ id }));
      return {
        status: "succeeded",
        summary: `You decide yourself again: **${namesIn(found, context.directory)}** no longer approves for you.`,
        data: { delegations: ids },
        records: found.map((one) => toRecord(one, context.principal, context.directory)),
        undo: { ids: found.map(({ id }) => id) },
      };
    },
    undo: async (given, { principal }) => {
      const ids = Array.isArray(given.ids) ? given.ids.map(String) : [];
      for (const id of ids) {
        const one = await findDelegation(deps().db, id);
        if (one?.revokedAt) await bringBackDelegation(deps().db, id, principal.id);
      }
      return done("The delegation is back.");
    },
  };
}

const done = (summary: string): ActionResult => ({ status: "succeeded", summary, data: {}, records: [] });
const failed = (code: string, message: string): Unready => ({ status: "failed", code, message });

/** What cannot be is a value here, with the words of the error. */
function trying<T>(work: () => T): T | Unready {
  try {
    return work();
  } catch (error) {
    if (error instanceof StewardError) return failed(error.code, `${error.message} Nothing was handed over.`);
    throw error;
  }
}

function made(one: Delegation, { principal, directory }: ToolContext): ActionResult {
  const name = directory.find(one.to)?.name ?? one.to;
  return {
    status: "succeeded",
    summary: `**${name}** can now approve and refuse for you until ${timeText(one.until, principal)}. You can still decide yourself, and take it back at any time.`,
    data: { id: one.id, to: one.to, until: one.until.toISOString() },
    records: [toRecord(one, principal, directory)],
    undo: { id: one.id },
  };
}

/** "Marek Novak decides for you until Fri 27 Nov, 23:59". */
function say(one: Delegation, viewer: Principal, directory: Directory): string {
  const nameOf = (id: string) => directory.find(id)?.name ?? id;
  const until = timeText(one.until, viewer);
  return one.from === viewer.id
    ? `${nameOf(one.to)} decides for you until ${until}`
    : `You decide for ${nameOf(one.from)} until ${until}`;
}

const toRecord = (one: Delegation, viewer: Principal, directory: Directory) => ({
  kind: KIND,
  id: one.id,
  title: say(one, viewer, directory),
});
