import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { ChannelSettings } from "../../src/compose/channels/settings.ts";
import { migrate } from "../../src/store/migrate.ts";
import { savePeople } from "../../src/store/people/people.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { saveToken } from "../../src/store/tokens/tokens.ts";
import type { SlackPlatform } from "../../test/channels/slack/fakes/slack-platform.ts";
import { findPostgresPrograms, startPostgres } from "../../test/setup/postgres.ts";
import { type CountedEffect, countedEffects } from "../chaos/outside-client.ts";
import { startProxy, type TcpProxy } from "../chaos/tcp-proxy.ts";

export type ServerConfig = {
  readonly directory: string;
  readonly databaseUrl: string;
  readonly port: number;
  /** Address of the system that the tools act on. */
  readonly outside: string;
  /** Time that the model takes for each call, so that work is queued. */
  readonly modelMs: number;
  readonly logLevel: "error" | "warn" | "info";
  readonly channels: ChannelSettings;
};

export type BenchPerson = { readonly email: string; readonly name: string; readonly isManager: boolean };

/** One measurement's machines: a private Postgres behind a proxy, the system outside, and the server. */
export type BenchHouse = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly proxy: TcpProxy;
  /** A manager's token for the API. */
  readonly token: string;
  start(): Promise<void>;
  /** Resolves once what a server does after its start, such as reading the planner's words, is done. */
  settle(): Promise<void>;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  effects(): Promise<readonly CountedEffect[]>;
  close(): Promise<void>;
};

const SERVER = fileURLToPath(new URL("server.ts", import.meta.url));
const OUTSIDE = fileURLToPath(new URL("../chaos/outside.ts", import.meta.url));
const START_MS = 90_000;
/** Processor time in a second below which a server rests. */
const QUIET_MS = 150;

/** Throws when there is no Postgres to start. */
export async function openBenchHouse(
  people: readonly BenchPerson[],
  channels: (publicUrl: string) => ChannelSettings,
  modelMs: number,
): Promise<BenchHouse> {
  const bin = findPostgresPrograms();
  if (!bin) throw new Error("Postgres 15 or newer is needed (apt-get install postgresql).");
  const home = mkdtempSync(join(tmpdir(), "steward-bench-channels-"));
  const server = await startPostgres(bin, ["fsync=on"]);
  const direct = new URL(server.url);
  const proxy = await startProxy(direct.hostname, Number(direct.port));
  const through = new URL(server.url);
  through.port = String(proxy.port);
  const token = await prepare(server.url, people);
  const outside = fork(OUTSIDE);
  const origin = await new Promise<string>((resolve) =>
    outside.once("message", (message) => resolve(`http://127.0.0.1:${(message as { port: number }).port}`)),
  );
  const pool = new pg.Pool({ connectionString: server.url, max: 2 });
  pool.on("error", () => {});
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config: ServerConfig = {
    directory: join(home, "house"),
    databaseUrl: through.href,
    port,
    outside: origin,
    modelMs,
    logLevel: process.env.BENCH_LOG === "info" ? "info" : "error",
    channels: channels(url),
  };
  let child: ChildProcess | null = null;
  const kill = async () => {
    const one = child;
    child = null;
    if (!one || one.exitCode !== null || one.signalCode !== null) return;
    const gone = new Promise((resolve) => one.once("exit", resolve));
    one.kill("SIGKILL");
    await gone;
  };
  return {
    url,
    pool,
    proxy,
    token,
    start: async () => {
      const one = fork(SERVER, [JSON.stringify(config)], {
        stdio: ["ignore", process.env.BENCH_LOG ? process.stderr : "ignore", "inherit", "ipc"],
      });
      child = one;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("the server did not start in time")), START_MS);
        one.once("message", () => {
          clearTimeout(timer);
          resolve();
        });
        one.once("exit", (code) => {
          clearTimeout(timer);
          reject(new Error(`the server ended with ${code}`));
        });
      });
    },
    settle: async () => {
      let [quiet, last] = [0, await cpuMs(child)];
      for (let tries = 0; tries < 60 && quiet < 3; tries++) {
        await wait(1_000);
        const now = await cpuMs(child);
        quiet = now - last < QUIET_MS ? quiet + 1 : 0;
        last = now;
      }
    },
    kill,
    effects: async () => await countedEffects(origin),
    close: async () => {
      await kill();
      outside.kill("SIGKILL");
      await pool.end().catch(() => {});
      proxy.close();
      server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function cpuMs(child: ChildProcess | null): Promise<number> {
  if (!child) return 0;
  return await new Promise((resolve) => {
    child.once("message", (message) => resolve((message as { cpuMs: number }).cpuMs));
    child.send("usage");
  });
}

/** People of the directory, and a token of the first manager; returns its secret. */
async function prepare(url: string, people: readonly BenchPerson[]): Promise<string> {
  const db = await connectPostgres(url, 2);
  await migrate(db);
  await savePeople(
    db,
    people.map(({ email, name, isManager }) => ({
      id: email,
      name,
      title: "",
      manager: null,
      groups: isManager ? ["everyone", "managers"] : ["everyone"],
      zone: "UTC",
      locale: "en-GB",
    })),
  );
  const secret = randomBytes(24).toString("base64url");
  const manager = people.find((one) => one.isManager) ?? people[0];
  await saveToken(db, {
    id: "tok_bench",
    hash: createHash("sha256").update(secret).digest(),
    principal: manager?.email ?? "",
    name: "bench",
    isAdmin: false,
    expiresAt: null,
  });
  await db.close();
  return secret;
}

/** What the server is told of a Slack that installs by OAuth in each of its workspaces. */
export function slackSettings(platform: SlackPlatform, publicUrl: string): ChannelSettings {
  const workspaces = [...platform.world.teams.keys()];
  return {
    slack: {
      mode: "http",
      botToken: null,
      appToken: null,
      signingSecret: platform.signingSecret,
      clientId: platform.clientId,
      clientSecret: platform.clientSecret,
      workspaces,
      apiUrl: platform.apiUrl,
      publicUrl,
    },
    teams: null,
    allowed: { slack: workspaces, teams: [] },
    vaultKey: randomBytes(32).toString("base64"),
    formerVaultKey: null,
  };
}

/** An administrator of each workspace goes through the pages of the installation. */
export async function installEverywhere(platform: SlackPlatform, url: string): Promise<void> {
  for (const team of platform.world.teams.keys()) {
    const begun = await fetch(`${url}/channels/slack/install`, { redirect: "manual" });
    const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
    const back = platform.consent(begun.headers.get("location") ?? "", team);
    const done = await fetch(back, { headers: { cookie } });
    if (done.status !== 200) throw new Error(`the installation in ${team} answered ${done.status}`);
    await done.arrayBuffer();
  }
  platform.deliverTo(`${url}/channels/slack/events`);
}

export const wait = async (ms: number): Promise<void> => {
  await new Promise((go) => setTimeout(go, ms));
};

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
