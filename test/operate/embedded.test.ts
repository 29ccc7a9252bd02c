import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEmbedded } from "../../src/store/pglite.ts";
import { run, script, tempDirectory } from "./processes.ts";

const LONG = 120_000;
const last = (text: string) => Number(text.trim().split("\n").at(-1));

async function countRows(directory: string): Promise<number> {
  const db = await openEmbedded(directory);
  const [row] = await db.query<{ n: number; twins: number }>(
    "select (select count(*) from acknowledged) as n, (select count(*) from twins) as twins",
  );
  await db.close();
  expect(row?.twins).toBe(row?.n);
  return row?.n ?? 0;
}

describe("the lock of a data directory", () => {
  test(
    "a second process is refused with the pid of the first, which goes on",
    async () => {
      const directory = tempDirectory();
      const first = script("write-rows.ts", [directory]);
      expect(await first.saw(/^5$/m)).toBe(true);
      const second = script("write-rows.ts", [directory]);
      expect((await second.gone).code).toBe(1);
      expect(second.err()).toContain(`STO-409: Process ${first.child.pid} already uses`);
      const before = last(first.out());
      expect(await first.saw(new RegExp(`^${before + 5}$`, "m"))).toBe(true);
    },
    LONG,
  );

  test(
    "kill -9, again and again: the next start takes over and has every acknowledged row",
    async () => {
      const directory = tempDirectory();
      let acknowledged = 0;
      for (let round = 0; round < 4; round++) {
        const child = script("write-rows.ts", [directory]);
        expect(await child.saw(new RegExp(`^${acknowledged + 3 + round * 2}$`, "m"))).toBe(true);
        child.child.kill("SIGKILL");
        expect((await child.gone).signal).toBe("SIGKILL");
        expect(existsSync(join(directory, "steward.pid"))).toBe(true);
        acknowledged = last(child.out());
        const rows = await countRows(directory);
        // One more may have been committed than its process lived to tell.
        expect([acknowledged, acknowledged + 1]).toContain(rows);
        acknowledged = rows;
      }
    },
    LONG,
  );

  test(
    "a lock whose pid now belongs to another program is taken over",
    async () => {
      const directory = tempDirectory();
      const other = run("sleep", ["60"]);
      writeFileSync(join(directory, "steward.pid"), JSON.stringify({ pid: other.child.pid, started: "1" }));
      const db = await openEmbedded(directory);
      expect(JSON.parse(readFileSync(join(directory, "steward.pid"), "utf8")).pid).toBe(process.pid);
      await db.close();
      expect(existsSync(join(directory, "steward.pid"))).toBe(false);
    },
    LONG,
  );

  test(
    "a kill during the first start leaves a directory that opens",
    async () => {
      const directory = tempDirectory();
      for (const afterMs of [700, 2_000]) {
        const child = script("write-rows.ts", [directory]);
        const end = Date.now() + 20_000;
        while (!existsSync(join(directory, "db.new")) && Date.now() < end)
          await new Promise((r) => setTimeout(r, 10));
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        child.child.kill("SIGKILL");
        await child.gone;
      }
      const again = script("write-rows.ts", [directory, "1"]);
      expect((await again.gone).code).toBe(0);
    },
    LONG,
  );
});

test("an unfinished restore is named at the next start, not taken for a new installation", async () => {
  const directory = tempDirectory();
  mkdirSync(join(directory, "restore.new"));
  await expect(openEmbedded(directory)).rejects.toMatchObject({ code: "STO-423" });
});

