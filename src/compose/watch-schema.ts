import type { Db } from "../store/db.ts";
import { findNewerSchema, listMigrations } from "../store/migrate.ts";
import type { StewardError } from "../types/steward-error.ts";

/** How often a server's list of migrations is looked at: a dozen rows. */
const LOOK_MS = 2_000;

/** Tells when a newer version changed the database in a way that this process would get wrong. */
export type SchemaWatch = {
  /** Resolves to STO-426: nothing may be written any more, and the process must end. */
  readonly outdated: Promise<StewardError>;
  /** Looks now, as after an error that may come of it. */
  look(): void;
  stop(): void;
};

/**
 * Watches a database that other processes may migrate. What this process knows is read once: an upgrade in place
 * changes the files under a running process, not its code.
 */
export function watchSchema(db: Db, everyMs = LOOK_MS): SchemaWatch {
  const known = new Set(listMigrations().map((one) => one.number));
  const { promise: outdated, resolve } = Promise.withResolvers<StewardError>();
  let isLooking = false;
  const look = () => {
    if (isLooking) return;
    isLooking = true;
    findNewerSchema(db, known)
      .then((found) => {
        if (found) resolve(found);
      })
      // The database is away: whoever needs it says so.
      .catch(() => {})
      .finally(() => {
        isLooking = false;
      });
  };
  const looking = setInterval(look, everyMs);
  looking.unref();
  return { outdated, look, stop: () => clearInterval(looking) };
}
