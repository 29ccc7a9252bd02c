import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export type TestPostgres = {
  readonly url: string;
  /** Stops the server, as a crash would (`immediate`) or as an operator does (`fast`), and starts it on the same port. */
  restart(how: "fast" | "immediate"): void;
  stop(): void;
};

/** Directory of the newest installed Postgres programs (15 or newer), or null. */
export function findPostgresPrograms(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .filter((n) => n >= 15)
    : [];
  for (const version of versions.sort((a, b) => b - a)) {
    const bin = join(debian, String(version), "bin");
    if (existsSync(join(bin, "initdb"))) return bin;
  }
  const config = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" });
  const bin = config.status === 0 ? config.stdout.trim() : "";
  return bin && existsSync(join(bin, "initdb")) ? bin : null;
}

/** Fast, and lost with the machine: right for tests. */
const NO_SYNC: readonly string[] = ["fsync=off"];

/**
 * Starts a private server in a temporary directory on a free loopback port, with `settings` (`name=value`) over the
 * defaults. Postgres refuses to run as root: then it runs as `postgres` or `nobody`. Throws with the server's own
 * words when it cannot start.
 */
export async function startPostgres(bin: string, settings = NO_SYNC): Promise<TestPostgres> {
  const home = mkdtempSync(join(tmpdir(), "steward-pg-"));
  const user = userInfo().uid === 0 ? unprivilegedUser() : null;
  const run = (program: string, args: readonly string[]) => {
    const [command, full] = user
      ? ["runuser", ["-u", user, "--", join(bin, program), ...args]]
      : [join(bin, program), [...args]];
    // Files, not pipes: the server inherits them and would keep a pipe open for ever.
    const done = spawnSync(command, full, { encoding: "utf8", cwd: home, timeout: 60_000, stdio: "ignore" });
    if (done.status !== 0)
      throw new Error(`${program} failed (${done.error?.message ?? `exit ${done.status}`}).`);
  };
  if (user) spawnSync("chown", [user, home]);
  const data = join(home, "data");
  const port = await freePort();
  const set = settings.map((setting) => `-c ${setting}`).join(" ");
  const options = `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c max_connections=100 ${set}`;
  const start = () =>
    run("pg_ctl", ["-D", data, "-w", "-t", "30", "-l", join(home, "log"), "-o", options, "start"]);
  try {
    run("initdb", [
      "-D",
      data,
      "-U",
      "steward",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--no-sync",
      "--locale=C.UTF-8",
    ]);
    start();
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgres://steward@127.0.0.1:${port}/postgres`,
    restart: (how) => {
      run("pg_ctl", ["-D", data, "-m", how, "-w", "stop"]);
      start();
    },
    stop: () => {
      try {
        run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

function unprivilegedUser(): string {
  for (const name of ["postgres", "nobody"]) {
    if (spawnSync("id", [name], { stdio: "ignore" }).status === 0) return name;
  }
  throw new Error("Postgres does not run as root, and there is neither a user postgres nor nobody.");
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}