test(
  "a damaged data directory is refused with STO-500 in a few seconds, and left as it is",
  async () => {
    const sound = tempDirectory();
    await (await openEmbedded(sound)).close();
    const files = (directory: string, part: string) =>
      readdirSync(join(directory, "db", part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    const cut = (paths: readonly string[], bytes: number) => {
      for (const path of paths) if (statSync(path).size > bytes) truncateSync(path, bytes);
    };
    const damages: readonly ((directory: string) => void)[] = [
      (d) => cut([join(d, "db/global/pg_control")], 100),
      (d) => cut(files(d, "pg_wal"), 5_000),
      (d) => cut(files(d, "base"), 4_096),
      (d) => cut(files(d, "pg_xact"), 0),
      (d) => rmSync(join(d, "db/PG_VERSION")),
      (d) => rmSync(join(d, "db/pg_wal"), { recursive: true }),
      (d) => {
        rmSync(join(d, "db"), { recursive: true });
        mkdirSync(join(d, "db"));
      },
    ];
    for (const damage of damages) {
      const directory = tempDirectory();
      cpSync(sound, directory, { recursive: true });
      damage(directory);
      const child = script("write-rows.ts", [directory, "1"]);
      expect((await child.gone).code, damage.toString()).toBe(1);
      expect(child.err()).toMatch(/^STO-500: The database in/);
      expect(child.err()).not.toContain("    at ");
    }
  },
  LONG,
);

const canMount = process.platform === "linux" && userInfo().uid === 0 && tryMount();

function tryMount(): boolean {
  const place = "/tmp/steward-mount-try";
  mkdirSync(place, { recursive: true });
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place]).status === 0;
  if (isMounted) spawnSync("umount", [place]);
  else process.stderr.write("NOT TESTED: a full disk (needs the right to mount a small one).\n");
  rmSync(place, { recursive: true, force: true });
  return isMounted;
}

test.runIf(canMount)(
  "a full disk is told as STO-507, and what was acknowledged is there when there is room",
  async () => {
    const place = tempDirectory();
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=90m", "tmpfs", place]);
    onTestFinished(() => void spawnSync("umount", ["-l", place]));
    const directory = join(place, "data");
    await (await openEmbedded(directory)).close();
    const free = Number(
      spawnSync("df", ["--output=avail", "-B1", place], { encoding: "utf8" }).stdout.split("\n")[1],
    );
    writeFileSync(join(place, "filler"), Buffer.alloc(free - 400_000));
    const child = script("write-rows.ts", [directory]);
    expect((await child.gone).code).toBe(1);
    expect(child.err()).toContain("STO-507");
    const acknowledged = Math.max(0, ...(child.out().match(/^\d+$/gm)?.map(Number) ?? []));
    rmSync(join(place, "filler"));
    if (acknowledged > 0) expect(await countRows(directory)).toBe(acknowledged);
    else await (await openEmbedded(directory)).close();
  },
  LONG,
);

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) process.stderr.write("NOT TESTED: fsync calls (needs strace: apt-get install strace).\n");

test.runIf(hasStrace)(
  "each acknowledged commit waited for at least one fsync of its own",
  async () => {
    const directory = tempDirectory();
    await (await openEmbedded(directory)).close();
    const trace = join(tempDirectory(), "trace");
    const traced = ["-f", "-o", trace, "-e", "trace=fsync,fdatasync,write", "-s", "8"];
    const child = run("strace", [
      ...traced,
      process.execPath,
      ...scriptArgs("write-rows.ts", [directory, "40"]),
    ]);
    expect((await child.gone).code).toBe(0);
    // Told commits, and the calls between one and the next.
    const between: number[] = [];
    let calls = 0;
    let isOpen = false;
    for (const line of readFileSync(trace, "utf8").split("\n")) {
      if (/ (?:fsync|fdatasync)\(/.test(line)) calls++;
      if (/ write\(1, "open/.test(line)) isOpen = true;
      else if (isOpen && / write\(1, "\d/.test(line)) between.push(calls);
      if (/ write\(1, "/.test(line)) calls = 0;
    }
    expect(between).toHaveLength(40);
    expect(Math.min(...between)).toBeGreaterThanOrEqual(1);
  },
  LONG,
);

function scriptArgs(name: string, args: readonly string[]): readonly string[] {
  return [new URL(name, import.meta.url).pathname, ...args];
}
