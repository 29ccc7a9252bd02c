import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { ACK_WITHIN_MS, type Ack, type DeliveryKind } from "./deliveries.ts";
import { APP_ID, type Fields } from "./slack-world.ts";

/** Slack lets an app have ten connections at once. */
const MOST_CONNECTIONS = 10;

const TYPE_OF: Readonly<Record<DeliveryKind, string>> = {
  event: "events_api",
  interactive: "interactive",
  options: "interactive",
  command: "slash_commands",
};

/** The platform's end of Socket Mode, on the server of the Web API. */
export function createSocketMode(server: Server) {
  const peer = new WebSocketServer({ noServer: true });
  const connections: WebSocket[] = [];
  const waiting = new Map<string, { from: number; settle(ack: Ack): void; socket: WebSocket }>();
  const tickets = new Set<string>();
  let turn = 0;

  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://slack");
    const ticket = url.searchParams.get("ticket") ?? "";
    // A ticket of apps.connections.open lets one connection in.
    if (url.pathname !== "/link/" || ticket === "" || tickets.has(ticket)) {
      socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    tickets.add(ticket);
    peer.handleUpgrade(request, socket, head, (one) => accept(one));
  });

  const accept = (socket: WebSocket) => {
    if (connections.length >= MOST_CONNECTIONS) {
      socket.send(JSON.stringify({ type: "disconnect", reason: "too_many_websockets" }));
      socket.close();
      return;
    }
    connections.push(socket);
    socket.on("message", (data) => settle(String(data)));
    socket.on("error", () => {});
    socket.on("close", () => {
      const at = connections.indexOf(socket);
      if (at >= 0) connections.splice(at, 1);
      for (const [id, one] of waiting) {
        if (one.socket !== socket) continue;
        waiting.delete(id);
        one.settle({ isAcked: false, status: null, body: null, ms: performance.now() - one.from });
      }
    });
    socket.send(
      JSON.stringify({
        type: "hello",
        num_connections: connections.length,
        connection_info: { app_id: APP_ID },
        debug_info: { host: "local", build_number: 1, approximate_connection_time: 3_600 },
      }),
    );
  };

  const settle = (data: string) => {
    const ack = JSON.parse(data) as { envelope_id?: string; payload?: Fields };
    const one = waiting.get(ack.envelope_id ?? "");
    if (!one) return;
    waiting.delete(ack.envelope_id ?? "");
    one.settle({ isAcked: true, status: 200, body: ack.payload ?? null, ms: performance.now() - one.from });
  };

  const disconnect = (reason: string, which: readonly WebSocket[], close: boolean) => {
    for (const socket of which) {
      socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "local" } }));
      if (close) setTimeout(() => socket.close(), 20);
    }
  };

  return {
    /** How many connections the app has open. */
    get connections(): number {
      return connections.length;
    },
    send(
      kind: DeliveryKind,
      payload: Fields,
      retry: { readonly attempt: number; readonly reason: string | null },
    ): Promise<Ack> | null {
      turn += 1;
      const socket = connections[turn % Math.max(1, connections.length)];
      if (!socket) return null;
      const id = randomUUID();
      return new Promise((resolve) => {
        const from = performance.now();
        const timer = setTimeout(() => {
          waiting.delete(id);
          resolve({ isAcked: false, status: null, body: null, ms: performance.now() - from });
        }, ACK_WITHIN_MS);
        waiting.set(id, {
          from,
          socket,
          settle: (ack) => {
            clearTimeout(timer);
            resolve(ack);
          },
        });
        socket.send(
          JSON.stringify({
            envelope_id: id,
            type: TYPE_OF[kind],
            accepts_response_payload: kind !== "event",
            payload,
            ...(kind === "event" ? { retry_attempt: retry.attempt, retry_reason: retry.reason ?? "" } : {}),
          }),
        );
      });
    },
    /** Slack says that it will close soon; the app should open another connection and let this one go. */
    warn: () => disconnect("warning", [...connections], false),
    /** Slack renews its end: the connection is closed at once. */
    refresh: () => disconnect("refresh_requested", [...connections], true),
    /** Socket Mode was switched off in the app's settings. */
    disable: () => disconnect("link_disabled", [...connections], true),
    /** The line breaks without a word. */
    cut: () => {
      for (const socket of [...connections]) socket.terminate();
    },
    close() {
      for (const socket of [...connections]) socket.terminate();
      peer.close();
    },
  };
}
