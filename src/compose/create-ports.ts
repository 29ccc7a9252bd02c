import { extractForCommandLine } from "../../tools/invoice/extract-to-json.ts";
import { castVote } from "../actions/cast-vote.ts";
import { readElectorate, seatFor, voteOf } from "../actions/eligible.ts";
import { explainAction } from "../actions/explain-action.ts";
import { renderCard } from "../actions/render-card.ts";
import { assertUndoable } from "../actions/undo-action.ts";
import type { AccountPorts } from "../api/account-ports.ts";
import { createSitePorts } from "../api/identity/create-site-ports.ts";
import type { ApiPorts, CardAnswer } from "../api/ports.ts";
import { createStorePorts } from "../api/store-ports.ts";
import { openPassage } from "../context/open-passage.ts";
import { retrieve } from "../context/retrieve.ts";
import { acceptMessage } from "../flows/accept-message.ts";
import { threadItems } from "../flows/thread-items.ts";
import { findAction } from "../store/actions/find-actions.ts";
import { findPendingApprovals } from "../store/approvals/find-approvals.ts";
import { readTurnRequest } from "../store/events/read-turn-request.ts";
import { findFiles, saveFile } from "../store/files/files.ts";
import { sniffMediaType } from "../store/files/sniff-media-type.ts";
import { addInbox } from "../store/inbox/add-inbox.ts";
import { findSession } from "../store/sessions/find-session.ts";
import { listSessions } from "../store/sessions/list-sessions.ts";
import type { Card, CardItem } from "../types/card.ts";
import { newId } from "../types/ids.ts";
import type { JsonObject } from "../types/json.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import { awaitInbox, awaitTurn, type SessionHints } from "./await-turn.ts";
import { accountsAlone } from "./channels/create-channels.ts";
import { createConversationPorts, withFeedback } from "./create-conversation-ports.ts";
import { createWebVault } from "./create-identity.ts";
import { createOperationsPorts } from "./create-operations-ports.ts";
import { createPolicyPorts } from "./create-policy-ports.ts";
import { createReports } from "./create-reports.ts";
import { createVotePorts } from "./create-vote-ports.ts";
import { ingestOne } from "./ingest-one.ts";
import type { Installation } from "./installation.ts";
import { suggest } from "./suggest.ts";

const MAX_FILE_BYTES = 20_000_000;
/** A decision that takes longer goes on; its outcome then shows in the thread. */
const DECISION_TIMEOUT_MS = 20_000;

