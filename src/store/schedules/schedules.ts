import type { Sql } from "../db.ts";

/** When it comes again, in local time: on these ISO weekdays (1 is Monday), or on a day of the month. */
export type ScheduleRule =
  | { readonly days: readonly number[]; readonly time: string }
  | { readonly monthDay: number; readonly time: string };

export type Schedule = {
  readonly id: string;
  readonly session: string;
  readonly principal: string;
  readonly kind: "remind" | "ask";
  readonly text: string;
  readonly rule: ScheduleRule | null;
  readonly zone: string;
  readonly nextAt: Date;
};

const COLUMNS = `id, session_id as session, principal, kind, text, rule, zone, next_at as "nextAt"`;

/** Keeps a schedule once for each key; false when this key has made it before. */
export async function saveSchedule(
  sql: Sql,
  schedule: Schedule & { readonly key: string },
): Promise<boolean> {
  const { id, key, session, principal, kind, text, rule, zone, nextAt } = schedule;
  const rows = await sql.query(
    `insert into schedules (id, key, session_id, principal, kind, text, rule, zone, next_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (key) do nothing returning id`,
    [id, key, session, principal, kind, text, rule && JSON.stringify(rule), zone, nextAt],
  );
  return rows.length === 1;
}

export async function findScheduleByKey(sql: Sql, key: string): Promise<Schedule | null> {
  const [row] = await sql.query<Schedule>(`select ${COLUMNS} from schedules where key = $1`, [key]);
  return row ?? null;
}

/** What a person has coming, the next first. */
export async function listSchedules(sql: Sql, principal: string, limit = 100): Promise<readonly Schedule[]> {
  return await sql.query<Schedule>(
    `select ${COLUMNS} from schedules where principal = $1 and state = 'active' order by next_at, id limit $2`,
    [principal, limit],
  );
}

/** Moves a person's own schedule between active and cancelled; false when it was not there. */
export async function moveSchedule(
  sql: Sql,
  id: string,
  principal: string,
  from: "active" | "cancelled",
  to: "active" | "cancelled",
): Promise<boolean> {
  const rows = await sql.query(
    "update schedules set state = $4 where id = $1 and principal = $2 and state = $3 returning id",
    [id, principal, from, to],
  );
  return rows.length === 1;
}

/** Locks what is due for the rest of the transaction; other replicas skip it. */
export async function lockDueSchedules(sql: Sql, now: Date, limit = 50): Promise<readonly Schedule[]> {
  return await sql.query<Schedule>(
    `select ${COLUMNS} from schedules where state = 'active' and next_at <= $1
     order by next_at limit $2 for update skip locked`,
    [now, limit],
  );
}

/** Sets the next time, or ends it when there is none. */
export async function advanceSchedule(sql: Sql, id: string, nextAt: Date | null): Promise<void> {
  await sql.query(
    `update schedules set next_at = coalesce($2, next_at),
       state = case when $2::timestamptz is null then 'done' else state end
     where id = $1`,
    [id, nextAt],
  );
}
