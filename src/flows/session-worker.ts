import { resolveUnknown } from "../actions/resolve-unknown.ts";
import type { FencedCommit } from "../actions/settle-action.ts";
import { undoAction } from "../actions/undo-action.ts";
import { endTurn, runTurn } from "../agent/run-turn.ts";
import { nextSummary } from "../agent/summarise.ts";
import type { TurnDeps } from "../agent/turn-deps.ts";
import { openTurn } from "../agent/turn-state.ts";
import { FencedError } from "../store/events/append-events.ts";
import { countAttempt, finishInbox, type InboxRow, nextInbox, parkInbox } from "../store/inbox/take-inbox.ts";
import { isOutage } from "../store/is-outage.ts";
import { type Claim, claimAnySession, claimSession } from "../store/sessions/claim-session.ts";
import { layDownSession } from "../store/sessions/lay-down-session.ts";
import { renewLease } from "../store/sessions/renew-lease.ts";
import type { FileRef } from "../types/file-ref.ts";
import { newId, newTurnId } from "../types/ids.ts";
import type { Session } from "../types/session.ts";
import { tellClimb } from "./climb-approvals.ts";
import { openPen, type SessionPen } from "./session-pen.ts";
import { continueTurn, giveUp, takeUpDecision, tellOutcome } from "./take-up-decision.ts";
import { createWindowCache } from "./window-cache.ts";

/** A message whose worker died this often is parked, and its sender told. */
const MAX_ATTEMPTS = 3;
/** A turn slower than this shows its message to the sender's other devices before it ends. */
const EARLY_COMMIT_MS = 300;
/** Work that the database failed is taken up again after this. */
const RETRY_MS = 1_000;

export type WorkerOptions = {
  readonly deps: TurnDeps;
  /** Name of this process among all workers. */
  readonly owner: string;
  readonly leaseMs: number;
  /** How often to look for work that no hint told of. */
  readonly pollMs: number;
  readonly onError: (error: unknown, session: string) => void;
};

/** Works on sessions: one at a time each, any number side by side. */
export type SessionWorker = {
  /** Goes on with a session that this process just claimed. */
  take(claim: Claim): void;
  /** Looks whether a session has work and nobody on it. */
  wake(session: string): void;
  /** Asks the running turn of a session to end after its present step; false when none runs here. */
  stopTurn(session: string): boolean;
  /** Waits until nothing runs; new work is refused from then on. */
  close(): Promise<void>;
};

/** The brake of the turn that runs now; each message gets a fresh one. */
type TurnControl = { stop: AbortController };

export function createSessionWorker(options: WorkerOptions): SessionWorker {
  const { deps, owner, leaseMs } = options;
  const running = new Map<string, { readonly turn: TurnControl; readonly done: Promise<void> }>();
  const windows = createWindowCache();
  let isClosed = false;

  // Looks for work that are under way: closing waits for them too, or they would meet a closed database.
  const looking = new Set<Promise<void>>();
  const look = (work: Promise<void>, about: string): void => {
    const one = work
      .catch((error: unknown) => options.onError(error, about))
      .finally(() => looking.delete(one));
    looking.add(one);
  };

  const take = (claim: Claim): void => {
    const { session } = claim;
    const turn: TurnControl = { stop: new AbortController() };
    const done = hold(claim, turn)
      .catch(async (error: unknown) => {
        if (error instanceof FencedError) return;
        options.onError(error, session.id);
        if (isOutage(error)) await layDown(session);
      })
      .finally(() => running.delete(session.id));
    running.set(session.id, { turn, done });
  };

  /** The database was away: its sessions go on as soon as it is back, and the work that was hit is not to blame. */
  const layDown = async ({ id, epoch }: Session): Promise<void> => {
    for (let waitedMs = 0; waitedMs < leaseMs; waitedMs += RETRY_MS) {
      try {
        return await layDownSession(deps.db, id, epoch, Math.min(leaseMs, RETRY_MS));
      } catch {
        await new Promise((go) => setTimeout(go, RETRY_MS));
      }
    }
  };

  const wake = (id: string): void => {
    if (isClosed || running.has(id)) return;
    look(
      claimSession(deps.db, id, owner, leaseMs).then((claim) => {
        if (claim) take(claim);
      }),
      id,
    );
  };

  /** Works until the inbox is empty, then gives the session back. */
  const hold = async (claim: Claim, turn: TurnControl): Promise<void> => {
    const { session, wasHeld } = claim;
    const renewing = setInterval(() => {
      look(
        renewLease(deps.db, session.id, session.epoch, leaseMs).then((isOurs) => {
          if (!isOurs) turn.stop.abort();
        }),
        session.id,
      );
    }, leaseMs / 3);
    try {
      const looked = claim.first === undefined ? nextInbox(deps.db, session.id) : claim.first;
      const [pen, found] = await Promise.all([openPen(deps.db, session, windows), looked]);
      let first = found;
      const left = openTurn(pen.events());
      if (left !== null) {
        // The work whose turn it is stays in the inbox until the turn is over.
        const own = first && isTurnOf(pen, left, first) ? first : null;
        if (await goOn(deps, pen, claim, left, own, turn.stop.signal)) return;
        first = null;
      } else if (wasHeld && first) {
        // Whoever held it died before its first commit: the work it had taken up counts one try.
        await countAttempt(deps.db, session.id, first.id);
        first = { ...first, attempts: first.attempts + 1 };
      }
      for (;;) {
        const work = isClosed ? null : (first ?? (await nextInbox(deps.db, session.id)));
        first = null;
        if (work) {
          if (turn.stop.signal.aborted) turn.stop = new AbortController();
          if (await handle(deps, pen, session, work, turn.stop)) return;
        } else if ((await finish(pen, session, null)) || isClosed) return;
      }
    } finally {
      clearInterval(renewing);
      // Work that arrived while the release was being written is looked for once more.
      look(
        new Promise<void>((go) => setImmediate(go)).then(() => recheck(session.id)),
        session.id,
      );
    }
  };

  const recheck = async (id: string): Promise<void> => {
    if (isClosed) return;
    const work = await nextInbox(deps.db, id).catch(() => null);
    if (work) wake(id);
  };

  const poll = async (): Promise<void> => {
    for (let claim = await next(); claim; claim = await next()) take(claim);
  };
  const next = async () => (isClosed ? null : await claimAnySession(deps.db, owner, leaseMs));
  const polling = setInterval(() => look(poll(), "poll"), options.pollMs);
  look(poll(), "poll");

  return {
    take,
    wake,
    stopTurn: (id) => {
      const work = running.get(id);
      work?.turn.stop.abort();
      return work !== undefined;
    },
    close: async () => {
      isClosed = true;
      clearInterval(polling);
      while (running.size + looking.size > 0) {
        await Promise.allSettled([...looking, ...[...running.values()].map((work) => work.done)]);
      }
    },
  };
}

