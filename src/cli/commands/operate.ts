import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { LoggedEvent } from "../../api/ports.ts";
import { checkBackup } from "../../store/backup/check-backup.ts";
import { migrateTo, refuseMoved } from "../../store/backup/migrate-to.ts";
import { openBackup } from "../../store/backup/read-backup.ts";
import { type RestoreOptions, restoreEmbedded, restoreToServer } from "../../store/backup/restore-backup.ts";
import { writeBackup } from "../../store/backup/write-backup.ts";
import type { Db } from "../../store/db.ts";
import { openEmbedded } from "../../store/pglite.ts";
import { connectPostgres } from "../../store/postgres.ts";
import { StewardError } from "../../types/steward-error.ts";
import { type Command, type Run, UsageError } from "../command.ts";
import { findServer } from "../connect.ts";
import { cut, plain, table } from "../format.ts";
import { createRemote } from "../remote.ts";

export const backupCommand: Command = {
  name: "backup",
  summary: "Write the whole installation into one file, also while it serves",
  usage: "backup FILE",
  options: {},
  optionHelp: [
    ["FILE", "written beside and moved into place when it was read back whole; keep it as a secret"],
  ],
  positionals: [1, 1],
  run: async (run) => {
    const path = resolve(run.deps.cwd, run.positionals[0] ?? "");
    if (existsSync(path)) await assertBackup(path);
    const beside = `${path}.${randomUUID().slice(0, 8)}.partial`;
    try {
      await write(run, beside).catch(asFileError);
      const { header, rows } = await checkBackup(beside);
      renameSync(beside, path);
      const { size: bytes } = statSync(path);
      run.answer({ file: path, bytes, rows, version: header.version, at: header.at }, () =>
        [
          `Wrote ${path}: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB.`,
          "It holds everything: keep it as a secret.",
        ].join("\n"),
      );
      return 0;
    } finally {
      rmSync(beside, { force: true });
    }
  },
};

/** Through the running server, which keeps serving; else from the database itself. */
async function write(run: Run, path: string): Promise<void> {
  const directory = run.text("data") ?? "";
  const out = () => createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  const server = await findServer(directory);
  if (server) return await pipeline(await createRemote(server).backup(), out());
  const db = await openExisting(run);
  try {
    await writeBackup(db, out(), { directory, version: run.deps.version, now: new Date() });
  } finally {
    await db.close();
  }
}

async function assertBackup(path: string): Promise<void> {
  try {
    await (await openBackup(path)).close();
  } catch (error) {
    if (!(error instanceof StewardError) || error.code === "STO-426") throw error;
    throw new StewardError("STO-412", `${path} is there already and is not a backup; it was left alone.`);
  }
}

function asFileError(error: unknown): never {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC")
    throw new StewardError("STO-507", "There is no room for the backup.", { cause: error });
  if (syscall === "open" || syscall === "write") {
    throw new StewardError("FIL-400", `The file cannot be written (${code}).`, { cause: error });
  }
  throw error;
}

/** The database there is, as it is: nothing is made and nothing brought up to date. */
async function openExisting(run: Run): Promise<Db> {
  const directory = run.text("data") ?? "";
  const url = run.text("database-url");
  const db = url ? await connectPostgres(url, 2) : await openDirectory(directory);
  const [found] = await db.query<{ there: boolean }>("select to_regclass('migrations') is not null as there");
  if (found?.there) return db;
  await db.close();
  throw new StewardError("STO-404", "The database holds no installation.");
}

async function openDirectory(directory: string): Promise<Db> {
  if (!existsSync(join(directory, "db"))) {
    throw new StewardError("STO-404", `There is no installation in ${directory}.`);
  }
  refuseMoved(directory);
  return await openEmbedded(directory);
}

/** Progress, a line a table, where it does not get into the answer. */
function told(run: Run): RestoreOptions {
  return {
    onProgress: (name, rows) => run.deps.stderr.write(`${name}: ${rows}\n`),
    left: (column) =>
      run.deps.stderr.write(
        `${column} was left out: this server lacks its extension. Search goes by words.\n`,
      ),
  };
}

