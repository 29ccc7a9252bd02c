import { openInstallation } from "../../src/compose/installation.ts";
import { startServer } from "../../src/compose/start-server.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { stubModel } from "../turns/stub-model.ts";

/** The real server in a process of its own, with a model that answers at once. Tells its memory when asked. */
const [databaseUrl = "", directory = ""] = process.argv.slice(2);
const log = createLog("error");
const metrics = createMetrics();
const house = await openInstallation({
  directory,
  databaseUrl,
  isEmpty: true,
  role: "server",
  log,
  metrics,
  say: () => {},
});
Object.assign(house.deps, { complete: stubModel, retrieve: async () => [] });
const server = await startServer(house, {
  host: "127.0.0.1",
  port: 0,
  allowRemoteDemo: false,
  publicUrl: null,
  allowedOrigins: [],
  version: "bench",
  log,
  metrics,
});
process.on("message", (wish: string) => {
  if (wish === "memory") {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, held: heapUsed + external, cpuMs: (user + system) / 1_000 });
  }
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: server.url });
