import { bareArguments } from "../actions/bare-arguments.ts";
import { findTurnActions } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import type { Sql } from "../store/db.ts";
import { readTurnEvents } from "../store/events/read-events.ts";
import type { AskResult } from "../types/ask-result.ts";

/** A turn as the command line and the API tell it; null while it still runs. */
export async function readAskResult(sql: Sql, session: string, turn: string): Promise<AskResult | null> {
  const events = await readTurnEvents(sql, session, turn);
  const end = events.filter((event) => event.type === "turn.ended").at(-1);
  if (!end) return null;
  const reply = events.filter((event) => event.type === "reply.posted").at(-1);
  const answered = events.filter((event) => event.type === "model.answered").at(-1);
  const actions = await findTurnActions(sql, turn);
  const approvals = await findActionApprovals(
    sql,
    actions.map((action) => action.id),
  );
  return {
    session,
    turn,
    status: end.data.status,
    reply: reply?.data.text ?? "",
    citations: (reply?.data.citations ?? []).map(({ document, title, passage }) => ({
      document,
      title,
      passage,
    })),
    actions: actions.map((action) => ({
      id: action.id,
      tool: action.tool,
      args: bareArguments(action.args),
      effect: action.effect,
      decision: action.decision.effect,
      rules: action.decision.rules,
      status: action.status,
      approval: approvals.find((approval) => approval.action === action.id)?.id ?? null,
    })),
    model: {
      route: answered?.data.route ?? "none",
      provider: answered?.data.provider ?? "none",
      model: answered?.data.model ?? "none",
    },
    note: answered?.data.note ?? null,
    error: end.data.error,
  };
}
