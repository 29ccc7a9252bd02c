import type { Json } from "../../types/json.ts";
import type { Sql } from "../db.ts";

/** All settings of the installation by name. */
export async function readSettings(sql: Sql): Promise<Readonly<Record<string, Json>>> {
  const rows = await sql.query<{ name: string; value: Json }>("select name, value from settings");
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}

export async function saveSetting(sql: Sql, name: string, value: Json): Promise<void> {
  await sql.query(
    "insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
    [name, JSON.stringify(value)],
  );
}
