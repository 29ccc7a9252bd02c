import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

/** The session of a thread, made when there is none. Returns its id and whose it is. */
export async function openSession(
  sql: Sql,
  session: { id: string; thread: ThreadRef; principal: string; title: string },
): Promise<{ id: string; principal: string }> {
  const { channel, conversation, thread } = session.thread;
  const find = async () =>
    await sql.query<{ id: string; principal: string }>(
      `with made as (
         insert into sessions (id, channel, conversation, thread, principal, title)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (channel, conversation, thread) do nothing
         returning id, principal
       )
       select id, principal from made
       union all
       select id, principal from sessions where channel = $2 and conversation = $3 and thread = $4
       limit 1`,
      [session.id, channel, conversation, thread, session.principal, session.title],
    );
  // Made by somebody else between the look and the insert: a second statement sees it.
  const row = (await find())[0] ?? (await find())[0];
  if (!row) throw new Error("a session was neither found nor made");
  return row;
}
