import type { FileRef } from "../../types/file-ref.ts";
import type { Sql } from "../db.ts";

export type TurnRequest = {
  readonly turn: string;
  readonly session: string;
  readonly author: string;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: Date;
};

/** What a turn was asked, by the turn's id; null when there is no such turn. */
export async function readTurnRequest(sql: Sql, turn: string): Promise<TurnRequest | null> {
  const [row] = await sql.query<{
    session: string;
    at: Date;
    author: string;
    text: string;
    files: FileRef[];
  }>(
    `select started.session_id as session, started.at, said.data ->> 'author' as author,
       said.data -> 'text' ->> 'value' as text, said.data -> 'files' as files
     from events started
     cross join lateral (
       select data from events
       where session_id = started.session_id and seq < started.seq and type = 'message.received'
         and started.data -> 'messages' ? (data ->> 'message')
       order by seq desc limit 1
     ) said
     where started.turn_id = $1 and started.type = 'turn.started'`,
    [turn],
  );
  return row ? { ...row, turn } : null;
}
