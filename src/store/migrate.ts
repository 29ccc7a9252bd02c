import { readdirSync, readFileSync } from "node:fs";
import type { Db } from "./db.ts";

const DIRECTORY = new URL("../../sql/", import.meta.url);

/**
 * Applies the numbered files of `sql/` that this database has not had yet, each in one transaction with its
 * number inserted first, so that two starting processes cannot both run one. A file that begins with
 * `--! requires EXTENSION` waits until the server has that extension. Returns the numbers applied.
 */
export async function migrate(db: Db): Promise<readonly string[]> {
  await db.query(
    "create table if not exists migrations (number text primary key, at timestamptz not null default now())",
  );
  const done = new Set(
    (await db.query<{ number: string }>("select number from migrations")).map((row) => row.number),
  );
  const applied: string[] = [];
  for (const file of readdirSync(DIRECTORY)
    .filter((name) => /^\d{6}\.sql$/.test(name))
    .sort()) {
    const number = file.slice(0, 6);
    if (done.has(number)) continue;
    const text = readFileSync(new URL(file, DIRECTORY), "utf8");
    const needed = /^--! requires (\w+)/.exec(text)?.[1];
    if (needed && !db.extensions.has(needed)) continue;
    await db
      .script(
        `begin; set local lock_timeout = '60s'; insert into migrations (number) values ('${number}'); ${text}\n; commit;`,
      )
      .catch(async (error: unknown) => {
        await db.script("rollback").catch(() => {});
        const [row] = await db.query("select 1 from migrations where number = $1", [number]);
        // Another process was first: what it did stands.
        if (!row) throw error;
      });
    applied.push(number);
  }
  return applied;
}
