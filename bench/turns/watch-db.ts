import type { Db, Sql } from "../../src/store/db.ts";

/** The statements of a turn, for finding out where its time goes. */
export type Watch = { readonly statements: string[] };

/** The same database, telling of its statements and of the moment a session is given back. */
export function watchDb(db: Db, { statements }: Watch, onRelease: () => void): Db {
  const spy = (sql: Sql, seen: (text: string, rows: number) => void): Sql => ({
    query: async (text, params) => {
      statements.push(text);
      const rows = await sql.query(text, params);
      seen(text, rows.length);
      return rows as never;
    },
  });
  return {
    ...db,
    ...spy(db, () => {}),
    batch: async (batch) => {
      statements.push("begin", ...batch.map(({ text }) => text), "commit (in one go)");
      const answers = await db.batch(batch);
      const isReleased = batch.some(
        ({ text }, at) =>
          /\(owner, lease_until\) = /.test(text) &&
          (answers[at]?.[0] as { isReleased?: boolean })?.isReleased,
      );
      if (isReleased) onRelease();
      return answers;
    },
    tx: async (work) => {
      let isReleased = false;
      statements.push("begin");
      const result = await db.tx(
        async (sql) =>
          await work(
            spy(sql, (text, rows) => {
              isReleased ||= rows === 1 && /set owner = null|\(owner, lease_until\) = /.test(text);
            }),
          ),
      );
      statements.push("commit");
      if (isReleased) onRelease();
      return result;
    },
  };
}
