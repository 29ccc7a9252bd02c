import type { RecordRef } from "../../types/record.ts";
import type { SessionEvent } from "../../types/session-event.ts";
import type { Effect } from "../../types/tool.ts";

/** How many of the person's latest turns "it" may reach back to. */
const TURNS = 4;
const MAX_RECORDS = 20;

type OwnTurn = { readonly id: string; records: RecordRef[]; hasExternal: boolean; isTainted: boolean };

/**
 * The records that the person's own latest requests showed or changed, newest request first, in each the
 * last result first: what "it" and "the second one" may mean. Left out are other people's turns, what did
 * not succeed, and what a later step of a turn looked up after the turn had met words from outside: somebody
 * else may have chosen that. What it changed counts, since that passed the gate.
 * @param effectOf effect of a tool by its name; a tool it does not know counts as a read
 */
export function recentRecords(
  events: readonly SessionEvent[],
  principal: string,
  effectOf: (tool: string) => Effect | null = () => null,
): readonly RecordRef[] {
  const authors = new Map<string, string>();
  const turns = new Map<string, OwnTurn>();
  for (const event of events) {
    if (event.type === "message.received") authors.set(event.data.message, event.data.author);
    else if (event.type === "turn.started") {
      const { turn: id, messages } = event.data;
      const isOwn = messages.length > 0 && messages.every((message) => authors.get(message) === principal);
      // A turn that was parked starts again under its id.
      if (isOwn && !turns.has(id)) turns.set(id, { id, records: [], hasExternal: false, isTainted: false });
    } else if (event.type === "model.answered") {
      // Calls of one answer were all wished for before any of their results was read.
      const turn = turns.get(event.data.turn);
      if (turn?.hasExternal) turn.isTainted = true;
    } else if (event.type === "action.finished") {
      const turn = turns.get(event.data.turn);
      if (!turn) continue;
      const effect = effectOf(event.data.tool);
      const isOwnWish = !turn.isTainted || (effect !== null && effect !== "read");
      if (isOwnWish && event.data.outcome.status === "succeeded") turn.records.unshift(...event.data.records);
      if (event.data.facts.some((fact) => fact.label.integrity === "external")) turn.hasExternal = true;
    }
  }
  const found = new Map<string, RecordRef>();
  for (const turn of [...turns.values()].slice(-TURNS).reverse()) {
    for (const record of turn.records) {
      const key = `${record.kind} ${record.id}`;
      if (!found.has(key) && found.size < MAX_RECORDS) found.set(key, record);
    }
  }
  return [...found.values()];
}
