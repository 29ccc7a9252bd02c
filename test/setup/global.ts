import type { TestProject } from "vitest/node";
import { findPostgresPrograms, startPostgres, type TestPostgres } from "./postgres.ts";

/** Vitest's global set-up: one private Postgres server for the whole run, where one is installed. */
export async function setup(project: TestProject): Promise<() => void> {
  const given = process.env.TEST_POSTGRES_URL;
  if (given) {
    project.provide("postgresUrl", given);
    return () => {};
  }
  const bin = process.env.STEWARD_TEST_POSTGRES === "0" ? null : findPostgresPrograms();
  let server: TestPostgres | null = null;
  if (bin) server = await startPostgres(bin);
  project.provide("postgresUrl", server?.url ?? null);
  return () => server?.stop();
}
