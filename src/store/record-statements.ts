import type { Sql, Statement } from "./db.ts";

/**
 * The statements that some work would put to the database, in order; for work that needs none of their answers (it
 * gets no rows). So they can be sent together with others in one go (`Db.batch`). What it throws is thrown here, with
 * nothing sent.
 */
export async function recordStatements(work: (sql: Sql) => Promise<void>): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  await work({
    query: async (text, params = []) => {
      statements.push({ text, params });
      return [];
    },
  });
  return statements;
}
