import { statfsSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { StewardError } from "../types/steward-error.ts";

/** Postgres needs room for one more piece of its log (16 MB) to go on, and to open at all. */
const ROOM_BYTES = 32 * 1024 * 1024;

/** Why an engine broke: nearly always the disk; otherwise its files. */
export function breakageOf(directory: string, cause: unknown): StewardError {
  const { code } = cause as { code?: unknown };
  if (code === "53100" || !hasRoom(directory)) return new StewardError("STO-507", undefined, { cause });
  return new StewardError("STO-500", `The database in ${directory} cannot be read.`, { cause });
}

function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return true;
  }
}

export type Guard = {
  /** Resolves when the engine broke: nothing can be asked of it any more. */
  readonly broken: Promise<StewardError>;
  isBroken(): boolean;
};

/**
 * Keeps statements away from an engine that has panicked: a server would have ended its process there, while
 * this one would spin in the next statement and take the event loop along (seen with a disk that fills up under
 * its write-ahead log). What was committed before is on the disk and comes back at the next start.
 */
export function guardEngine(engine: PGlite, directory: string): Guard {
  let failure: StewardError | null = null;
  const { promise: broken, resolve } = Promise.withResolvers<StewardError>();
  const guard = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (failure) throw failure;
      try {
        return await call(...args);
      } catch (error) {
        if (isFatal(error)) {
          failure ??= breakageOf(directory, error);
          resolve(failure);
        }
        throw failure ?? error;
      }
    };
  };
  // All statements go through these three, inside the engine's own queue.
  engine.execProtocol = guard(engine.execProtocol.bind(engine));
  engine.execProtocolStream = guard(engine.execProtocolStream.bind(engine));
  engine.execProtocolRawStream = guard(engine.execProtocolRawStream.bind(engine));
  return { broken, isBroken: () => failure !== null };
}

function isFatal(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return severity === "PANIC" || severity === "FATAL" || error instanceof WebAssembly.RuntimeError;
}
