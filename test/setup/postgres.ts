import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

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
    // Files, not pipes: the server inherits them and would keep a pipe open for ever.
    const options = { cwd: home, timeout: 60_000, stdio: "ignore", ...user } as const;
    const done = spawnSync(join(bin, program), [...args], options);
    if (done.status !== 0) {
      throw new Error(`${program} failed (${done.error?.message ?? `exit ${done.status}`}).`);
    }
  };
  if (user) chownSync(home, user.uid, user.gid);
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
  stopWithThisProcess(home, data);
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

/** A run that is killed cannot clean up after itself: a shell waits for its end and stops the server then. */
function stopWithThisProcess(home: string, data: string): void {
  const watch = [
    `while kill -0 ${process.pid} 2>/dev/null; do sleep 2; done`,
    `pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"`,
    `sleep 2; rm -rf "$2"`,
  ].join("; ");
  spawn("sh", ["-c", watch, "watch", data, home], { detached: true, stdio: "ignore", cwd: "/" }).unref();
}

function unprivilegedUser(): { readonly uid: number; readonly gid: number } {
  const idOf = (option: "-u" | "-g", name: string) => {
    const done = spawnSync("id", [option, name], { encoding: "utf8" });
    return done.status === 0 ? Number(done.stdout) : null;
  };
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [idOf("-u", name), idOf("-g", name)];
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new Error("Postgres does not run as root, and there is neither a user postgres nor nobody.");
}
