import { openInstallation } from "../../src/compose/installation.ts";
import { startServer } from "../../src/compose/start-server.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { outsideAt } from "../chaos/outside-client.ts";
import { benchDeps } from "../turns/bench-house.ts";
import { stubModel } from "../turns/stub-model.ts";
import type { ServerConfig } from "./house.ts";

/**
 * The real server with its real channels in a process of its own; only the model (which answers by rule, after
 * `modelMs`), the search and the tools are the bench's.
 */
const config = JSON.parse(process.argv[2] ?? "{}") as ServerConfig;
const log = createLog(config.logLevel);
const metrics = createMetrics();
const house = await openInstallation({
  directory: config.directory,
  databaseUrl: config.databaseUrl,
  isEmpty: true,
  role: "server",
  log,
  metrics,
  say: () => {},
});
const { tools, gate } = benchDeps(house.db, outsideAt(config.outside));
Object.assign(house.deps, {
  complete: async function* (request: Parameters<typeof stubModel>[0]) {
    if (config.modelMs > 0) await new Promise((go) => setTimeout(go, config.modelMs));
    yield* stubModel(request);
  },
  retrieve: async () => [],
  tools,
  gate,
});
const server = await startServer(house, {
  host: "127.0.0.1",
  port: config.port,
  allowRemoteDemo: false,
  publicUrl: `http://127.0.0.1:${config.port}`,
  allowedOrigins: [],
  version: "bench",
  databaseUrl: config.databaseUrl,
  log,
  metrics,
  channels: config.channels,
});
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: server.url });
