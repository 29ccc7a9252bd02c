import { findTurnActions } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import type { TurnRequest } from "../store/events/read-turn-request.ts";
import type { Action } from "../types/action.ts";
import type { Approval } from "../types/approval.ts";
import type { Card, CardApprovers, CardArgument, CardField, CardItem } from "../types/card.ts";
import type { Json } from "../types/json.ts";
import type { Principal } from "../types/principal.ts";
import type { AnyTool, ArgSpec } from "../types/tool.ts";
import { spanText, valueText } from "./card-text.ts";
import {
  candidates,
  countingVotes,
  type Electorate,
  readElectorate,
  refusalFor,
  seatFor,
  voteOf,
  voterName,
} from "./eligible.ts";
import type { ExecutorDeps } from "./executor-deps.ts";

const personRef = (deps: ExecutorDeps, id: string) => ({ id, name: deps.directory().find(id)?.name ?? id });

/**
 * The plan card of a turn as `viewer` may see it; null when the turn holds and did nothing that needs one, or when
 * the viewer is neither the requester nor somebody who may decide or has decided.
 */
export async function renderCard(
  deps: ExecutorDeps,
  turn: Pick<TurnRequest, "turn" | "text" | "files" | "at">,
  viewer: Principal,
): Promise<Card | null> {
  const actions = (await findTurnActions(deps.db, turn.turn)).filter((action) => action.effect !== "read");
  const [first] = actions;
  if (!first) return null;
  const approvals = await findActionApprovals(
    deps.db,
    actions.map((action) => action.id),
  );
  const electorate = await readElectorate(deps);
  const items = actions.map((action) => ({
    action,
    item: renderItem(
      deps,
      electorate,
      action,
      approvals.filter((approval) => approval.action === action.id),
      viewer,
      turn.files,
    ),
  }));
  const seen =
    first.principal === viewer.id
      ? items
      : items.filter(
          ({ item }) =>
            item.mayDecide ||
            item.decidedBy.some((vote) => vote.id === viewer.id) ||
            isCandidate(electorate, item, viewer),
        );
  if (seen.length === 0) return null;
  return {
    id: turn.turn,
    session: first.session,
    requester: personRef(deps, first.principal),
    request: turn.text,
    createdAt: turn.at.toISOString(),
    items: seen.map(({ item }) => item),
  };
}

const isCandidate = ({ directory }: Electorate, item: CardItem, viewer: Principal) =>
  item.approvers.some(
    ({ group, candidates: able }) =>
      able.some((one) => one.id === viewer.id) ||
      directory.inGroup(group).some((member) => member.id === viewer.id),
  );

function renderItem(
  deps: ExecutorDeps,
  electorate: Electorate,
  action: Action,
  approvals: readonly Approval[],
  viewer: Principal,
  files: TurnRequest["files"],
): CardItem {
  const tool = deps.tools.get(action.tool);
  const latest = approvals[0] ?? null;
  const isPending =
    action.status === "awaiting" && latest?.status === "pending" && latest.expiresAt > deps.now();
  const mayDecide = isPending && seatFor(electorate, viewer, latest, action) !== null;
  const hasVoted = latest !== null && voteOf(electorate, viewer.id, latest, action) !== null;
  const canUndo =
    action.status === "succeeded" &&
    action.principal === viewer.id &&
    action.undoUntil !== null &&
    action.undoUntil > deps.now();
  return {
    action: action.id,
    approval: latest?.id ?? null,
    ...(latest ? { digest: latest.digest } : {}),
    tool: action.tool,
    line: action.preview?.line ?? tool?.manifest.title ?? action.tool,
    status:
      action.status === "awaiting" && latest && !isPending && latest.status === "pending"
        ? "expired"
        : action.status,
    changes: action.preview?.changes ?? [],
    arguments: renderArguments(deps, action, tool, viewer, files),
    reasons: [...reasonsOf(action), ...climbed(electorate, isPending ? latest : null)],
    rules: action.decision.rules,
    risk: action.preview?.risk ?? "normal",
    amountText: action.preview?.amountText ?? null,
    approvers: latest && action.decision.effect === "ask" ? renderApprovers(electorate, action, latest) : [],
    expiresAt: isPending ? latest.expiresAt.toISOString() : null,
    undoText: undoText(tool),
    undoUntil: canUndo ? (action.undoUntil?.toISOString() ?? null) : null,
    outcome: outcomeText(action),
    decidedBy: approvals.flatMap((approval) =>
      approval.votes.map((vote) => ({
        id: vote.principal,
        name: voterName(electorate.directory, vote),
        verdict: vote.verdict,
        reason: vote.reason,
        at: vote.at.toISOString(),
      })),
    ),
    editable: mayDecide && !hasVoted && tool ? editableFields(action, tool) : [],
    mayDecide: mayDecide && !hasVoted,
    mayNotBecause: isPending && latest && !mayDecide ? refusalFor(electorate, viewer, latest, action) : null,
  };
}

