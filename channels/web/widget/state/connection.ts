import { io, type Socket } from "socket.io-client";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import type { Identity } from "./api.ts";
import type { WireDelta } from "./live-text.ts";

export type ConnectionState = "connecting" | "online" | "reconnecting" | "offline" | "denied";

export type ConnectionEvents = {
  onState(state: ConnectionState): void;
  onItem(session: string, item: ThreadItem): void;
  onDelta(delta: WireDelta): void;
  onApprovals(): void;
  /** The server does not let this person see the session, or it is gone. */
  onLost(session: string, code: string): void;
  /** The last sequence that is surely complete: what a new watch asks after. */
  lastSeq(): number;
};

export type Connection = { watch(session: string | null): void; close(): void };

/**
 * The live side: one socket that watches one conversation. After every (re)connect it watches again with the
 * last sequence it has, and the server sends what is missing.
 */
export function openConnection(identity: Identity, base: string, events: ConnectionEvents): Connection {
  const socket: Socket = io(base || location.origin, {
    auth: identity,
    transports: ["websocket"],
    reconnectionDelay: 400,
    reconnectionDelayMax: 8_000,
    forceNew: true,
  });
  let watched: string | null = null;
  let wasOnline = false;
  let isClosed = false;

  const tellDown = () => {
    if (isClosed) return;
    events.onState(navigator.onLine === false ? "offline" : wasOnline ? "reconnecting" : "connecting");
  };
  const ask = () => {
    const session = watched;
    if (session === null || !socket.connected) return;
    socket
      .timeout(10_000)
      .emit("watch", { session, lastSeq: events.lastSeq() }, (failed: unknown, answer: unknown) => {
        if (session !== watched || isClosed) return;
        const code = (answer as { code?: string } | undefined)?.code;
        if (failed) setTimeout(ask, 2_000);
        else if (code === "API-429") setTimeout(ask, 3_000);
        else if (code !== undefined) events.onLost(session, code);
      });
  };

  socket.on("connect", () => {
    wasOnline = true;
    events.onState("online");
    ask();
  });
  socket.on("disconnect", (reason) => {
    tellDown();
    // The server closes politely when it shuts down; socket.io does not come back by itself then.
    if (reason === "io server disconnect") setTimeout(() => !isClosed && socket.connect(), 1_000);
  });
  socket.on("connect_error", (error: Error & { data?: { code?: string } }) => {
    if (/^(?:AUTH|DIR)-/.test(error.data?.code ?? "")) events.onState("denied");
    else {
      tellDown();
      if (error.data?.code === "API-429") setTimeout(() => !isClosed && socket.connect(), 5_000);
    }
  });
  socket.on("item", (message: { session: string; item: ThreadItem }) =>
    events.onItem(message.session, message.item),
  );
  socket.on("delta", (delta: WireDelta) => events.onDelta(delta));
  socket.on("approvals", () => events.onApprovals());

  const wake = () => {
    if (navigator.onLine === false) tellDown();
    else if (!socket.connected) socket.connect();
  };
  addEventListener("online", wake);
  addEventListener("offline", wake);

  return {
    watch(session) {
      watched = session;
      ask();
    },
    close() {
      isClosed = true;
      removeEventListener("online", wake);
      removeEventListener("offline", wake);
      socket.close();
    },
  };
}
