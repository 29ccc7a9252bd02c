import { acceptMessage } from "../../src/flows/accept-message.ts";
import { createSessionWorker } from "../../src/flows/session-worker.ts";
import { sequenceAudit } from "../../src/store/audit/sequence-audit.ts";
import { migrate } from "../../src/store/migrate.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { ASKER, benchDeps } from "./bench-house.ts";
import { sayTo } from "./stub-model.ts";
import { EFFECT_INSERT, EFFECT_TABLE, type TurnSystem } from "./system.ts";
import { type Watch, watchDb } from "./watch-db.ts";

const LEASE_MS = 15_000;

/** Steward's own engine: real inbox, worker, gate and policies; only the model and the tool are stubs. */
export async function openSteward(url: string, watch: Watch, directory: string): Promise<TurnSystem> {
  const plain = await connectPostgres(url);
  await migrate(plain);
  await plain.query(EFFECT_TABLE);
  let released: (() => void) | null = null;
  let failed: ((error: unknown) => void) | null = null;
  const db = watchDb(plain, watch, () => released?.());
  const deps = benchDeps(db, {
    act: async (key, text) => {
      await db.query(EFFECT_INSERT, [key, text]);
    },
    find: null,
  });
  const onError = (error: unknown) => failed?.(error);
  const worker = createSessionWorker({ deps, owner: "bench", leaseMs: LEASE_MS, pollMs: 60_000, onError });
  const sequencer = sequenceAudit(plain, directory);
  const sessions = new Map<string, string>();
  let count = 0;

  return {
    name: "steward",
    turn: async (kind, text) => {
      count += 1;
      const done = new Promise<void>((resolve, reject) => {
        [released, failed] = [resolve, reject];
      });
      const session = sessions.get(kind) ?? null;
      const accepted = await acceptMessage(
        db,
        {
          dedupe: `bench:${count}`,
          thread: { channel: "web", conversation: ASKER.id, thread: session ?? "" },
          session,
          principal: ASKER.id,
          text: sayTo(kind === "write" ? "note" : "look", text),
          files: [],
        },
        "bench",
        LEASE_MS,
      );
      sessions.set(kind, accepted.session);
      if (!accepted.claimed) throw new Error("the session was not free");
      worker.take(accepted.claimed);
      await done;
    },
    upkeep: async () => {
      await sequencer.run();
    },
    close: async () => {
      await worker.close();
      await sequencer.run();
      await plain.close();
    },
  };
}
