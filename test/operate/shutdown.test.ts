import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { steward, tempDirectory } from "./processes.ts";
import { slowModel } from "./slow-model.ts";

const LONG = 180_000;
const BEN = "ben.okafor@brightwell.example";

async function start(directory: string, env: Record<string, string> = {}) {
  const server = steward(["start", "--port", "0", "--data", directory], env);
  expect(await server.saw(/Steward is ready: (\S+)/)).toBe(true);
  const url = JSON.parse(readFileSync(join(directory, "server.json"), "utf8")).url as string;
  const call = async (path: string, body?: object) => {
    const response = await fetch(url + path, {
      method: body ? "POST" : "GET",
      headers: {
        "X-Steward-As": BEN,
        ...(body ? { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  return { server, url, call };
}

type Items = { items: readonly { kind: string; text?: string }[] };
const textsOf = (answer: Record<string, unknown>) => JSON.stringify((answer as unknown as Items).items);

async function until(check: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe("SIGTERM while a turn runs", () => {
  test(
    "a turn that ends in time is finished, then the process goes with 0",
    async () => {
      const model = await slowModel(2_500);
      const directory = tempDirectory();
      const first = await start(directory, { OPENAI_BASE_URL: model.url });
      const { session } = await first.call("/api/sessions/new/messages", {
        id: "message-1",
        text: "Tell me something",
        files: [],
      });
      expect(await until(() => model.asked() > 0)).toBe(true);
      const from = Date.now();
      first.server.child.kill("SIGTERM");
      expect(await first.server.gone).toEqual({ code: 0, signal: null });
      expect(Date.now() - from).toBeLessThan(10_000);
      expect(existsSync(join(directory, "steward.pid"))).toBe(false);

      const second = await start(directory);
      expect(textsOf(await second.call(`/api/sessions/${session}/items?after=0`))).toContain(
        "The slow answer.",
      );
    },
    LONG,
  );

  test(
    "a turn that does not end is handed over within 10 s, and the next process answers the message once",
    async () => {
      const model = await slowModel(null);
      const directory = tempDirectory();
      const first = await start(directory, { OPENAI_BASE_URL: model.url });
      const { session } = await first.call("/api/sessions/new/messages", {
        id: "message-1",
        text: "How many days a week may I work from home?",
        files: [],
      });
      expect(await until(() => model.asked() > 0)).toBe(true);
      const from = Date.now();
      first.server.child.kill("SIGTERM");
      expect(await first.server.gone).toEqual({ code: 0, signal: null });
      expect(Date.now() - from).toBeLessThan(10_000);

      const second = await start(directory);
      const items = async () => textsOf(await second.call(`/api/sessions/${session}/items?after=0`));
      expect(
        await until(async () => /from home/.test((await items()).replace(/How many days[^"]*/, ""))),
      ).toBe(true);
      expect((await items()).split("How many days a week may I work from home?")).toHaveLength(2);
    },
    LONG,
  );
});

test(
  "a backup is taken while the server runs and serves, by whoever owns the directory",
  async () => {
    const directory = tempDirectory();
    const { server, url, call } = await start(directory);
    const file = join(tempDirectory(), "steward.backup.gz");
    const from = performance.now();
    const backup = steward(["backup", file, "--data", directory, "--json"]);
    expect((await backup.gone).code, backup.err()).toBe(0);
    const took = Math.round(performance.now() - from);
    const told = JSON.parse(backup.out()) as { bytes: number; rows: number };
    process.stderr.write(
      `Backup of the demo: ${took} ms with the process, ${told.bytes} bytes, ${told.rows} rows.\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(gunzipSync(readFileSync(file)).toString()).toContain(BEN);
    expect((await fetch(`${url}/api/backup`, { headers: { "X-Steward-As": BEN } })).status).toBe(403);
    expect(textsOf({ items: [await call("/api/me")] })).toContain(BEN);

    const copy = join(tempDirectory(), "copy");
    const restore = steward(["restore", file, "--data", copy]);
    expect((await restore.gone).code, restore.err()).toBe(0);
    const verify = steward(["audit", "verify", "--data", copy]);
    expect((await verify.gone).code, verify.out() + verify.err()).toBe(0);

    const move = steward(["migrate-to", "postgres://nobody@127.0.0.1:1/x", "--data", directory]);
    expect((await move.gone).code).toBe(1);
    expect(move.err()).toContain("STO-409");
    server.child.kill("SIGTERM");
    expect((await server.gone).code).toBe(0);
    const again = steward(["migrate-to", "postgres://nobody@127.0.0.1:1/x", "--data", directory]);
    expect((await again.gone).code).toBe(1);
    expect(again.err()).toContain("STO-503");
  },
  LONG,
);
