import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createWebChannel } from "../../channels/web/server.ts";

/** The channel alone in a process of its own, so that its memory is nobody else's. */
const httpServer = createServer();
const channel = createWebChannel({
  httpServer,
  cacheDir: join(process.argv[2] ?? ".", "bundle"),
  page: { mode: "token" },
  authenticate: async ({ as }) => ({
    principal: {
      id: as ?? "",
      name: "",
      title: "",
      manager: null,
      groups: ["everyone"],
      zone: "UTC",
      locale: "en",
    },
    // As a page's token has it: each socket keeps its own end.
    endsAt: new Date(Date.now() + 900_000),
  }),
  mayWatch: async () => true,
  items: async () => [],
  head: async () => 0,
  // All of them come from this one machine at once.
  limits: { socketsPerAddress: 100_000, comingBurst: 100_000 },
});
await channel.ready;
httpServer.listen(0, "127.0.0.1", () => process.send?.({ port: (httpServer.address() as AddressInfo).port }));
process.on("message", () => {
  globalThis.gc?.();
  globalThis.gc?.();
  httpServer.getConnections((_error, open) =>
    process.send?.({ rss: process.memoryUsage().rss, heap: process.memoryUsage().heapUsed, open }),
  );
});
