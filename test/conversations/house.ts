import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiPorts } from "../../src/api/ports.ts";
import { createSessionHints } from "../../src/compose/await-turn.ts";
import { createPorts } from "../../src/compose/create-ports.ts";
import { openInstallation } from "../../src/compose/installation.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { JsonObject } from "../../src/types/json.ts";

/** The address of somebody at the demo company. */
export const at = (name: string) => `${name}@brightwell.example`;

export type House = {
  readonly ports: ApiPorts;
  /** A conversation of one person; every message goes to the same session. */
  talk(name: string): Talk;
  /** Who did a kind of thing to this subject, from the audit record, in order. */
  audit(type: string, subject: string): Promise<readonly { actor: string; data: JsonObject }[]>;
  close(): Promise<void>;
};

export type Talk = {
  readonly session: () => string;
  say(text: string, ...files: string[]): Promise<AskResult>;
  /** The newest words of Steward in the thread: what came after a decision. */
  latest(): Promise<string>;
};

const MINUTE_MS = 60_000;

/** The whole product on the embedded database in a directory of its own, with the demo company in it. */
export async function openHouse(): Promise<House> {
  for (const key of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"]) delete process.env[key];
  const directory = await mkdtemp(join(tmpdir(), "steward-conversations-"));
  const house = await openInstallation({
    directory,
    databaseUrl: null,
    isEmpty: false,
    role: "once",
    log: createLog("silent"),
    metrics: createMetrics(),
    say: () => {},
  });
  const ports = createPorts(house, createSessionHints());
  return {
    ports,
    talk(name) {
      const as = at(name);
      let session: string | null = null;
      return {
        session: () => session ?? "",
        async say(text, ...files) {
          const ids: string[] = [];
          for (const path of files) {
            const content = new Uint8Array(readFileSync(join("demo", "invoices", path)));
            ids.push((await ports.putFile(as, { name: path, content })).id);
          }
          const result = await ports.ask(as, { session, text, files: ids, timeoutMs: MINUTE_MS });
          session = result.session;
          return result;
        },
        async latest() {
          const { items } = await ports.items(as, session ?? "", 0);
          const said = items.filter((item) => item.kind === "message" && item.author.isAssistant);
          const last = said.at(-1);
          return last?.kind === "message" ? last.text : "";
        },
      };
    },
    audit: async (type, subject) =>
      await house.db.query<{ actor: string; data: JsonObject }>(
        "select actor, data from audit where type = $1 and subject = $2 order by id",
        [type, subject],
      ),
    async close() {
      await house.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
