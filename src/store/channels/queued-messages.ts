import type { Db, Sql } from "../db.ts";
import { readLastEvents } from "../events/read-events.ts";
import { isAccepted } from "../inbox/add-inbox.ts";
import { finishInbox } from "../inbox/take-inbox.ts";

/** Where a message of a person on a platform is on its way. */
export type MessageState =
  /** Kept, and nobody has begun with it. */
  | { readonly kind: "queued"; readonly session: string; readonly inbox: number }
  /** Its turn runs, or is just beginning. */
  | { readonly kind: "running"; readonly session: string }
  | { readonly kind: "over" }
  | { readonly kind: "unknown" };

/** How much of the log may hold the begin of a turn that is not over. */
const WINDOW_EVENTS = 240;

/**
 * Runs `change` on a message while nobody can begin with it, or tells how far it has come; `dedupe` is the key under
 * which it was accepted. The lock on the session
 * holds its worker back at its next commit, which it makes before it takes up anything else.
 */
export async function withQueued(
  db: Db,
  of: { readonly message: string; readonly author: string; readonly dedupe: string },
  change: (sql: Sql, session: string, inbox: number) => Promise<void>,
): Promise<MessageState> {
  return await db.tx(async (sql) => {
    const state = await locate(sql, of);
    if (state.kind === "queued") await change(sql, state.session, state.inbox);
    return state;
  });
}

async function locate(
  sql: Sql,
  { message, author, dedupe }: { readonly message: string; readonly author: string; readonly dedupe: string },
): Promise<MessageState> {
  const [waiting] = await sql.query<{ session: string }>(
    `select i.session_id as session from inbox i join sessions s on s.id = i.session_id
     where i.state = 'new' and i.kind = 'message' and s.principal = $2
       and i.data ->> 'message' = $1 and i.data ->> 'author' = $2
     limit 1`,
    [message, author],
  );
  const over = async (): Promise<MessageState> =>
    (await isAccepted(sql, dedupe)) ? { kind: "over" } : { kind: "unknown" };
  if (!waiting) return await over();
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
  if (!row) return await over();
  // Work is taken up in order and stays in the inbox until it is done: only the first can have been begun.
  const isBegun = at === 0 && (held?.isHeld === true || (await isInLog(sql, session, message)));
  return isBegun ? { kind: "running", session } : { kind: "queued", session, inbox: row.id };
}

/** Whether a worker that is gone had begun with it. */
async function isInLog(sql: Sql, session: string, message: string): Promise<boolean> {
  const events = await readLastEvents(sql, session, WINDOW_EVENTS);
  return events.some((event) => event.type === "message.received" && event.data.message === message);
}

/** Another wording for a message that nobody has begun with. */
export async function rewordQueued(sql: Sql, session: string, inbox: number, text: string): Promise<void> {
  await sql.query(
    `update inbox set data = jsonb_set(data, '{text}', to_jsonb($3::text)) where session_id = $1 and id = $2`,
    [session, inbox, text],
  );
}

/** Takes a message back that nobody has begun with; a second arrival of it changes nothing. */
export async function dropQueued(sql: Sql, session: string, inbox: number): Promise<void> {
  await finishInbox(sql, session, inbox);
}
