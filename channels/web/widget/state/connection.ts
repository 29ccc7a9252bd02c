import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import type { Credentials } from "./credentials.ts";
import type { WireDelta } from "./live-text.ts";
import { openWireSocket } from "./wire-socket.ts";

/** `busy`: too much at once from this person or this network; it goes on by itself. */
export type ConnectionState = "connecting" | "online" | "reconnecting" | "offline" | "denied" | "busy";

export type ConnectionEvents = {
  onState(state: ConnectionState): void;
  /** What came in one go, in order. */
  onItems(session: string, items: readonly ThreadItem[]): void;
  onDelta(delta: WireDelta): void;
  onApprovals(): void;
  /** The server does not let this person see the session, or it is gone. */
  onLost(session: string, code: string): void;
  /** The last sequence that is surely complete: what a new watch asks after. */
  lastSeq(): number;
};

export type Connection = { watch(session: string | null): void; close(): void };

/** Codes after which trying again with the same proof is of no use. */
const DENIED = /^(?:AUTH|DIR|IDN)-/;
const BUSY_MS = 5_000;
const ASK_AGAIN_MS = 2_500;
const GATHER_MS = 8;

/**
 * The live side: one socket that watches one conversation. After every (re)connect it watches again with the
 * last sequence it has, and the server sends what is missing.
 */
export function openConnection(credentials: Credentials, base: string, events: ConnectionEvents): Connection {
  let watched: string | null = null;
  let wasOnline = false;
  let isClosed = false;

  // A replay is many messages at once: taken together, they are drawn once.
  let arrived: { session: string; items: ThreadItem[] } | null = null;
  const deliver = () => {
    const batch = arrived;
    arrived = null;
    if (batch !== null && !isClosed) events.onItems(batch.session, batch.items);
  };
  const take = (session: string, item: ThreadItem) => {
    if (arrived !== null && arrived.session !== session) deliver();
    if (arrived === null) {
      arrived = { session, items: [] };
      setTimeout(deliver, GATHER_MS);
    }
    arrived.items.push(item);
  };

  const tell = (state: ConnectionState) => !isClosed && events.onState(state);
  const tellDown = () =>
    tell(navigator.onLine === false ? "offline" : wasOnline ? "reconnecting" : "connecting");
  const ask = async (): Promise<void> => {
    const session = watched;
    if (session === null || !socket.isOpen()) return;
    const answer = await socket.ask("watch", { session, lastSeq: events.lastSeq() });
    if (session !== watched || isClosed) return;
    const code = (answer as { code?: string } | null)?.code;
    if (answer === null || code === "API-429" || code === "API-500")
      setTimeout(() => void ask(), ASK_AGAIN_MS);
    else if (code !== undefined) events.onLost(session, code);
  };

  /** Shows another proof; when the server does not take it, it is let in anew, or not. */
  const introduce = async (shown: object): Promise<void> => {
    if (socket.isOpen()) await socket.ask("identify", shown);
    else socket.wake();
  };

  const socket = openWireSocket(base, {
    auth: credentials.shown,
    onOpen() {
      wasOnline = true;
      tell("online");
      void ask();
    },
    onClose: tellDown,
    onRefused(code) {
      if (code === "API-429") {
        socket.waitMs(BUSY_MS);
        tell("busy");
        return true;
      }
      if (!DENIED.test(code)) return true;
      // One that just ended may have a successor; only when there is none are they signed out.
      credentials.renew().then((isRenewed) => {
        if (isClosed) return;
        if (isRenewed) socket.wake();
        else tell("denied");
      });
      return false;
    },
    onEvent(name, body) {
      const { session, item } = (body ?? {}) as { session: string; item: ThreadItem };
      if (name === "item") return take(session, item);
      // What follows an item must find it there.
      deliver();
      if (name === "delta") events.onDelta(body as WireDelta);
      else if (name === "approvals") events.onApprovals();
      else if (name === "busy") {
        socket.waitMs(BUSY_MS);
        tell("busy");
      }
    },
  });
  credentials.onRenewed((shown) => void introduce(shown));

  const wake = () => {
    if (navigator.onLine === false) tellDown();
    else if (!socket.isOpen()) socket.wake();
  };
  addEventListener("online", wake);
  addEventListener("offline", wake);

  return {
    watch(session) {
      watched = session;
      void ask();
    },
    close() {
      isClosed = true;
      removeEventListener("online", wake);
      removeEventListener("offline", wake);
      socket.close();
      credentials.close();
    },
  };
}
