import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { createWebChannel } from "../../channels/web/server.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { BEN } from "../web/people.ts";
import { testChannel } from "./channel-contract.ts";

testChannel("web", async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), "steward-channel-"));
  const httpServer = createServer();
  const log: ThreadItem[] = [];
  const channel = createWebChannel({
    httpServer,
    cacheDir,
    page: { mode: "demo" },
    authenticate: async () => ({ principal: BEN, endsAt: null }),
    mayWatch: async () => true,
    items: async (_person, _session, after) => log.filter((item) => item.seq > after),
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const { port } = httpServer.address() as AddressInfo;
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], auth: { as: BEN.id } });
  const seen = new Map<string, string>();
  socket.on("item", ({ item }: { item: ThreadItem }) => {
    if (item.kind === "message") seen.set(item.id, item.text);
  });
  await socket.timeout(5_000).emitWithAck("watch", { session: "ses_1", lastSeq: 0 });
  return {
    channel,
    thread: { channel: "web", conversation: BEN.id, thread: "ses_1" },
    record: (item) => {
      log.push(item);
    },
    shown: async () => [...seen].map(([id, text]) => ({ id, text })),
    close: async () => {
      socket.close();
      httpServer.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
});
