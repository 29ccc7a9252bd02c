import type { Card } from "../../../../src/types/card.ts";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import { asProblem, createApi, type Me, type Problem, randomId } from "./api.ts";
import { type ApprovalsView, createApprovals, NO_APPROVALS } from "./approvals.ts";
import { type ConnectionState, openConnection } from "./connection.ts";
import type { Identity } from "./credentials.ts";
import { addDelta, type LiveText } from "./live-text.ts";
import { createOutbox, type Outgoing } from "./outbox.ts";
import { recall, remember } from "./remembered.ts";
import { EMPTY_THREAD, mergeItems, type Thread } from "./thread.ts";

export type ChatState = {
  readonly me: Me | null;
  readonly session: string | null;
  readonly thread: Thread;
  readonly outgoing: readonly Outgoing[];
  readonly live: LiveText | null;
  readonly connection: ConnectionState;
  readonly approvals: ApprovalsView;
  /** Cards as a decision answered them, until their item follows. */
  readonly newer: ReadonlyMap<string, Card>;
  readonly problem: Problem | null;
  /** Whether the conversation began before what is shown of it. */
  readonly hasOlder: boolean;
  /** Whether what is shown is complete up to the moment of opening. */
  readonly isLoaded: boolean;
};

export type Chat = ReturnType<typeof createChat>;

/** How often the conversation is asked for while there is no socket. */
const ASK_MS = 4_000;

