import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StewardError } from "../types/steward-error.ts";

type Holder = { readonly pid: number; readonly started: string };

/** When a process began, in clock ticks since boot (field 22 of /proc/PID/stat); "" where there is no /proc. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return holder.started === "" || processStart(holder.pid) === holder.started;
}

function readHolder(path: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof parsed !== "object" || parsed === null) return null;
    const { pid, started } = parsed as Partial<Holder>;
    return typeof pid === "number" && typeof started === "string" ? { pid, started } : null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock of a data directory for this process; returns the way to give it back. A living holder is
 * never robbed, however quiet: its process id and start time must both be gone. Throws STO-409 when held.
 */
export function takePidLock(directory: string): () => void {
  const lock = join(directory, "steward.pid");
  const mine = join(directory, `steward.pid.${process.pid}`);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: processStart(process.pid) }), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A hard link appears whole or not at all, and never over another's.
        linkSync(mine, lock);
        return () => {
          if (readHolder(lock)?.pid === process.pid) rmSync(lock, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readHolder(lock);
      if (holder && isAlive(holder)) {
        throw new StewardError("STO-409", `Process ${holder.pid} already uses ${directory}.`);
      }
      const aside = join(directory, `steward.pid.stale.${process.pid}`);
      try {
        renameSync(lock, aside);
      } catch {
        continue;
      }
      // Between reading and renaming, another process may have taken the dead one's place: give it back.
      const moved = readHolder(aside);
      if (moved && isAlive(moved)) linkSync(aside, lock);
      rmSync(aside, { force: true });
    }
    throw new StewardError("STO-409", `The lock of ${directory} keeps changing hands.`);
  } finally {
    rmSync(mine, { force: true });
  }
}
