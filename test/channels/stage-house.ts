import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelSettings, NO_CHANNELS } from "../../src/compose/channels/settings.ts";
import { type Installation, openInstallation } from "../../src/compose/installation.ts";
import { BUILT_IN_POLICIES } from "../../src/compose/read-policies.ts";
import { startServer } from "../../src/compose/start-server.ts";
import { readAskResult } from "../../src/flows/ask-result.ts";
import type { Db } from "../../src/store/db.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { freePort } from "../setup/free-port.ts";
import { readNewestTurn } from "../setup/read-log.ts";

const PATIENCE_MS = 60_000;

/** The house's own rules besides the built-in ones, in its directory of policies. */
export const OWN_RULES = "own.cedar";

export type StageHouse = {
  readonly url: string;
  readonly db: Db;
  readonly installation: Installation;
  readonly people: readonly Principal[];
  /** The newest turn of a session; null before its first. */
  newestTurn(thread: ThreadRef): Promise<string | null>;
  /** The result of the turn that follows `before`. */
  nextResult(thread: ThreadRef, before: string | null): Promise<AskResult>;
  /** Resolves when nothing is worked on and nothing waits to be sent. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

/** The whole product with the demo company, serving on a port of its own. */
export async function openStageHouse(
  channels: (publicUrl: string) => Partial<ChannelSettings>,
  rules: string | null = null,
): Promise<StageHouse> {
  for (const key of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"]) delete process.env[key];
  const directory = await mkdtemp(join(tmpdir(), "steward-stage-"));
  if (rules !== null) {
    await cp(BUILT_IN_POLICIES, join(directory, "policies"), { recursive: true });
    await writeFile(join(directory, "policies", OWN_RULES), rules);
  }
  const log = createLog("error");
  const metrics = createMetrics();
  const house = await openInstallation({
    directory,
    databaseUrl: null,
    isEmpty: false,
    role: "server",
    log,
    metrics,
    say: () => {},
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer(house, {
    host: "127.0.0.1",
    port,
    allowRemoteDemo: false,
    publicUrl: url,
    allowedOrigins: [],
    version: "test",
    log,
    metrics,
    channels: { ...NO_CHANNELS, ...channels(url) },
  });
  const { db } = house;
  const until = async <T>(look: () => Promise<T | null>): Promise<T> => {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (Date.now() > end) throw new Error("The house did not get there in a minute.");
      await new Promise((go) => setTimeout(go, 20));
    }
  };
  const newest = async ({ channel, conversation, thread }: ThreadRef) => {
    const [row] = await db.query<{ session: string }>(
      "select id as session from sessions where channel = $1 and conversation = $2 and thread = $3",
      [channel, conversation, thread],
    );
    const turn = row && (await readNewestTurn(db, row.session));
    return row && turn ? { session: row.session, turn } : null;
  };
  return {
    url,
    db,
    installation: house,
    people: house.deps.directory().people,
    newestTurn: async (thread) => (await newest(thread))?.turn ?? null,
    nextResult: async (thread, before) =>
      await until(async () => {
        const row = await newest(thread);
        return row && row.turn !== before ? await readAskResult(db, row.session, row.turn) : null;
      }),
    quiet: async () =>
      await until(async () => {
        const [row] = await db.query<{ n: number }>(
          `select ((select count(*) from inbox where state = 'new') + (select count(*) from outbox where state = 'new')
             + (select count(*) from sessions where owner is not null))::int as n`,
        );
        return row?.n === 0 ? undefined : null;
      }),
    close: async () => {
      await server.stop();
      await house.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
