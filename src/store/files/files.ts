import type { FileRef, StoredFile } from "../../types/file-ref.ts";
import type { Sql } from "../db.ts";

export async function saveFile(sql: Sql, file: StoredFile): Promise<void> {
  await sql.query(
    "insert into files (id, owner, name, media_type, bytes, content) values ($1, $2, $3, $4, $5, $6)",
    [file.id, file.owner, file.name, file.mediaType, file.bytes, file.content],
  );
}

/** A file with its content, for its owner only; null otherwise. */
export async function readFile(sql: Sql, id: string, reader: string): Promise<StoredFile | null> {
  const [row] = await sql.query<StoredFile>(
    `select id, owner, name, media_type as "mediaType", bytes, content from files where id = $1 and owner = $2`,
    [id, reader],
  );
  return row ?? null;
}

/** The files of these ids that are the owner's, without their content, in the order asked. */
export async function findFiles(
  sql: Sql,
  ids: readonly string[],
  owner: string,
): Promise<readonly FileRef[]> {
  if (ids.length === 0) return [];
  return await sql.query<FileRef>(
    `select id, name, media_type as "mediaType", bytes from files
     where id = any($1) and owner = $2 order by array_position($1, id)`,
    [ids, owner],
  );
}