export const restoreCommand: Command = {
  name: "restore",
  summary: "Put a backup into an empty directory or database",
  usage: "restore FILE --data DIR | restore FILE --data DIR --database-url URL",
  options: {},
  optionHelp: [["FILE", "what `steward backup` wrote; nothing is kept of it unless all of it is sound"]],
  positionals: [1, 1],
  run: async (run) => {
    const path = resolve(run.deps.cwd, run.positionals[0] ?? "");
    const directory = run.text("data") ?? "";
    const url = run.text("database-url");
    const restored = url
      ? await onServer(url, async (db) => await restoreToServer(path, db, directory, told(run)))
      : await restoreEmbedded(path, directory, told(run));
    const { header, rows } = restored;
    run.answer(
      { rows, version: header.version, at: header.at },
      () => `Restored ${rows} rows, as they were at ${header.at}. Look at it with: steward audit verify`,
    );
    return 0;
  },
};

async function onServer<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await connectPostgres(url, 2);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

export const migrateToCommand: Command = {
  name: "migrate-to",
  summary: "Move an embedded installation to a Postgres server",
  usage: "migrate-to postgres://USER@HOST/DATABASE --data DIR",
  options: {},
  optionHelp: [["postgres://…", "an empty database; stop Steward first. It may be stopped and run again"]],
  positionals: [1, 1],
  run: async (run) => {
    const url = URL.parse(run.positionals[0] ?? "");
    if (!url || !/^postgres(?:ql)?:$/.test(url.protocol)) {
      throw new UsageError("Say where to: postgres://USER@HOST/DATABASE.");
    }
    const directory = run.text("data") ?? "";
    const source = await openDirectory(directory);
    try {
      const server = `${url.host}${url.pathname}`;
      const place = { directory, server, version: run.deps.version, now: new Date() };
      const done = await onServer(
        url.href,
        async (target) => await migrateTo(source, target, place, told(run)),
      );
      run.answer({ rows: done.rows, server, wasThere: done.wasThere }, () =>
        [
          done.wasThere
            ? `All ${done.rows} rows were there already.`
            : `Moved ${done.rows} rows to ${server}.`,
          `Start it with: steward start --data ${directory} --database-url postgres://…`,
          "The embedded database was left as it was; it no longer opens, so that nobody goes on with it by mistake.",
        ].join("\n"),
      );
      return 0;
    } finally {
      await source.close();
    }
  },
};

export const logCommand: Command = {
  name: "log",
  summary: "Print the log of a conversation, an event a line; that it was read is recorded",
  usage: "log SESSION [--after N]",
  options: { after: { type: "string" } },
  optionHelp: [["--after N", "only events after this number"]],
  positionals: [1, 1],
  run: async (run) => {
    const after = Number(run.text("after") ?? "0");
    if (!Number.isSafeInteger(after) || after < 0) throw new UsageError("--after takes a number of the log.");
    const ports = await run.connect();
    const all: LoggedEvent[] = [];
    for (let from = after; ; ) {
      const { events } = await ports.readLog("local", run.positionals[0] ?? "", from);
      all.push(...events);
      const last = events.at(-1);
      if (!last) break;
      from = last.seq;
    }
    run.answer({ events: all }, () =>
      all
        .map((event) => plain(`${event.seq} ${event.at} ${event.type} ${JSON.stringify(event.data)}`))
        .join("\n"),
    );
    return 0;
  },
};

export const outboxCommand: Command = {
  name: "outbox",
  summary: "List messages that could not be sent, and send them again",
  usage: "outbox list | outbox retry [ID]",
  options: {},
  optionHelp: [["ID", "one of the list; all when left out"]],
  positionals: [1, 2],
  run: async (run) => {
    const [verb, which] = run.positionals;
    if (verb === "list" && which === undefined) {
      const messages = await (await run.connect()).listOutbox();
      run.answer({ messages }, () => {
        const rows = messages.map((one) => [
          String(one.id),
          one.at.slice(0, 16).replace("T", " "),
          one.channel,
          one.person,
          String(one.attempts),
          cut(one.error, 80),
        ]);
        return table(["Id", "Since", "Channel", "For", "Tries", "Why"], rows) || "Nothing was laid aside.";
      });
      return 0;
    }
    if (verb !== "retry") throw new UsageError("It is: outbox list, or outbox retry [ID].");
    const id = which === undefined ? null : Number(which);
    if (id !== null && !(Number.isSafeInteger(id) && id > 0))
      throw new UsageError("The ID is a number of the list.");
    const result = await (await run.connect()).retryOutbox("local", id);
    const { retried } = result;
    run.answer(result, () => `${retried} ${retried === 1 ? "message" : "messages"} will be sent again.`);
    return 0;
  },
};
