import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import type { WebChannelOptions } from "../../channels/web/server.ts";
import type { Log } from "../telemetry/log.ts";

/** One connection listens, the others tell and clean up. */
const MAX_CONNECTIONS = 3;

type Relay = { readonly adapter: NonNullable<WebChannelOptions["adapter"]>; stop(): Promise<void> };

/** Words of a few seconds: what is older stands in the log. */
const STREAM_LENGTH = 2_000;

/**
 * The same through a Redis server, for many replicas: the database then carries no words. One that is away costs only
 * words that are being written, since what was said is in the log; the client comes back to it by itself.
 */
export async function createRedisRelay(redisUrl: string, log: Log): Promise<Relay> {
  const [{ createClient }, redisStreams] = await Promise.all([
    import("@redis/client"),
    import("@socket.io/redis-streams-adapter"),
  ]);
  const client = createClient({ url: redisUrl });
  let isTold = false;
  client.on("error", (error: unknown) => {
    // It tries again every moment: said once until it is back.
    if (!isTold) log.warn("Words could not be passed on to other replicas", { error });
    isTold = true;
  });
  client.on("ready", () => {
    isTold = false;
  });
  client.connect().catch(() => {});
  const options = { streamName: "steward:words", channelPrefix: "steward", maxLen: STREAM_LENGTH };
  return {
    adapter: redisStreams.createAdapter(client, options) as unknown as Relay["adapter"],
    stop: async () => client.destroy(),
  };
}

/**
 * How the sockets of several replicas tell each other what is being written, through the database server that they
 * share anyway. Connections of its own: words must not wait behind work.
 */
export async function createSocketRelay(databaseUrl: string, log: Log): Promise<Relay> {
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
