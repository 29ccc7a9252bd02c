import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import type { WebChannelOptions } from "../../channels/web/server.ts";
import type { Log } from "../telemetry/log.ts";

/** One connection listens, the others tell and clean up. */
const MAX_CONNECTIONS = 3;

/**
 * How the sockets of several replicas tell each other what is being written, through the database server that they
 * share anyway. Connections of its own: words must not wait behind work.
 */
export async function createSocketRelay(
  databaseUrl: string,
  log: Log,
): Promise<{ readonly adapter: NonNullable<WebChannelOptions["adapter"]>; stop(): Promise<void> }> {
  const warn = (error: unknown) => log.warn("Words could not be passed on to other replicas", { error });
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: MAX_CONNECTIONS,
    application_name: "steward sockets",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A connection that the server cuts must not end the process; the adapter opens another.
  pool.on("error", warn);
  pool.on("connect", (client) => client.on("error", warn));
  return {
    adapter: createAdapter(pool, { errorHandler: warn }) as unknown as NonNullable<
      WebChannelOptions["adapter"]
    >,
    stop: async () => await pool.end(),
  };
}
