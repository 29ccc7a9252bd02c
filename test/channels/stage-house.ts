import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSessionHints } from "../../src/compose/await-turn.ts";
import { type ChannelSettings, NO_CHANNELS } from "../../src/compose/channels/settings.ts";
import { createPorts } from "../../src/compose/create-ports.ts";
import { openInstallation } from "../../src/compose/installation.ts";
import { startServer } from "../../src/compose/start-server.ts";
import { readAskResult } from "../../src/flows/ask-result.ts";
import type { Db } from "../../src/store/db.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { freePort } from "../setup/free-port.ts";

const PATIENCE_MS = 60_000;

export type StageHouse = {
  readonly url: string;
  readonly db: Db;
  readonly people: readonly Principal[];
  /** The newest turn of a session; null before its first. */
  newestTurn(thread: ThreadRef): Promise<string | null>;
  /** The result of the turn that follows `before`. */
  nextResult(thread: ThreadRef, before: string | null): Promise<AskResult>;
  /** The deed of a turn in words, as its card has it: what waits, else the last that was done. */
  lineOf(viewer: string, turn: string): Promise<string>;
  /** Resolves when nothing is worked on and nothing waits to be sent. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

/** The whole product with the demo company, serving on a port of its own. */
export async function openStageHouse(
  channels: (publicUrl: string) => Partial<ChannelSettings>,
): Promise<StageHouse> {
  for (const key of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"]) delete process.env[key];
  const directory = await mkdtemp(join(tmpdir(), "steward-stage-"));
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
  const ports = createPorts(house, createSessionHints());
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
    const [row] = await db.query<{ session: string; turn: string }>(
      `select l.session_id as session, l.turn_id as turn from event_log l join sessions s on s.id = l.session_id
       where s.channel = $1 and s.conversation = $2 and s.thread = $3 and l.turn_id is not null
       order by l.seq desc limit 1`,
      [channel, conversation, thread],
    );
    return row ?? null;
  };
  return {
    url,
    db,
    people: house.deps.directory().people,
    newestTurn: async (thread) => (await newest(thread))?.turn ?? null,
    nextResult: async (thread, before) =>
      await until(async () => {
        const row = await newest(thread);
        return row && row.turn !== before ? await readAskResult(db, row.session, row.turn) : null;
      }),
    lineOf: async (viewer, turn) => {
      const { items } = await ports.card(viewer, turn);
      return (items.findLast((item) => item.status === "awaiting") ?? items.at(-1))?.line ?? "";
    },
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
