import type { Card } from "../../../../src/types/card.ts";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import { asProblem, createApi, type Me, type Problem, randomId } from "./api.ts";
import { type ApprovalsView, createApprovals, NO_APPROVALS } from "./approvals.ts";
import { type ConnectionState, openConnection } from "./connection.ts";
import type { Identity } from "./credentials.ts";
import { keepUnsent, recallUnsent } from "./kept.ts";
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
  /** Whether this is a new conversation because the one to be opened is not there for this person. */
  readonly isGone: boolean;
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
    isGone: false,
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

  /** What a new conversation is called until its first message was taken. */
  let draft = randomId("new");
  let out: readonly Outgoing[] = [];
  const here = () => state.session ?? draft;

  const outbox = createOutbox(
    async ({ id, to, text, files: refs }) => {
      const files = refs.map((file) => file.id);
      const answer = await api.send(to.startsWith("new_") ? "new" : to, { id, text, files });
      if (to === answer.session) return answer;
      const isHere = to === here();
      if (isHere) {
        remember(memory, answer.session);
        set({ session: answer.session });
        connection.watch(answer.session);
      }
      outbox.move(to, answer.session);
      return answer;
    },
    (messages) => {
      const gone = out.filter(
        ({ id }) => !messages.some((each) => each.id === id && each.status !== "accepted"),
      );
      out = messages;
      const person = state.me?.principal.id;
      if (person !== undefined)
        keepUnsent(
          person,
          messages,
          gone.map(({ id }) => id),
        );
      set({ outgoing: stillOut(state.thread) });
    },
  );

  /** Messages of this conversation that its thread does not hold yet, and those whose own one is gone. */
  function stillOut(thread: Thread): readonly Outgoing[] {
    return out.filter(
      (message) =>
        (message.to === here() || [403, 404].includes(message.problem?.status ?? 0)) &&
        !thread.items.some(
          (item) => item.kind === "message" && (item.id === message.id || item.seq === message.seq),
        ),
    );
  }

  /** Takes up what this person wrote before the page was loaded anew. */
  function restore(person: string): void {
    const before = recallUnsent(person);
    const old = before.findLast(({ to }) => to.startsWith("new_"))?.to;
    if (state.session === null && old !== undefined) {
      outbox.move(draft, old);
      draft = old;
    }
    outbox.restore(before);
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
    set({ thread, live, newer, outgoing: stillOut(thread) });
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
      beginAnew();
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
      const isFirst = state.me === null;
      set({ me, problem: null });
      if (isFirst) restore(me.principal.id);
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
    set({
      session,
      isLoaded: session === null,
      live: null,
      ...(isSame ? {} : { thread: EMPTY_THREAD, newer: new Map(), hasOlder: false, isGone: false }),
    });
    if (!isSame) {
      draft = randomId("new");
      outbox.tidy();
    }
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
      if (state.session !== session) return;
      if (problem.status === 404 || problem.status === 403) return beginAnew();
      if (problem.status !== 0) set({ problem });
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

  /** The conversation is gone or not theirs: begins anew instead of showing what cannot go on. */
  function beginAnew(): void {
    startNew();
    set({ isGone: true });
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
    send: (text: string, files: readonly FileRef[]) =>
      outbox.add({ id: randomId(), to: here(), text, files }),
    retry: (id: string) => outbox.retry(id, here()),
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
      outbox.close();
      approvals.close();
      listeners.clear();
    },
  };
}