/** Counts the turn that just ended, with the time from its message. */
function countTurn(deps: TurnDeps, pen: SessionPen, session: Session, from: number): void {
  const end = pen.events().at(-1);
  if (end?.type !== "turn.ended") return;
  deps.metrics.turnEnded({
    status: end.data.status,
    channel: session.thread.channel,
    durationMs: performance.now() - from,
  });
}

/** Commits the end of some work and gives the session back with it; true when it was given back. */
async function finish(pen: SessionPen, { id }: Session, work: InboxRow | null): Promise<boolean> {
  if (work) pen.store(async (sql) => await finishInbox(sql, id, work.id));
  return await pen.commitAndRelease();
}

/** Events and rows as the executor commits them, under the fence of this session. */
function commitBy(pen: SessionPen): FencedCommit {
  return async (events, rows) => {
    pen.add(...events);
    pen.later(rows);
    await pen.commit();
  };
}

/** Whether a turn of the log was begun for this work of the inbox. */
function isTurnOf(pen: SessionPen, turn: string, { kind, dedupe, data }: InboxRow): boolean {
  const message = kind === "message" ? String(data.message) : dedupe;
  return pen
    .events()
    .some(
      (event) =>
        event.type === "turn.started" && event.data.turn === turn && event.data.messages.includes(message),
    );
}

/** Goes on with a turn whose worker died; `work`: what it was begun for. */
async function goOn(
  deps: TurnDeps,
  pen: SessionPen,
  { session, wasHeld }: Claim,
  turn: string,
  work: InboxRow | null,
  signal: AbortSignal,
): Promise<boolean> {
  const before = pen.events().findLast((event) => event.type === "turn.resumed" && event.data.turn === turn);
  const attempt = (before?.type === "turn.resumed" ? before.data.attempt : 0) + (wasHeld ? 1 : 0);
  pen.add({ type: "turn.resumed", data: { turn, attempt } });
  const principal = deps.directory().find(session.principal);
  if (attempt >= MAX_ATTEMPTS || !principal) {
    await giveUp(deps, { turn }, commitBy(pen));
    const text =
      "I couldn't finish this message: it stopped me each time I tried. Nothing further will be done for it.";
    endTurn(pen, turn, `${text} Please ask in other words. (TRN-500)`, "TRN-500");
    return await finish(pen, session, work);
  }
  await pen.commit();
  await runTurn(deps, pen, turn, principal, signal, true);
  return await finish(pen, session, work);
}

