import { canonicalJson } from "../../types/canonical-json.ts";
import type { Json } from "../../types/json.ts";
import type { Sql } from "../db.ts";
import { type Hash, hashLeaf } from "./merkle-tree.ts";

type LeafRow = {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly type: string;
  readonly subject: string;
  readonly data: Json;
};
export type Leaf = { readonly id: number; readonly idx: number | null; readonly hash: Hash };

// Time as text: a Date would drop the microseconds, and with them a change to them.
const COLUMNS = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  actor, type, subject, data`;

const toLeaf = ({ idx, ...row }: LeafRow & { idx: number | null }): Leaf => ({
  id: row.id,
  idx,
  hash: hashLeaf(canonicalJson(row)),
});

/** Entries in the tree from place `from` on, in order; one that was taken away leaves an empty leaf behind. */
export async function readSequenced(sql: Sql, from: number, limit: number): Promise<readonly Leaf[]> {
  const rows = await sql.query<LeafRow & { idx: number | null }>(
    `select idx, ${COLUMNS} from (
       select idx + n as idx, entry + n as entry from audit_places, generate_series(0, count - 1) as n
       where idx >= coalesce((select max(idx) from audit_places where idx <= $1), 0)
         and idx < $1::bigint + $2 and idx + n >= $1
     ) as places left join audit on id = entry order by idx limit $2`,
    [from, limit],
  );
  return rows.map(toLeaf);
}

/** Entries that have no place yet, in the order they were begun: those after `known`, all entries up to which have one. */
export async function readUnsequenced(sql: Sql, known: number, limit: number): Promise<readonly Leaf[]> {
  const rows = await sql.query<LeafRow>(
    `select ${COLUMNS} from audit
     where id > $1 and not coalesce(
       (select entry + count > audit.id from audit_places where entry <= audit.id order by entry desc limit 1), false)
     order by id limit $2`,
    [known, limit],
  );
  return rows.map((row) => toLeaf({ ...row, idx: null }));
}