/** Everything the API and the command line can ask, over an opened installation. */
export function createPorts(
  house: Installation,
  hints: SessionHints,
  accounts: AccountPorts = accountsAlone(house),
): ApiPorts {
  const { db, deps, worker } = house;
  const person = (id: string): Principal => {
    const found = deps.directory().find(id);
    if (!found) throw new StewardError("DIR-404", `Nobody in the directory has the address '${id}'.`);
    return found;
  };
  const cardOf = async (turn: string, viewer: Principal): Promise<Card> => {
    const request = await readTurnRequest(db, turn);
    const card = request && (await renderCard(deps, request, viewer));
    if (!card) throw new StewardError("ACT-404");
    return card;
  };
  /** Lets the session's worker act, waits for it, and shows the card as it then is. */
  const settle = async (
    action: { session: string; turn: string; id: string },
    viewer: Principal,
  ): Promise<CardAnswer> => {
    worker.wake(action.session);
    await awaitInbox(db, hints, action.session, DECISION_TIMEOUT_MS);
    const card = await cardOf(action.turn, viewer);
    const item = card.items.find((one) => one.action === action.id);
    return { card, message: item?.outcome ?? sentence(item) };
  };
  const vote = async (
    as: string,
    approval: string,
    verdict: "approve" | "refuse",
    more: { reason?: string; edit?: JsonObject | null; digest?: string; grantUntil?: string },
  ) => {
    const voter = person(as);
    const { action } = await castVote(deps, {
      approval,
      voter,
      verdict,
      reason: more.reason ?? null,
      edit: more.edit ?? null,
      digest: more.digest ?? null,
      grantUntil: more.grantUntil === undefined ? null : new Date(more.grantUntil),
    });
    return await settle(action, voter);
  };
  const ownSession = async (as: string, id: string) => {
    const session = await findSession(db, id);
    if (session?.principal !== person(as).id) throw new StewardError("SES-404");
    return session;
  };
  const accept = async (
    as: string,
    id: string,
    input: { session: string | null; text: string; files: readonly string[] },
  ) => {
    const { id: principal } = person(as);
    if (input.session !== null) await ownSession(as, input.session);
    const files = await findFiles(db, input.files, principal);
    if (files.length !== new Set(input.files).size) throw new StewardError("FIL-404");
    const accepted = await acceptMessage(
      db,
      {
        dedupe: `${principal}:${id}`,
        message: id,
        thread: { channel: "web", conversation: principal, thread: input.session ?? "" },
        session: input.session,
        principal,
        text: input.text,
        files,
      },
      house.owner,
      house.leaseMs,
    );
    if (accepted.claimed) worker.take(accepted.claimed);
    return accepted;
  };

  return {
    ...createStorePorts(db, async (id) => deps.directory().find(id)),
    ...createReports(house),
    ...createOperationsPorts(house),
    ...createPolicyPorts(house),
    ...createVotePorts(house),
    ...createConversationPorts(house),
    ...createSitePorts(db, () => createWebVault(house)),
    ...accounts,
    importPeople: async (by, people) => {
      const result = await createStorePorts(db, async (id) => deps.directory().find(id)).importPeople(
        by,
        people,
      );
      await house.refreshPeople();
      return result;
    },
    findPerson: async (id) => deps.directory().find(id),
    people: async () => deps.directory().people,
    me: async (as) => ({
      principal: person(as),
      mode: house.isDemo ? "demo" : "token",
      company: house.company().name,
      suggestions: suggest(person(as)),
      about: `Steward answers from ${house.company().name || "the company"}'s documents and acts only as policy allows.`,
      maxFileBytes: MAX_FILE_BYTES,
    }),
    ask: async (as, input) => {
      const accepted = await accept(as, newId("msg"), input);
      return await awaitTurn(db, hints, accepted.session, accepted.message, input.timeoutMs);
    },
    postMessage: async (as, message) => {
      const { session, claimed } = await accept(as, message.id, message);
      return { session, seq: claimed?.session.head ?? (await findSession(db, session))?.head ?? 0 };
    },
    sessions: async (as) => await listSessions(db, person(as).id),
    items: async (as, id, after) => {
      await ownSession(as, id);
      const page = await threadItems(deps, id, person(as), after);
      return { ...page, items: await withFeedback(house, as, page.items) };
    },
    stop: async (as, id) => {
      await ownSession(as, id);
      worker.stopTurn(id);
    },
    putFile: async (as, { name, content }) => {
      if (content.length > MAX_FILE_BYTES) throw new StewardError("FIL-413");
      if (content.length === 0) throw new StewardError("FIL-400", "The file is empty.");
      const file = { id: newId("fil"), name, mediaType: sniffMediaType(content), bytes: content.length };
      await saveFile(db, { ...file, owner: person(as).id, content });
      return file;
    },
    openDocument: async (as, id, passage) => {
      const found = await openPassage(db, person(as), id, passage);
      if (!found) throw new StewardError("DOC-404");
      const { title, source, updatedAt, passages } = found;
      return { id, title, source, updatedAt: updatedAt.toISOString(), passages };
    },
    search: async (as, query, limit) => {
      const found = await retrieve({ db, encoder: house.encoder }, { query, reader: person(as), limit });
      return found.map(({ id, document, title, headings, text, score }) => ({
        document,
        title,
        passage: id,
        headings,
        text,
        score,
      }));
    },
    extract: async ({ name, content }) => await extractForCommandLine(content, name),
    ingest: async (document) => await ingestOne(house, document),

    approvals: async (as) => {
      const viewer = person(as);
      const turns = new Set<string>();
      const electorate = await readElectorate(deps);
      for (const approval of await findPendingApprovals(db)) {
        const action = await findAction(db, approval.action);
        if (!action || voteOf(electorate, viewer.id, approval, action)) continue;
        if (seatFor(electorate, viewer, approval, action)) turns.add(action.turn);
      }
      return await Promise.all([...turns].map(async (turn) => ({ card: await cardOf(turn, viewer) })));
    },
    card: async (as, turn) => await cardOf(turn, person(as)),
    approve: async (as, approval, edit, more) => await vote(as, approval, "approve", { edit, ...more }),
    refuse: async (as, approval, reason) => await vote(as, approval, "refuse", { reason }),
    undo: async (as, id) => {
      const viewer = person(as);
      const action = await findAction(db, id);
      assertUndoable(deps, action, viewer);
      await addInbox(db, {
        session: action.session,
        kind: "undo",
        dedupe: `undo:${id}:${newId("run")}`,
        data: { action: id, person: viewer.id },
      });
      const answer = await settle(action, viewer);
      const after = await findAction(db, id);
      if (after?.status !== "undone")
        throw new StewardError("ACT-409", "It could not be undone; the thread says why.");
      return answer;
    },
    resolve: async (as, id, choice) => {
      const viewer = person(as);
      const action = await findAction(db, id);
      if (action?.principal !== viewer.id) throw new StewardError("ACT-404");
      if (action.status !== "unknown") throw new StewardError("ACT-409");
      await addInbox(db, {
        session: action.session,
        kind: "resolve",
        dedupe: `resolve:${id}:${newId("run")}`,
        data: { action: id, choice },
      });
      return await settle(action, viewer);
    },
    why: async (as, id) => await explainAction(deps, id, person(as)),
  };
}

const SENTENCES: Readonly<Record<string, string>> = {
  awaiting: "Noted. It still waits for others.",
  running: "It is being done now.",
  succeeded: "Done.",
  failed: "It could not be done; the card says why.",
  refused: "Refused. Nothing was done.",
  expired: "Its time is over. Nothing was done.",
  forbidden: "Policy forbids it now. Nothing was done.",
  undone: "Undone.",
  unknown: "It is not known whether it took effect.",
};

/** A yes that the rules or the facts overtook is asked for again: it must not sound as if it had counted. */
const ASKED_AGAIN =
  "This changed since it was asked, so your decision does not count and nothing was done. Look at it again.";

const sentence = (item: Pick<CardItem, "status" | "mayDecide"> | undefined): string =>
  item?.status === "awaiting" && item.mayDecide ? ASKED_AGAIN : (SENTENCES[item?.status ?? ""] ?? "Noted.");