async function handle(
  deps: TurnDeps,
  pen: SessionPen,
  session: Session,
  work: InboxRow,
  stop: AbortController,
): Promise<boolean> {
  const { signal } = stop;
  if (work.attempts >= MAX_ATTEMPTS) return await park(deps, pen, session, work);
  if (work.kind === "message") return await handleMessage(deps, pen, session, work, stop);
  if (work.kind === "scheduled" && work.data.kind === "ask") {
    const asked = {
      message: work.dedupe,
      author: String(work.data.person),
      text: String(work.data.text),
      files: [],
    };
    return await handleMessage(deps, pen, session, { ...work, data: asked }, stop);
  }
  const commit = commitBy(pen);
  const action = String(work.data.action);
  const person = deps.directory().find(String(work.data.person ?? session.principal));
  if (work.kind === "decide") {
    const settled = await takeUpDecision(deps, action, pen.events(), commit, signal);
    if (settled === "reopened")
      say(
        pen,
        "Something about this changed while it waited, so I ask again. The card shows it as it is now.",
      );
    if (settled === "ended") await continueTurn(deps, pen, session.principal, action, signal);
  } else if (work.kind === "undo" && person) {
    say(pen, await undoAction(deps, action, person, commit, signal));
  } else if (work.kind === "scheduled") {
    say(pen, `Reminder: ${String(work.data.text)}`);
  } else if (work.kind === "climb") {
    await tellClimb(deps, pen, work.data);
  } else if (work.kind === "resolve") {
    const choice =
      work.data.choice === "retry" || work.data.choice === "check" ? work.data.choice : "give-up";
    say(pen, await resolveUnknown(deps, action, choice, commit, signal));
  }
  return await finish(pen, session, work);
}

/** Lays aside what killed its workers: told in the thread, with the message itself, so that others can go on. */
async function park(deps: TurnDeps, pen: SessionPen, session: Session, work: InboxRow): Promise<boolean> {
  if (work.kind === "message") {
    const turn = openTurnFor(pen, work.data as MessageData);
    const text =
      "I couldn't handle this message: it stopped me each time I tried, and nothing was done for it. Please ask in other words. (TRN-500)";
    endTurn(pen, turn, text, "TRN-500");
  } else {
    const action = String(work.data.action);
    if (work.kind === "decide") await giveUp(deps, { decided: action }, commitBy(pen));
    // The outcome in plain words: whatever stopped the workers before is not asked again.
    const isTold = work.kind === "decide" && (await tellOutcome(deps, pen, action));
    if (!isTold) {
      const text =
        "I couldn't finish something that was asked for here: it stopped me each time I tried. The card shows what is known of it. (TRN-500)";
      say(pen, text);
    }
  }
  pen.store(async (sql) => await parkInbox(sql, session.id, work.id));
  return await finish(pen, session, null);
}

type MessageData = {
  readonly message: string;
  readonly author: string;
  readonly text: string;
  readonly files: readonly FileRef[];
};

/** Begins a turn for a message in the log; returns the turn's id. */
function openTurnFor(pen: SessionPen, { message, author, text, files }: MessageData): string {
  const label = {
    integrity: "user",
    sensitivity: "internal",
    source: "your message",
    readers: [author],
  } as const;
  pen.add({ type: "message.received", data: { message, author, text: { value: text, label }, files } });
  const turn = newTurnId((pen.events().at(-1)?.seq ?? 0) + 1);
  pen.add({ type: "turn.started", data: { turn, messages: [message] } });
  return turn;
}

/**
 * Starts a turn for a message. Its begin is written with whatever the turn commits first; a crash before means that
 * the message is simply taken up again. Its inbox row stands until the turn is over.
 */
async function handleMessage(
  deps: TurnDeps,
  pen: SessionPen,
  session: Session,
  work: InboxRow,
  stop: AbortController,
): Promise<boolean> {
  const data = work.data as MessageData;
  const from = performance.now();
  const turn = openTurnFor(pen, data);
  deps.onDelta({ session: session.id, turn, text: "", step: "Reading your message" });
  const early = setTimeout(() => {
    // A failed commit means that the session is lost: the turn must not act any further.
    pen.commit().catch(() => stop.abort());
  }, EARLY_COMMIT_MS);
  try {
    const principal = deps.directory().find(data.author);
    if (principal) await runTurn(deps, pen, turn, principal, stop.signal, false);
    else
      endTurn(
        pen,
        turn,
        "I don't know you, so I can't do anything for you. Ask an administrator to add you. (USR-403)",
        "USR-403",
      );
  } finally {
    clearTimeout(early);
  }
  countTurn(deps, pen, session, from);
  const summary = nextSummary(pen.events());
  if (summary) pen.add(summary);
  return await finish(pen, session, work);
}

function say(pen: SessionPen, text: string): void {
  pen.add({
    type: "reply.posted",
    data: { turn: null, message: newId("msg"), text, citations: [], note: null },
  });
}
