import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

/** The session of a thread, made when there is none. Returns its id and whose it is. */
export async function openSession(
  sql: Sql,
  session: { id: string; thread: ThreadRef; principal: string; title: string },
): Promise<{ id: string; principal: string }> {
  const { channel, conversation, thread } = session.thread;
  const [row] = await sql.query<{ id: string; principal: string }>(
    `insert into sessions (id, channel, conversation, thread, principal, title)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (channel, conversation, thread) do update set updated_at = now()
     returning id, principal`,
    [session.id, channel, conversation, thread, session.principal, session.title],
  );
  if (!row) throw new Error("an upsert returned no row");
  return row;
}
