import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, createWriteStream, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { OperationsPorts } from "../api/ports.ts";
import { writeAudit } from "../store/audit/write-audit.ts";
import { writeBackup } from "../store/backup/write-backup.ts";
import { readEventsAfter } from "../store/events/read-events.ts";
import { listDeadOutbox, reviveOutbox } from "../store/outbox/outbox.ts";
import { findSession } from "../store/sessions/find-session.ts";
import type { JsonObject } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";
import type { Installation } from "./installation.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Events of a session's log in one answer. */
const LOG_PAGE = 500;

/** What whoever runs the installation asks of it while it serves. */
export function createOperationsPorts({ db, directory }: Installation): OperationsPorts {
  return {
    backup: async () => {
      // Through a file without a name: the snapshot is let go as soon as it is on the disk, however slowly it is
      // fetched, and a crash leaves nothing behind.
      const path = join(directory, `backup.${randomUUID()}`);
      const file = openSync(path, "wx+", 0o600);
      try {
        rmSync(path, { force: true });
        const out = createWriteStream("", { fd: file, autoClose: false });
        await writeBackup(db, out, { directory, version, now: new Date() });
      } catch (error) {
        closeSync(file);
        throw (error as NodeJS.ErrnoException).code === "ENOSPC"
          ? new StewardError("STO-507", undefined, { cause: error })
          : error;
      }
      return createReadStream("", { fd: file, start: 0 });
    },
    listOutbox: async () =>
      (await listDeadOutbox(db)).map(({ id, session, viewer, thread, attempts, error, at }) => ({
        id,
        session,
        person: viewer,
        channel: thread.channel,
        attempts,
        error,
        at: at.toISOString(),
      })),
    retryOutbox: async (by, id) =>
      await db.tx(async (sql) => {
        const retried = await reviveOutbox(sql, id);
        if (id !== null && retried === 0) throw new StewardError("OUT-404");
        if (retried > 0) {
          await writeAudit(sql, {
            actor: by,
            type: "outbox.retried",
            subject: id === null ? "all" : String(id),
            data: { retried },
          });
        }
        return { retried };
      }),
    readLog: async (by, session, after) => {
      if (!(await findSession(db, session))) throw new StewardError("SES-404");
      const events = await readEventsAfter(db, session, after, LOG_PAGE);
      // What people said is theirs: that somebody looked is kept.
      await writeAudit(db, { actor: by, type: "log.read", subject: session, data: { after } });
      return {
        events: events.map(({ seq, at, type, data }) => ({
          seq,
          at: at.toISOString(),
          type,
          data: data as unknown as JsonObject,
        })),
      };
    },
  };
}
