import type { ChannelNotes, PlatformName } from "../../types/channel-host.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Sql } from "../db.ts";

const MAX_LISTED = 1_000;

/** The durable notes of one channel; no channel sees another's. */
export function createNotes(sql: Sql, channel: PlatformName): ChannelNotes {
  return {
    read: async (key) => {
      const [row] = await sql.query<{ value: JsonObject }>(
        "select value from channel_notes where channel = $1 and key = $2",
        [channel, key],
      );
      return row?.value ?? null;
    },
    write: async (key, value) => {
      await sql.query(
        `insert into channel_notes (channel, key, value) values ($1, $2, $3)
         on conflict (channel, key) do update set value = excluded.value, at = now()`,
        [channel, key, JSON.stringify(value)],
      );
    },
    remove: async (key) => {
      await sql.query("delete from channel_notes where channel = $1 and key = $2", [channel, key]);
    },
    list: async (prefix) =>
      await sql.query<{ key: string; value: JsonObject }>(
        `select key, value from channel_notes where channel = $1 and key ^@ $2 order by key limit ${MAX_LISTED}`,
        [channel, prefix],
      ),
    writeOnce: async (key, value) => {
      const rows = await sql.query(
        `insert into channel_notes (channel, key, value) values ($1, $2, $3)
         on conflict (channel, key) do nothing returning 1 as one`,
        [channel, key, JSON.stringify(value)],
      );
      return rows.length === 1;
    },
  };
}