function renderApprovers(
  electorate: Electorate,
  action: Action,
  approval: Approval,
): readonly CardApprovers[] {
  const { directory } = electorate;
  const counting = countingVotes(electorate, approval, action);
  return Object.entries(approval.approvers).map(([group, needed]) => ({
    group,
    title: directory.groupTitles[group] ?? `someone in ${group}`,
    needed,
    given: counting
      .filter((vote) => vote.group === group)
      .map((vote) => ({
        id: vote.principal,
        name: vote.grant ? `${voterName(directory, vote)} (standing yes)` : voterName(directory, vote),
        at: vote.at.toISOString(),
      })),
    candidates: candidates(electorate, group, action, approval.escalations)
      .filter((person) => voteOf(electorate, person.id, approval, action) === null)
      .map(({ id, name }) => ({ id, name })),
  }));
}

/** Whose managers were asked as well, in words. */
function climbed({ directory }: Electorate, approval: Approval | null): readonly string[] {
  const names = (approval?.escalations ?? []).map(({ to }) => directory.find(to)?.name ?? to);
  const to = [...new Set(names)];
  return to.length === 0 ? [] : [`Nobody had decided in time: escalated to ${to.join(" and ")}.`];
}

function renderArguments(
  deps: ExecutorDeps,
  action: Action,
  tool: AnyTool | undefined,
  viewer: Principal,
  files: TurnRequest["files"],
): readonly CardArgument[] {
  return Object.entries(action.args).map(([name, { value, label }]) => {
    const spec = tool?.manifest.args[name];
    const held = action.evidence.find((entry) => entry.arg === name && !entry.isGrounded);
    const isOwn = label.integrity === "user" && !held;
    return {
      name,
      label: spec?.label ?? name,
      text: titleOf(action, value, files) ?? valueText(value, spec, viewer, deps.directory()),
      origin: isOwn ? null : (held?.text ?? label.source),
      integrity: label.integrity,
      isGrounded: !held,
    };
  });
}

/** Names, not ids: what the record that an id stands for is called; null when it is not known here. */
function titleOf(action: Action, value: Json, files: TurnRequest["files"]): string | null {
  const file = files.find((one) => one.id === value);
  if (file) return file.name;
  const resource = action.preview?.resource;
  return resource?.id === value ? resource.title : null;
}

const INPUTS: Partial<Record<ArgSpec["role"], CardField["input"]>> = {
  amount: "money",
  time: "datetime",
  title: "text",
  body: "text",
  free: "text",
  dest: "text",
};

/** What an approver may change: plain values; never which record or file it is about. */
function editableFields(action: Action, tool: AnyTool): readonly CardField[] {
  return Object.entries(action.args).flatMap(([name, { value }]): CardField[] => {
    const spec = tool.manifest.args[name];
    if (!spec || typeof value === "object") return [];
    const options = Object.keys(spec.choices ?? {});
    const isTyped = typeof value === "number" && spec.role === "value";
    const input = options.length > 0 ? "select" : isTyped ? "number" : INPUTS[spec.role];
    if (!input) return [];
    const currency = input === "money" ? action.preview?.currency : undefined;
    return [{ name, label: spec.label, input, value, options, ...(currency ? { currency } : {}) }];
  });
}

function reasonsOf(action: Action): readonly string[] {
  const { decision } = action;
  if (decision.effect === "forbid") return [decision.reason];
  if (decision.effect === "permit") return [];
  const held = action.evidence.filter((entry) => !entry.isGrounded).map((entry) => entry.text);
  return [...decision.reasons, ...held];
}

function undoText(tool: AnyTool | undefined): string {
  const compensate = tool?.manifest.compensate;
  if (!compensate) return "Cannot be undone.";
  return compensate.note || `Can be undone for ${spanText(compensate.windowMs)}.`;
}

function outcomeText(action: Action): string | null {
  const { result } = action;
  if (action.status === "unknown") return "It is not known whether this took effect.";
  if (action.status === "undone") return "Undone.";
  if (!result) return null;
  if (result.status === "succeeded") return result.summary;
  return result.status === "failed" ? result.message : result.question;
}
