import { readdirSync, readFileSync } from "node:fs";
import { StewardError } from "../types/steward-error.ts";
import type { Db } from "./db.ts";

const DIRECTORY = new URL("../../sql/", import.meta.url);

type Migration = {
  readonly number: string;
  readonly text: string;
  /** Extension without which it waits. */
  readonly needs: string | null;
  /** Whether code that does not know it must no longer work on this database. */
  readonly isBreaking: boolean;
};

/** The numbered files of `sql/`, in order, with what their first line says (`--! requires NAME`, `--! breaking`). */
export function listMigrations(): readonly Migration[] {
  return readdirSync(DIRECTORY)
    .filter((name) => /^\d{6}\.sql$/.test(name))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, DIRECTORY), "utf8");
      const said = /^--!(.*)/.exec(text)?.[1] ?? "";
      const needs = /\brequires (\w+)/.exec(said)?.[1] ?? null;
      return { number: file.slice(0, 6), text, needs, isBreaking: /\bbreaking\b/.test(said) };
    });
}

/**
 * Applies what this database has not had yet, each in one transaction with its number inserted first, so that two
 * starting processes cannot both run one, and a kill leaves nothing of one. With `only`, no others than these. One
 * that needs an extension which the server lacks, or does not let us create, waits; the extension then counts as
 * missing. Throws STO-426 when the database has had a breaking one that this code does not know. Returns the
 * numbers applied.
 */
export async function migrate(db: Db, only?: ReadonlySet<string>): Promise<readonly string[]> {
  await ensureTable(db);
  const done = await readDone(db);
  const all = listMigrations();
  const newer = newerSchema(done, new Set(all.map((one) => one.number)));
  if (newer) throw newer;
  const applied: string[] = [];
  for (const { number, text, needs, isBreaking } of all) {
    if (done.has(number) || (only && !only.has(number))) continue;
    if (needs !== null && !db.extensions.has(needs)) continue;
    try {
      await db.script(
        `begin; set local lock_timeout = '60s';
         insert into migrations (number, breaking) values ('${number}', ${isBreaking}); ${text}\n; commit;`,
      );
    } catch (error) {
      await db.script("rollback").catch(() => {});
      const [row] = await db.query("select 1 from migrations where number = $1", [number]);
      // Another process was first: what it did stands.
      if (row) continue;
      if (needs === null || (await hasExtension(db, needs))) throw error;
      (db.extensions as Set<string>).delete(needs);
      continue;
    }
    applied.push(number);
  }
  return applied;
}

async function ensureTable(db: Db): Promise<void> {
  const make = async () => {
    const [found] = await db.query<{ isOld: boolean }>(
      `select not exists (select 1 from pg_attribute where attrelid = c.oid and attname = 'breaking') as "isOld"
       from pg_class c where c.oid = to_regclass('migrations')`,
    );
    if (!found) {
      await db.query(
        `create table if not exists migrations (
           number text primary key, at timestamptz not null default now(), breaking boolean not null default false)`,
      );
    } else if (found.isOld) {
      await db.query(
        "alter table migrations add column if not exists breaking boolean not null default false",
      );
    }
  };
  // Two that create it at the same moment: one is told that it exists, in one of several ways.
  await make().catch(make);
}

async function readDone(db: Db): Promise<ReadonlyMap<string, boolean>> {
  const rows = await db.query<{ number: string; breaking: boolean }>(
    "select number, breaking from migrations",
  );
  return new Map(rows.map((row) => [row.number, row.breaking]));
}

/** STO-426 when the database has had a breaking migration that is not among the `known` ones; else null. */
export async function findNewerSchema(db: Db, known: ReadonlySet<string>): Promise<StewardError | null> {
  return newerSchema(await readDone(db), known);
}

function newerSchema(done: ReadonlyMap<string, boolean>, known: ReadonlySet<string>): StewardError | null {
  const [first] = [...done].filter(([number, isBreaking]) => isBreaking && !known.has(number));
  if (!first) return null;
  return new StewardError(
    "STO-426",
    `The database has had the change ${first[0]} of a newer version of Steward, which this one does not know.`,
  );
}

async function hasExtension(db: Db, name: string): Promise<boolean> {
  return (await db.query("select 1 from pg_extension where extname = $1", [name])).length > 0;
}
