import type { JsonObject } from "../../types/json.ts";
import type { RecordChange, Records, StoredRecord } from "../../types/record.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { Db, Sql } from "../db.ts";

/** Applies one change; the version must fit when the change names one. */
async function apply(sql: Sql, change: RecordChange): Promise<void> {
  const { kind, id, data, ifVersion } = change;
  const params = [kind, id, ...(data === null ? [] : [JSON.stringify(data)])];
  const fits = ifVersion === undefined ? "" : ` and records.version = ${Number(ifVersion)}`;
  let done: readonly object[];
  if (data === null) {
    done = await sql.query(`delete from records where kind = $1 and id = $2${fits} returning id`, params);
  } else if (ifVersion === 0) {
    done = await sql.query(
      "insert into records (kind, id, version, data) values ($1, $2, 1, $3) on conflict do nothing returning id",
      params,
    );
  } else if (ifVersion === undefined) {
    done = await sql.query(
      `insert into records (kind, id, version, data) values ($1, $2, 1, $3)
       on conflict (kind, id) do update set data = excluded.data, version = records.version + 1 returning id`,
      params,
    );
  } else {
    done = await sql.query(
      `update records set data = $3, version = version + 1 where kind = $1 and id = $2${fits} returning id`,
      params,
    );
  }
  // Deleting what is not there, when no version was named, is already the wished state.
  if (done.length === 0 && !(data === null && ifVersion === undefined)) throw new StewardError("REC-409");
}

/** The embedded systems of record on this database; what tools are handed. */
export function createRecords(db: Db): Records {
  return {
    get: async <T>(kind: string, id: string) => {
      const [row] = await db.query<StoredRecord<T>>(
        "select id, version, data from records where kind = $1 and id = $2",
        [kind, id],
      );
      return row ?? null;
    },
    list: async <T>(kind: string, where: JsonObject = {}) =>
      await db.query<StoredRecord<T>>(
        "select id, version, data from records where kind = $1 and data @> $2::jsonb order by id",
        [kind, JSON.stringify(where)],
      ),
    write: async (key, changes) =>
      await db.tx(async (sql) => {
        const first = await sql.query(
          "insert into record_writes (key) values ($1) on conflict do nothing returning key",
          [key],
        );
        if (first.length === 0) return { isRepeat: true };
        for (const change of changes) await apply(sql, change);
        return { isRepeat: false };
      }),
    hasWritten: async (key) =>
      (await db.query("select 1 as one from record_writes where key = $1", [key])).length === 1,
  };
}
