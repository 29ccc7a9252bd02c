import type { ThreadRef } from "../../types/thread.ts";
import type { Sql, Statement } from "../db.ts";

type NewSession = { id: string; thread: ThreadRef; principal: string; title: string };
export type Opened = { readonly id: string; readonly principal: string };

/** SQLSTATE of a division by zero, which nothing else here can raise. */
const DIVISION_BY_ZERO = "22012";

/**
 * What opens the session of a thread, for `Db.batch`: one row `Opened`, or none when somebody else made it between
 * the look and the insert. With `isPrivate` it fails (`isForeign`) when the session is another person's, so that a
 * transaction sent in one go is undone as well.
 */
export function openStatement(session: NewSession, isPrivate: boolean): Statement {
  const { channel, conversation, thread } = session.thread;
  return {
    text: `with made as (
        insert into sessions (id, channel, conversation, thread, principal, title)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (channel, conversation, thread) do nothing
        returning id, principal
      ), found as (
        select id, principal from made
        union all
        select id, principal from sessions where channel = $2 and conversation = $3 and thread = $4
        limit 1
      )
      select id, principal, 1 / (case when principal = $5 or not $7 then 1 else 0 end) as allowed from found`,
    params: [session.id, channel, conversation, thread, session.principal, session.title, isPrivate],
  };
}

/** What fails (`isForeign`) unless a session is there and this person's, for `Db.batch`. */
export const ownStatement = (id: string, principal: string): Statement => ({
  text: "select 1 / count(*) as allowed from sessions where id = $1 and principal = $2",
  params: [id, principal],
});

export const isForeign = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === DIVISION_BY_ZERO;

/** The session of a thread, made when there is none. Returns its id and whose it is. */
export async function openSession(sql: Sql, session: NewSession): Promise<Opened> {
  const { text, params } = openStatement(session, false);
  // Made by somebody else meanwhile: a second statement sees it.
  const row = (await sql.query<Opened>(text, params))[0] ?? (await sql.query<Opened>(text, params))[0];
  if (!row) throw new Error("a session was neither found nor made");
  return { id: row.id, principal: row.principal };
}
