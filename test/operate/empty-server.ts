import pg from "pg";
import { onTestFinished } from "vitest";
import { freshPostgresUrl } from "../setup/database.ts";

/** Address of a database without any table, for the length of a test. */
export async function emptyDatabase(): Promise<string> {
  const { url, drop } = await freshPostgresUrl();
  onTestFinished(drop);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("drop schema public cascade; create schema public");
  await client.end();
  return url;
}
