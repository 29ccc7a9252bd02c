import { readElectorate } from "../actions/eligible.ts";
import {
  type Executed,
  executeAction,
  reconcileAction,
  saveExecuted,
  statusOf,
} from "../actions/execute-action.ts";
import type { Grounds } from "../actions/gate.ts";
import { openApproval } from "../actions/open-approval.ts";
import { ACTION_KIND } from "../actions/own-tools.ts";
import { type Prepared, prepareCall } from "../actions/prepare-call.ts";
import { changed, finished } from "../actions/settle-action.ts";
import { findAction, findTurnActions } from "../store/actions/find-actions.ts";
import { saveAction } from "../store/actions/save-action.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Sql } from "../store/db.ts";
import type { Action } from "../types/action.ts";
import type { JsonObject } from "../types/json.ts";
import type { ToolCall, ToolOutcome } from "../types/model.ts";
import type { Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { AnyTool } from "../types/tool.ts";
import type { TurnDeps } from "./turn-deps.ts";
import type { TurnWriter } from "./turn-writer.ts";
import { waitingText } from "./waiting-text.ts";

type CallWork = {
  readonly deps: TurnDeps;
  readonly writer: TurnWriter;
  readonly turn: string;
  readonly principal: Principal;
  readonly grounds: Omit<Grounds, "spent">;
  readonly signal: AbortSignal;
};

type PreparedAction = Extract<Prepared, { kind: "prepared" }>;

/**
 * Gives every open call of the last answer its outcome. Reads run side by side; what changes something runs one
 * after the other, in the model's order, each as policy says. Calls that an earlier worker had begun are settled by
 * their key instead of being run again.
 */
export async function resolveCalls(
  work: CallWork,
  calls: readonly ToolCall[],
  isResumed: boolean,
): Promise<void> {
  const begun = isResumed ? await findTurnActions(work.deps.db, work.turn) : [];
  const isRead = (call: ToolCall) => work.deps.tools.get(call.tool)?.manifest.effect === "read";
  const created: RecordRef[] = [];
  const spent: Grounds["spent"][number][] = [];
  const prepare = async (call: ToolCall) =>
    await prepareCall(
      work.deps,
      call,
      { session: work.writer.session, turn: work.turn },
      { ...work.grounds, created: [...work.grounds.created, ...created], spent: [...spent] },
      work.signal,
    );

  const reads = calls.filter(isRead);
  await Promise.all(reads.map(async (call) => await resolveRead(work, call, await prepare(call))));
  for (const call of calls.filter((other) => !isRead(other))) {
    const earlier = begun.find((action) => action.call === call.id);
    const end = earlier
      ? await resolveBegun(work, earlier)
      : await resolveWrite(work, call, await prepare(call));
    if (end?.outcome.status === "succeeded") {
      created.push(...end.records);
      spent.push({ tool: call.tool, args: call.args });
    }
  }
}

function addOutcome(work: CallWork, call: ToolCall, action: string, outcome: ToolOutcome): void {
  work.writer.add({
    type: "action.finished",
    data: { turn: work.turn, action, call: call.id, tool: call.tool, outcome, records: [], facts: [] },
  });
}

async function resolveRead(work: CallWork, call: ToolCall, prepared: Prepared): Promise<void> {
  if (prepared.kind === "immediate") return addOutcome(work, call, "", prepared.outcome);
  const { action, tool } = prepared;
  if (action.decision.effect !== "permit") return refuseRead(work, prepared);
  announce(work, tool);
  const executed = await executeAction(work.deps, action, tool, work.principal, work.signal);
  const status = statusOf(executed.end);
  work.writer.add(finished(action, executed.outcome, executed.records, executed.facts));
  work.writer.store(async (sql) => {
    await saveAction(sql, { ...action, status, finishedAt: work.deps.now() });
    await audit(sql, action, `action.${status}`);
  });
}

/** A read that policy does not simply permit is not done: nobody is asked to approve a look. */
function refuseRead(work: CallWork, { action }: PreparedAction): void {
  const { decision } = action;
  const message =
    decision.effect === "forbid"
      ? decision.reason
      : decision.effect === "ask"
        ? decision.reasons.join(" ")
        : "";
  work.writer.add(finished(action, { status: "forbidden", rules: decision.rules, message }));
  work.writer.store(async (sql) => {
    await saveAction(sql, { ...action, status: "forbidden", finishedAt: work.deps.now() });
    await audit(sql, action, "action.forbidden");
  });
}

type WriteEnd = { readonly outcome: ToolOutcome; readonly records: readonly RecordRef[] };

async function resolveWrite(work: CallWork, call: ToolCall, prepared: Prepared): Promise<WriteEnd | null> {
  if (prepared.kind === "immediate") {
    addOutcome(work, call, "", prepared.outcome);
    return null;
  }
  const { action, tool } = prepared;
  const { decision } = action;
  // Read before anything is written down: a slow turn is committed early, and an action that waits must not be without
  // its card in that commit, for nobody would ever be asked.
  const electorate = decision.effect === "ask" ? await readElectorate(work.deps) : null;
  work.writer.store(async (sql) => await saveAction(sql, action));
  if (decision.effect === "forbid") {
    work.writer.add(
      finished(action, { status: "forbidden", rules: decision.rules, message: decision.reason }),
    );
    work.writer.add(changed(action, "decided"));
    work.writer.store(async (sql) => await audit(sql, action, "action.forbidden"));
    return null;
  }
  if (decision.effect === "ask" && electorate) {
    holdAction(work, prepared, decision, electorate);
    return null;
  }
  // Intent before deed: `running` and its key are committed before the call (promise 5).
  const given: JsonObject = prepared.grants.length > 0 ? { grants: prepared.grants.map(({ id }) => id) } : {};
  work.writer.store(async (sql) => await audit(sql, action, "action.started", given));
  await work.writer.commit();
  announce(work, tool);
  const executed = await executeAction(work.deps, action, tool, work.principal, work.signal);
  // An action that was taken back in words looks different on its own card now.
  for (const record of executed.records) {
    const touched = record.kind === ACTION_KIND ? await findAction(work.deps.db, record.id) : null;
    if (touched) work.writer.add(changed(touched, "undone"));
  }
  return addExecuted(work, action, executed);
}

function holdAction(
  work: CallWork,
  { action, grants }: PreparedAction,
  decision: Extract<Action["decision"], { effect: "ask" }>,
  electorate: Awaited<ReturnType<typeof readElectorate>>,
): void {
  const { deps, writer } = work;
  let opened: { id: string; expiresAt: Date } | null = null;
  writer.later(async (sql) => {
    opened = await openApproval(sql, action, decision, deps.now(), { grants });
    await audit(sql, action, "approval.asked", {
      approval: opened.id,
      approvers: decision.approvers,
      ...(grants.length > 0 ? { grants: grants.map(({ id }) => id) } : {}),
    });
  });
  writer.after(() => {
    if (opened) deps.onApproval(opened);
  });
  const expiresAt = new Date(deps.now().getTime() + decision.withinMs);
  writer.add(
    finished(action, {
      status: "waiting",
      message: waitingText(electorate, action, decision, expiresAt, work.principal),
    }),
    changed(action, "decided"),
  );
}

async function resolveBegun(work: CallWork, action: Action): Promise<WriteEnd | null> {
  const tool = work.deps.tools.get(action.tool);
  if (action.status !== "running" || !tool) {
    const outcome: ToolOutcome =
      action.status === "awaiting"
        ? { status: "waiting", message: `This waits for approval: ${action.preview?.line ?? action.tool}.` }
        : (action.result ?? { status: "failed", code: "TRN-500", message: "It was not done." });
    // Its card may not have been shown yet.
    work.writer.add(finished(action, outcome), changed(action, "decided"));
    return null;
  }
  const executed = await reconcileAction(work.deps, action, tool, work.principal, work.signal);
  return addExecuted(work, action, executed);
}

function addExecuted(work: CallWork, action: Action, executed: Executed): WriteEnd {
  work.writer.add(
    finished(action, executed.outcome, executed.records, executed.facts),
    changed(action, "finished"),
  );
  work.writer.store(async (sql) => await saveExecuted(sql, action, executed));
  return { outcome: executed.outcome, records: executed.records };
}

function announce(work: CallWork, tool: AnyTool): void {
  const { title } = tool.manifest;
  const step = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
  work.deps.onDelta({ session: work.writer.session, turn: work.turn, text: "", step });
}

async function audit(
  sql: Sql,
  action: Action,
  type: string,
  more: Parameters<typeof writeAudit>[1]["data"] = {},
): Promise<void> {
  await writeAudit(sql, {
    actor: action.principal,
    type,
    subject: action.id,
    data: {
      tool: action.tool,
      digest: action.digest,
      rules: action.decision.rules,
      // Enough to find it among the policy versions that are kept.
      policy: action.policyVersion.slice(0, 16),
      ...more,
    },
  });
}
