import type { Db, Sql } from "../db.ts";

/** Where a message of a person on a platform is on its way. */
export type MessageState =
  /** Kept, and nobody has begun with it. */
  | { readonly kind: "queued"; readonly inbox: number; readonly session: string }
  /** Its turn runs, or is just beginning. */
  | { readonly kind: "running"; readonly session: string }
  | { readonly kind: "over"; readonly session: string }
  | { readonly kind: "unknown" };

/** How far back a message that was begun is looked for. */
const DAYS = 30;

/**
 * Runs `change` on a message while nobody can begin with it, or tells how far it has come. The lock on the session
 * holds its worker back at its next commit, which it makes before it takes up anything else.
 */
export async function withQueued(
  db: Db,
  message: string,
  author: string,
  change: (sql: Sql, inbox: number) => Promise<void>,
): Promise<MessageState> {
  return await db.tx(async (sql) => {
    const state = await locate(sql, message, author);
    if (state.kind === "queued") await change(sql, state.inbox);
    return state;
  });
}

async function locate(sql: Sql, message: string, author: string): Promise<MessageState> {
  const [waiting] = await sql.query<{ session: string }>(
    `select i.session_id as session from inbox i join sessions s on s.id = i.session_id
     where i.state = 'new' and i.kind = 'message' and s.principal = $2
       and i.data ->> 'message' = $1 and i.data ->> 'author' = $2
     limit 1`,
    [message, author],
  );
  if (!waiting) return await locateBegun(sql, message, author);
  const { session } = waiting;
  const [held] = await sql.query<{ isHeld: boolean }>(
    `select coalesce(owner, '') <> '' and lease_until > now() as "isHeld" from sessions where id = $1
     for no key update`,
    [session],
  );
  // Under the lock, as it is now: the worker may have finished with it in between.
  const rows = await sql.query<{ id: number; isIt: boolean }>(
    `select id, kind = 'message' and data ->> 'message' = $2 and data ->> 'author' = $3 as "isIt"
     from inbox where session_id = $1 and state = 'new' order by id`,
    [session, message, author],
  );
  const at = rows.findIndex((row) => row.isIt);
  const row = rows[at];
  if (!row) return await locateBegun(sql, message, author);
  const isBegun = at === 0 && held?.isHeld === true && !(await hasOpenTurn(sql, session));
  return isBegun ? { kind: "running", session } : { kind: "queued", inbox: row.id, session };
}

/** Whether a turn that is in the log already runs: then the next message has to wait for it. */
async function hasOpenTurn(sql: Sql, session: string): Promise<boolean> {
  const [last] = await sql.query<{ type: string }>(
    `select type from events where session_id = $1 and type in ('turn.started', 'turn.resumed', 'turn.ended')
     order by seq desc limit 1`,
    [session],
  );
  return last !== undefined && last.type !== "turn.ended";
}

async function locateBegun(sql: Sql, message: string, author: string): Promise<MessageState> {
  const [begun] = await sql.query<{ session: string; isOver: boolean }>(
    `select e.session_id as session, exists (
       select 1 from events t join events d on d.session_id = t.session_id and d.turn_id = t.turn_id
       where t.session_id = e.session_id and t.seq > e.seq and t.type = 'turn.started'
         and t.data -> 'messages' ? $1 and d.type = 'turn.ended') as "isOver"
     from sessions s join events e on e.session_id = s.id
     where s.principal = $2 and s.channel in ('slack', 'teams') and s.updated_at > now() - $3 * interval '1 day'
       and e.type = 'message.received' and e.data ->> 'message' = $1 and e.data ->> 'author' = $2
     limit 1`,
    [message, author, DAYS],
  );
  if (!begun) return { kind: "unknown" };
  return { kind: begun.isOver ? "over" : "running", session: begun.session };
}

/** Another wording for a message that nobody has begun with. */
export async function rewordQueued(sql: Sql, inbox: number, text: string): Promise<void> {
  await sql.query("update inbox set data = jsonb_set(data, '{text}', to_jsonb($2::text)) where id = $1", [
    inbox,
    text,
  ]);
}

/** Takes a message back that nobody has begun with; a second arrival of it changes nothing. */
export async function dropQueued(sql: Sql, inbox: number): Promise<void> {
  await sql.query("update inbox set state = 'done' where id = $1", [inbox]);
}