/** One person's chat: its state, and what can be done. Views read `state()` and subscribe. */
export function createChat(identity: Identity, base = "") {
  const api = createApi(identity, base);
  const memory = `session:${"as" in identity ? identity.as : "me"}`;
  const listeners = new Set<() => void>();
  let frame = 0;
  /** The socket is there; else whether the last question over HTTP was answered. */
  let isLive = false;
  let isReached = false;
  let state: ChatState = {
    me: null,
    session: recall(memory),
    thread: EMPTY_THREAD,
    outgoing: [],
    live: null,
    connection: "connecting",
    approvals: NO_APPROVALS,
    newer: new Map(),
    problem: null,
    hasOlder: false,
    isLoaded: false,
  };
  /** The place in the log before which nothing was loaded yet. */
  let start = 0;
  let isLoadingOlder = false;

  const tell = () => {
    frame = 0;
    for (const listener of listeners) listener();
  };
  const set = (change: Partial<ChatState>) => {
    state = { ...state, ...change };
    // Many words may arrive in one frame: the views are told once. A hidden tab gets no frames.
    if (frame === 0) frame = document.hidden ? Number(setTimeout(tell, 60)) : requestAnimationFrame(tell);
  };

  const approvals = createApprovals(api, (view) => set({ approvals: view }));

  const outbox = createOutbox(
    async (message) => {
      const files = message.files.map((file) => file.id);
      const answer = await api.send(state.session ?? "new", { id: message.id, text: message.text, files });
      if (state.session !== answer.session) {
        remember(memory, answer.session);
        set({ session: answer.session });
        connection.watch(answer.session);
      }
      return answer;
    },
    (outgoing) => set({ outgoing: stillOut(outgoing, state.thread) }),
  );

  /** Messages that the thread does not hold yet. */
  function stillOut(outgoing: readonly Outgoing[], thread: Thread): readonly Outgoing[] {
    return outgoing.filter(
      (message) =>
        !thread.items.some(
          (item) => item.kind === "message" && (item.id === message.id || item.seq === message.seq),
        ),
    );
  }

  function take(items: readonly ThreadItem[]): void {
    const thread = mergeItems(state.thread, items);
    let { live } = state;
    const newer = new Map(state.newer);
    for (const item of items) {
      if (item.kind === "card") newer.delete(item.id);
      if (item.kind === "card") newer.delete(item.card.id);
      if (live === null) continue;
      const isSaid = item.kind === "message" && item.author.isAssistant && item.turn === live.turn;
      const isOver = item.kind === "turn" && item.status !== "running" && item.id.startsWith(live.turn);
      if (isOver) live = null;
      else if (isSaid) live = { ...live, text: "" };
    }
    set({ thread, live, newer, outgoing: stillOut(state.outgoing, thread) });
  }

  const connection = openConnection(api.credentials, base, {
    onState(next) {
      isLive = next === "online";
      if (next === "offline" || next === "denied" || isLive) isReached = false;
      if (!isReached) set({ connection: next });
      if (!isLive) return;
      outbox.wake();
      void approvals.refresh();
      if (state.me === null) void load();
    },
    onItems: (session, items) => session === state.session && take(items),
    onDelta: (delta) => delta.session === state.session && set({ live: addDelta(state.live, delta) }),
    onApprovals: () => void approvals.refresh(),
    onLost(session) {
      if (session !== state.session) return;
      // The conversation is gone or not theirs: begin anew instead of showing what cannot go on.
      startNew();
    },
    lastSeq: () => state.thread.seen,
  });

  /** Asks over HTTP while there is no socket: it may be forbidden on the way, or not be back yet. */
  async function ask(): Promise<void> {
    if (isLive || document.hidden || state.connection === "denied") return;
    const { session, thread } = state;
    try {
      if (state.me === null) return await load();
      else if (session !== null) {
        const { items } = await api.items(session, thread.seen);
        if (state.session === session) take(items);
      } else await api.me();
      await approvals.refresh();
      outbox.wake();
      isReached = true;
      if (!isLive) set({ connection: "online" });
    } catch {
      isReached = false;
    }
  }
  const asking = setInterval(() => void ask(), ASK_MS);

  async function load(): Promise<void> {
    try {
      const me = await api.me();
      set({ me, problem: null });
      void approvals.refresh();
      await open(state.session);
    } catch (thrown) {
      set({ problem: asProblem(thrown), isLoaded: true });
      isReached = false;
    }
  }

  /** Shows a conversation; null for a new one. */
  async function open(session: string | null): Promise<void> {
    const isSame = session === state.session;
    remember(memory, session);
    if (!isSame) outbox.clear();
    set({
      session,
      isLoaded: session === null,
      live: null,
      ...(isSame ? {} : { thread: EMPTY_THREAD, outgoing: [], newer: new Map(), hasOlder: false }),
    });
    // Watched once the last of it is there: else the socket would bring all of a long conversation.
    connection.watch(null);
    if (session === null) return;
    try {
      const { items, start: from } = await api.items(session, 0);
      if (state.session === session) {
        start = from ?? 0;
        set({ hasOlder: start > 1 });
        take(items);
      }
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.status === 404 || problem.status === 403) startNew();
      else if (problem.status !== 0 && state.session === session) set({ problem });
    }
    if (state.session !== session) return;
    connection.watch(session);
    set({ isLoaded: true });
  }

  /** Loads what was said before; does nothing while it does, or when there is nothing. */
  async function loadOlder(): Promise<void> {
    const { session } = state;
    if (isLoadingOlder || !state.hasOlder || session === null) return;
    isLoadingOlder = true;
    try {
      const { items, start: from } = await api.itemsBefore(session, start);
      if (state.session !== session) return;
      start = from;
      set({ hasOlder: start > 1 });
      take(items);
    } catch {
      // The next scroll asks again; the connection notice says why.
    } finally {
      isLoadingOlder = false;
    }
  }

  function startNew(): void {
    void open(null);
  }

  function putCard(card: Card, since: number): void {
    approvals.put(card);
    // An item that came while the answer was on its way is newer than the answer.
    const item = state.thread.items.find((each) => each.kind === "card" && each.card.id === card.id);
    if (item !== undefined && item.seq > since) return;
    set({ newer: new Map(state.newer).set(card.id, card) });
  }

  async function decide(ask: () => Promise<{ card: Card }>): Promise<void> {
    const since = state.thread.seen;
    const { card } = await ask();
    putCard(card, since);
  }

  void load();

  return {
    api,
    state: () => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (text: string, files: readonly FileRef[]) => outbox.add({ id: randomId(), text, files }),
    retry: (id: string) => outbox.retry(id),
    discard: (id: string) => outbox.remove(id),
    stop: () => (state.session === null ? Promise.resolve() : api.stop(state.session)),
    open,
    startNew,
    reload: () => void load(),
    approve: (approval: string, edit?: Readonly<Record<string, unknown>>) =>
      decide(() => api.approve(approval, edit)),
    /** Says yes to exactly these, each as it was seen; what has changed meanwhile stays open on the card. */
    approveAll: (turn: string, seen: readonly { id: string; digest: string }[]) =>
      decide(async () => {
        await api.approveAll(seen);
        return await api.card(turn);
      }),
    /** Yes, and a standing one for the like until then (ISO 8601). */
    approveUntil: (approval: string, digest: string | undefined, until: string) =>
      decide(() => api.approve(approval, undefined, { digest, grantUntil: until })),
    loadOlder: () => void loadOlder(),
    refuse: (approval: string, reason: string) => decide(() => api.refuse(approval, reason)),
    undo: (action: string) => decide(() => api.undo(action)),
    resolve: (action: string, choice: "check" | "retry" | "give-up") =>
      decide(() => api.resolve(action, choice)),
    tidy: () => approvals.tidy(),
    close() {
      clearInterval(asking);
      connection.close();
      approvals.close();
      listeners.clear();
    },
  };
}
