import type { Duplex } from "node:stream";
import pg from "pg";
import { StewardError } from "../types/steward-error.ts";
import { batchQuery } from "./batch-query.ts";
import { asDatabaseFailure } from "./database-failure.ts";
import type { Db, Sql } from "./db.ts";

/** int8 as number: no count here reaches 2^53. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === 20 ? (value: string) => Number(value) : pg.types.getTypeParser(oid, format as "text"),
} as pg.CustomTypesConfig;

const asSql = (client: Pick<pg.Pool, "query">): Sql => ({
  query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
    (await coded(client.query<Row & pg.QueryResultRow>(text, [...params]))).rows,
});

/** Statements of transactions by name, so that a connection parses and plans each once; never those made on the fly. */
const MAX_PREPARED = 200;
const preparedNames = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = preparedNames.get(text);
  if (known !== undefined || preparedNames.size >= MAX_PREPARED) return known;
  const name = `steward_${preparedNames.size}`;
  preparedNames.set(text, name);
  return name;
}

const inTransaction = (client: pg.PoolClient): Sql => ({
  query: async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const name = nameOf(text);
    const config = { text, values: [...params], ...(name === undefined ? {} : { name }) };
    return (await coded(client.query<Row & pg.QueryResultRow>(config))).rows;
  },
});

/** What is asked of a connection until this tick ends leaves in one write: each write is a call of the system. */
function corkForThisTick(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asDatabaseFailure(error);
  }
}

/** How long to wait for a connection: a server that is gone without a word must not hold a request for ever. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects to a Postgres server (15 or newer) through a pool of at most `max` connections. Throws STO-503 when it
 * cannot be reached, STO-401 and STO-404 when it refuses. Later failures come with the same codes.
 */
export async function connectPostgres(url: string, max = 10): Promise<Db> {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: TYPES,
    application_name: "steward",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // Statements leave at once, in order, without waiting for the answers of those before: a commit of five
    // statements is two round trips instead of seven.
    pipeline: true,
  });
  // A connection that the server cuts must not end the process, neither an idle one nor, between two statements of
  // a transaction, one in use: the next statement on it rejects, and the pool opens another.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const found = await coded(
    pool.query<{ name: string }>(
      "select name from pg_available_extensions where name in ('vector', 'pg_textsearch')",
    ),
  ).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  return {
    ...asSql(pool),
    kind: "postgres",
    extensions: new Set(found.rows.map((row) => row.name)),
    tx: async (work) => {
      const client = await coded(pool.connect());
      let broken: Error | undefined;
      try {
        corkForThisTick(client);
        const begun = coded(client.query("begin"));
        // Its failure is every later statement's too, and is told by the first that is waited for.
        begun.catch(() => {});
        const result = await work(inTransaction(client));
        await begun;
        const { command } = await coded(client.query("commit"));
        // A statement failed and nobody minded: the server then undoes it all, and says so only here.
        if (command !== "COMMIT")
          throw new Error("The transaction was rolled back: a statement of it failed.");
        return result;
      } catch (error) {
        await client.query("rollback").catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    batch: async (statements) => {
      const client = await coded(pool.connect());
      let broken: Error | undefined;
      try {
        corkForThisTick(client);
        return await coded(
          new Promise<readonly (readonly object[])[]>((resolve, reject) => {
            const named = statements.map((statement) => ({ ...statement, name: nameOf(statement.text) }));
            const done = (failure: Error | null, rows: readonly (readonly object[])[]) =>
              failure ? reject(failure) : resolve(rows);
            client.query(batchQuery(named, TYPES, done));
          }),
        );
      } catch (error) {
        // A connection that broke is not given back; one that answered is out of the transaction.
        if (error instanceof StewardError) broken = error;
        throw error;
      } finally {
        client.release(broken);
      }
    },
    script: async (text) => {
      await coded(pool.query(text));
    },
    listen: async (channel, heard) => await listenOn(url, channel, heard),
    close: async () => await pool.end(),
  };
}

/** LISTEN on a connection of its own, opened again a second after it breaks. */
async function listenOn(
  url: string,
  channel: string,
  heard: (payload: string) => void,
): Promise<() => Promise<void>> {
  let isStopped = false;
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | undefined;
  const open = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: "steward listen" });
    client = next;
    const reopen = () => {
      if (isStopped || client !== next) return;
      client = null;
      again = setTimeout(() => void open().catch(reopen), 1_000);
    };
    next.on("error", reopen);
    next.on("end", reopen);
    next.on("notification", (message) => heard(message.payload ?? ""));
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      reopen();
      if (!isStopped) throw error;
    }
  };
  await open();
  return async () => {
    isStopped = true;
    clearTimeout(again);
    await client?.end();
  };
}
