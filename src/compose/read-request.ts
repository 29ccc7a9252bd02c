import { mayReadRequest } from "../actions/may-read-request.ts";
import { renderCard } from "../actions/render-card.ts";
import { createLabeller } from "../flows/label-item.ts";
import { threadItemsOf } from "../flows/thread-items.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { readTurnEvents } from "../store/events/read-events.ts";
import { readTurnRequest, type TurnRequest } from "../store/events/read-turn-request.ts";
import type { Principal } from "../types/principal.ts";
import type { RequestReply, RequestView } from "../types/request-view.ts";
import { StewardError } from "../types/steward-error.ts";
import { mayAllSee } from "./channels/may-all-see.ts";
import type { Installation } from "./installation.ts";

/** What stands behind a card, for whoever may see the card. Throws ACT-404 for anybody else. */
export function createRequestReader({ db, deps }: Pick<Installation, "db" | "deps">) {
  const labelOf = createLabeller(deps);

  const find = async (viewer: Principal, turn: string): Promise<TurnRequest> => {
    const request = await readTurnRequest(db, turn);
    const card = request && (await renderCard(deps, request, viewer));
    if (!request || !card) throw new StewardError("ACT-404");
    return request;
  };

  /** What Steward said in this one turn, each as far as its label lets the viewer read it. */
  const repliesFor = async (viewer: Principal, { turn, session, author }: TurnRequest) => {
    const events = await readTurnEvents(db, session, turn);
    const replies: RequestReply[] = [];
    for (const item of threadItemsOf(deps, events)) {
      if (item.kind !== "message" || item.turn !== turn) continue;
      const { id, at, text, citations, note } = item;
      const isOpen =
        author === viewer.id || mayAllSee(deps.directory(), await labelOf(session, item), [viewer.id]);
      replies.push(isOpen ? { kind: "said", id, at, text, citations, note } : { kind: "withheld", id, at });
    }
    return replies;
  };

  return {
    /** The request itself. */
    find,
    /** The request and what was said to it; that somebody else read that is recorded. */
    async read(viewer: Principal, turn: string): Promise<RequestView> {
      const request = await find(viewer, turn);
      const { author, session, text, files, at } = request;
      const isOwn = author === viewer.id;
      const mayRead = isOwn || (await mayReadRequest(deps, turn, viewer));
      const replies = mayRead ? await repliesFor(viewer, request) : null;
      if (!isOwn && replies !== null) {
        const withheld = replies.filter(({ kind }) => kind === "withheld").length;
        const data = { session, said: replies.length - withheld, withheld };
        await writeAudit(db, { actor: viewer.id, type: "request.read", subject: turn, data });
      }
      return {
        turn,
        session: isOwn ? session : null,
        author: { id: author, name: deps.directory().find(author)?.name ?? author },
        text,
        files,
        at: at.toISOString(),
        replies,
      };
    },
  };
}
