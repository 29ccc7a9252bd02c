import type { Sql } from "../db.ts";

export type WordCount = {
  /** The word as it was asked for. */
  readonly word: string;
  /** In how many readable passages it occurs, counted up to the limit; 0 for a word of no meaning ("the"). */
  readonly passages: number;
  /** False for words that the search leaves out. */
  readonly isIndexed: boolean;
};

const LIMIT = 2_000;

/**
 * How common each word is among the passages that these readers may read, and how many those are; both
 * counted up to a limit, past which a word is common whatever its number.
 */
export async function countWords(
  sql: Sql,
  words: readonly string[],
  readers: readonly string[],
): Promise<{ readonly words: readonly WordCount[]; readonly passages: number }> {
  const rows = await sql.query<WordCount & { total: number }>(
    `select word, lexemes <> '{}' as "isIndexed", total, case when lexemes = '{}' then 0 else (
       select count(*) from (
         select 1 from passages where readers && $2::text[]
           and tsv @@ (select string_agg(quote_literal(l), ' & ')::tsquery from unnest(lexemes) as l)
         limit ${LIMIT}) as listed) end as passages
     from unnest($1::text[]) as word,
       lateral (select tsvector_to_array(to_tsvector('english', word)) as lexemes) as parsed,
       (select count(*) as total from (
         select 1 from passages where readers && $2::text[] limit ${LIMIT}) as readable) as counted`,
    [[...words], [...readers]],
  );
  return { words: rows, passages: rows[0]?.total ?? 0 };
}
