import type { ExecutorDeps } from "../../actions/executor-deps.ts";
import { findTurnActions } from "../../store/actions/find-actions.ts";
import { findApprovalPlaces } from "../../store/channels/approval-places.ts";
import { findPost } from "../../store/channels/posts.ts";
import { readEventsAfter } from "../../store/events/read-events.ts";
import type { OutboxRow } from "../../store/outbox/outbox.ts";
import type { Principal } from "../../types/principal.ts";
import type { ThreadItem } from "../../types/thread-item.ts";

/**
 * What stays on the copy of somebody who may not see the card any more (the role or the delegation is gone): how it
 * ended, and nothing of what it is about. Without it their buttons would stand there for ever. Null where no copy of
 * theirs stands, and in a channel that they chose for all: that copy is not theirs alone.
 */
export async function closedCardAt(
  deps: Pick<ExecutorDeps, "db" | "directory">,
  row: OutboxRow,
  viewer: Principal,
): Promise<ThreadItem | null> {
  const [event] = await readEventsAfter(deps.db, row.session, row.seq - 1, 1);
  if (event?.type !== "card.changed" || event.seq !== row.seq) return null;
  const { turn } = event.data;
  const id = `${turn}:card`;
  const { channel, ...place } = row.thread;
  const post = channel === "fan-out" ? null : await findPost(deps.db, { channel, ...place }, id);
  if (post?.viewer !== viewer.id) return null;
  if ((await findApprovalPlaces(deps.db, [viewer.id])).get(viewer.id)?.kind === "channel") return null;
  const actions = (await findTurnActions(deps.db, turn)).filter(({ effect }) => effect !== "read");
  const last = actions.find(({ status }) => status === "awaiting") ?? actions.at(-1);
  if (!last) return null;
  const at = event.at.toISOString();
  return {
    kind: "card",
    seq: row.seq,
    id,
    at,
    card: {
      id: turn,
      session: row.session,
      requester: {
        id: last.principal,
        name: deps.directory().find(last.principal)?.name ?? "Somebody",
      },
      request: "",
      createdAt: at,
      items: [
        {
          action: last.id,
          approval: null,
          tool: "",
          line: "A request that is no longer yours to decide",
          status: last.status,
          changes: [],
          arguments: [],
          reasons: [],
          rules: [],
          risk: "normal",
          amountText: null,
          approvers: [],
          expiresAt: null,
          undoText: "",
          undoUntil: null,
          outcome: null,
          decidedBy: [],
          editable: [],
          mayDecide: false,
          mayNotBecause: null,
        },
      ],
    },
  };
}
