import { fileURLToPath } from "node:url";
import { writeKeptFile } from "../../src/store/backup/kept-files.ts";
import { createTableLoader } from "../../src/store/backup/load-tables.ts";
import { openBackup } from "../../src/store/backup/read-backup.ts";
import { lockEmpty, prepareEmpty } from "../../src/store/backup/restore-backup.ts";
import type { Db, Sql } from "../../src/store/db.ts";
import { openEmbedded } from "../../src/store/pglite.ts";

export const FIXTURE_BEFORE_PACKED = fileURLToPath(
  new URL("../fixtures/installation-0.1.0.backup.gz", import.meta.url),
);
const BEN = "ben.okafor@brightwell.example";
/** A long conversation, and one in the middle of whose turn its process died. */
export const LONG_SESSION = "ses_long";
export const HELD_SESSION = "ses_held";
export const HELD_TEXT = "How many hours has a full-time week?";
const LONG_TURNS = 600;

/** Puts a backup back as it was written, at its own schema: what an installation of that time looks like on the disk. */
export async function restoreAsItWas(path: string, db: Db, directory: string): Promise<void> {
  const reader = await openBackup(path);
  try {
    await prepareEmpty(db, reader.header);
    await db.tx(async (sql) => {
      await lockEmpty(sql);
      const loader = await createTableLoader(sql);
      await reader.readInto({
        file: (file) => writeKeptFile(directory, file),
        row: loader.accept,
        finish: loader.finish,
      });
    });
  } finally {
    await reader.close();
  }
}

/**
 * An installation from before the log was packed: the released fixture, a conversation of 3,000 events, and a session
 * whose holder is dead in the middle of a turn, its message done as that version understood it.
 */
export async function makeOldInstallation(directory: string): Promise<void> {
  const db = await openEmbedded(directory);
  await restoreAsItWas(FIXTURE_BEFORE_PACKED, db, directory);
  await db.tx(async (sql) => {
    await addSession(sql, LONG_SESSION, LONG_TURNS * 5);
    await sql.query(
      `insert into events (session_id, seq, turn_id, type, data)
       select $1, (n - 1) * 5 + step, case when step > 1 then 'trn_long_' || n end,
         (array['message.received', 'turn.started', 'model.answered', 'reply.posted', 'turn.ended'])[step],
         case step
           when 1 then jsonb_build_object('message', 'msg_long_' || n, 'author', $2::text, 'files', '[]'::jsonb, 'text',
             jsonb_build_object('value', 'Message ' || n, 'label', $3::jsonb))
           when 2 then jsonb_build_object('messages', jsonb_build_array('msg_long_' || n))
           when 3 then jsonb_build_object('text', 'Answer ' || n, 'calls', '[]'::jsonb)
           when 4 then jsonb_build_object('message', 'msg_answer_' || n, 'text', 'Answer ' || n || repeat(' at length', 30))
           else '{"status": "done"}'::jsonb
         end
       from generate_series(1, $4::int) as n, generate_series(1, 5) as step`,
      [LONG_SESSION, BEN, LABEL, LONG_TURNS],
    );
    await addSession(sql, HELD_SESSION, 2);
    await sql.query(
      `insert into events (session_id, seq, turn_id, type, data) values
       ($1, 1, null, 'message.received', $2), ($1, 2, 'trn_held', 'turn.started', '{"messages": ["msg_held"]}')`,
      [
        HELD_SESSION,
        `{"message": "msg_held", "author": "${BEN}", "files": [], "text": {"value": "${HELD_TEXT}", "label": ${LABEL}}}`,
      ],
    );
    await sql.query(
      `insert into inbox (session_id, kind, dedupe, data, attempts, state)
       values ($1, 'message', 'held-1', $2, 1, 'done')`,
      [HELD_SESSION, `{"message": "msg_held", "author": "${BEN}", "files": [], "text": "${HELD_TEXT}"}`],
    );
    await sql.query(
      "update sessions set owner = 'dead:1', epoch = 7, lease_until = now() + interval '15 seconds' where id = $1",
      [HELD_SESSION],
    );
  });
  await db.close();
}

const LABEL = `{"source": "your message", "readers": ["${BEN}"], "integrity": "user", "sensitivity": "internal"}`;

async function addSession(sql: Sql, id: string, head: number): Promise<void> {
  await sql.query(
    "insert into sessions (id, channel, conversation, thread, principal, title, head) values ($1, 'web', $2, $1, $2, '', $3)",
    [id, BEN, head],
  );
}
