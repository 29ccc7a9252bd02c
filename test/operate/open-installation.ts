import type { ApiPorts } from "../../src/api/ports.ts";
import { createSessionHints } from "../../src/compose/await-turn.ts";
import { createPorts } from "../../src/compose/create-ports.ts";
import { type Installation, openInstallation } from "../../src/compose/installation.ts";
import { SESSION_HINT } from "../../src/store/events/append-events.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

/** The real engine over a data directory, as the command line opens it. */
export async function open(
  directory: string,
  databaseUrl: string | null = null,
): Promise<{ readonly house: Installation; readonly ports: ApiPorts; close(): Promise<void> }> {
  const house = await openInstallation({
    directory,
    databaseUrl,
    isEmpty: false,
    role: "once",
    log: createLog("silent"),
    metrics: createMetrics(),
    say: () => {},
  });
  const hints = createSessionHints();
  const stop = await house.db.listen(SESSION_HINT, (payload) =>
    hints.hear(payload.slice(0, payload.lastIndexOf(":"))),
  );
  return {
    house,
    ports: createPorts(house, hints),
    close: async () => {
      await stop();
      await house.close();
    },
  };
}
