import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

type Options = { readonly kills: number; readonly say: (line: string) => void };
type Line = {
  readonly ready?: boolean;
  readonly acknowledged?: string;
  readonly kept?: readonly string[];
  readonly doubled?: number;
  readonly error?: string;
};

const WRITER = fileURLToPath(new URL("embedded-writer.ts", import.meta.url));
const COMMITS = 100;
/** A database that does not open within this is counted as failed. */
const OPEN_MS = 120_000;

/** Kills one process on an embedded database again and again, and asks the database what it kept. */
export async function chaosEmbedded({ kills, say }: Options) {
  const home = mkdtempSync(join(tmpdir(), "steward-chaos-embedded-"));
  try {
    const acknowledged = new Set<string>();
    const lost = new Set<string>();
    const errors = new Set<string>();
    let [openFailures, doubled, next] = [0, 0, 0];
    const openMs: number[] = [];
    for (let kill = 1; kill <= kills; kill++) {
      const startedAt = performance.now();
      const writer = run(["write", home, String(next)]);
      const isOpen = await untilLine(writer, (line) => {
        if (line.acknowledged) {
          acknowledged.add(line.acknowledged);
          next = Math.max(next, Number(line.acknowledged.slice(1)) + 1);
        }
        if (line.error) errors.add(line.error);
        return line.ready === true;
      });
      if (!isOpen) openFailures += 1;
      else openMs.push(performance.now() - startedAt);
      await new Promise((go) => setTimeout(go, 300 + Math.random() * 1_200));
      writer.kill("SIGKILL");
      await ended(writer);
      if (kill % 5 === 0) say(`${kill} kills, ${acknowledged.size} messages acknowledged`);
      // The message that was under way may have been kept without an answer; the next one must not take its name.
      next += 1;
    }
    const checker = run(["check", home, "0"]);
    let kept: ReadonlySet<string> = new Set();
    const isChecked = await untilLine(checker, (line) => {
      if (line.kept) kept = new Set(line.kept);
      doubled += line.doubled ?? 0;
      return line.kept !== undefined;
    });
    if (!isChecked) openFailures += 1;
    await ended(checker);
    for (const message of acknowledged) if (!kept.has(message)) lost.add(message);
    const sync = await countSyncs(home);
    return {
      kills,
      acknowledged: acknowledged.size,
      lost: lost.size,
      duplicated: doubled,
      openFailures,
      openMsMax: Math.round(Math.max(0, ...openMs)),
      fsyncPerCommit: sync.perCommit,
      errors: [...errors].slice(0, 5),
      notes: sync.note ? [sync.note] : [],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function run(
  [what = "", home = "", from = ""]: readonly string[],
  before: readonly string[] = [],
): ChildProcess {
  const [command = process.execPath, ...args] = [...before, process.execPath, WRITER, home, from, what];
  return spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Hears every line until the process ends; true once `isIt` was true for one, within the time for opening. */
async function untilLine(child: ChildProcess, isIt: (line: Line) => boolean): Promise<boolean> {
  if (!child.stdout) return false;
  const lines = createInterface({ input: child.stdout });
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), OPEN_MS);
    const settle = (is: boolean) => {
      clearTimeout(timer);
      resolve(is);
    };
    lines.on("line", (text) => {
      let line: Line;
      try {
        line = JSON.parse(text) as Line;
      } catch {
        // Cut off by the kill: it was not said.
        return;
      }
      if (isIt(line)) settle(true);
    });
    child.once("close", () => settle(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise<void>((resolve) => child.once("close", () => resolve()));
}

/** Real fsyncs of a commit, as the kernel saw them between two marks. */
async function countSyncs(home: string): Promise<{ perCommit: number | null; note: string | null }> {
  if (spawnSync("strace", ["-V"], { stdio: "ignore" }).status !== 0)
    return { perCommit: null, note: "fsyncPerCommit: strace is not installed." };
  const trace = join(home, "trace");
  const calls = "trace=fsync,fdatasync,access,stat,statx,newfstatat,faccessat,faccessat2";
  const child = run(["commits", home, "0"], ["strace", "-f", "-qq", "-e", calls, "-o", trace]);
  const isOpen = await untilLine(child, (line) => line.ready === true);
  await ended(child);
  if (!isOpen || child.exitCode !== 0)
    return { perCommit: null, note: "fsyncPerCommit: the process could not be traced." };
  const text = readFileSync(trace, "utf8");
  const part = text.slice(text.indexOf("mark-begin"), text.indexOf("mark-end"));
  const syncs = part.split("\n").filter((line) => /\b(fsync|fdatasync)\(/.test(line)).length;
  return { perCommit: syncs / COMMITS, note: null };
}
