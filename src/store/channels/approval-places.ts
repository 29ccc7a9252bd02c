import type { ApprovalPlace } from "../../types/channel-host.ts";
import type { Sql } from "../db.ts";

/** Where these people want what waits for them; those who never said are not in it. */
export async function findApprovalPlaces(
  sql: Sql,
  people: readonly string[],
): Promise<ReadonlyMap<string, ApprovalPlace>> {
  if (people.length === 0) return new Map();
  const rows = await sql.query<{ principal: string; place: ApprovalPlace }>(
    "select principal, place from approval_places where principal = any($1)",
    [people],
  );
  return new Map(rows.map((row) => [row.principal, row.place]));
}

export async function saveApprovalPlace(sql: Sql, principal: string, place: ApprovalPlace): Promise<void> {
  await sql.query(
    `insert into approval_places (principal, place) values ($1, $2)
     on conflict (principal) do update set place = excluded.place`,
    [principal, JSON.stringify(place)],
  );
}
