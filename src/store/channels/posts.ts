import type { PlatformName, PostRef } from "../../types/channel-host.ts";
import type { JsonObject } from "../../types/json.ts";
import type { ThreadRef } from "../../types/thread.ts";
import type { Sql } from "../db.ts";

type PostRow = {
  channel: PlatformName;
  conversation: string;
  place: string;
  item: string;
  viewer: string;
  ref: JsonObject;
};

const COLUMNS = "channel, conversation, thread as place, item, viewer, ref";

const toPost = ({ channel, conversation, place, ...row }: PostRow): PostRef => ({
  ...row,
  thread: { channel, conversation, thread: place },
});

export async function findPost(sql: Sql, thread: ThreadRef, item: string): Promise<PostRef | null> {
  const [row] = await sql.query<PostRow>(
    `select ${COLUMNS} from channel_posts
     where channel = $1 and conversation = $2 and thread = $3 and item = $4`,
    [thread.channel, thread.conversation, thread.thread, item],
  );
  return row ? toPost(row) : null;
}

/** Every copy of an item that stands somewhere, the first posted first; at most 500. */
export async function findPosts(sql: Sql, item: string): Promise<readonly PostRef[]> {
  const rows = await sql.query<PostRow>(
    `select ${COLUMNS} from channel_posts where item = $1 order by at, channel, conversation, thread limit 500`,
    [item],
  );
  return rows.map(toPost);
}

export async function savePost(sql: Sql, post: PostRef): Promise<void> {
  const { channel, conversation, thread } = post.thread;
  await sql.query(
    `insert into channel_posts (channel, conversation, thread, item, viewer, ref) values ($1, $2, $3, $4, $5, $6)
     on conflict (channel, conversation, thread, item) do update
       set viewer = excluded.viewer, ref = excluded.ref`,
    [channel, conversation, thread, post.item, post.viewer, JSON.stringify(post.ref)],
  );
}

export async function removePost(sql: Sql, thread: ThreadRef, item: string): Promise<void> {
  await sql.query(
    "delete from channel_posts where channel = $1 and conversation = $2 and thread = $3 and item = $4",
    [thread.channel, thread.conversation, thread.thread, item],
  );
}

/**
 * Forgets where copies stand of what was first posted before `before` and can change no more: nothing of its turn is
 * open or can still be taken back at `now`, and nothing waits to be sent there. At most `limit`; returns how many went.
 */
export async function sweepPosts(sql: Sql, before: Date, now: Date, limit: number): Promise<number> {
  const rows = await sql.query(
    `delete from channel_posts where (channel, conversation, thread, item) in (
       select channel, conversation, thread, item from channel_posts p
       where at < $1
         and not exists (
           select 1 from outbox o
           where (o.channel, o.conversation, o.thread) = (p.channel, p.conversation, p.thread))
         and not exists (
           select 1 from actions a
           where a.turn_id = split_part(p.item, ':', 1)
             and (a.status in ('proposed', 'awaiting', 'running', 'unknown') or a.undo_until > $2))
       limit $3)
     returning 1 as one`,
    [before, now, limit],
  );
  return rows.length;
}
