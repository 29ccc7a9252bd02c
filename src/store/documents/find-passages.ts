import { toSql } from "pgvector";
import type { Integrity, Sensitivity } from "../../types/label.ts";
import type { Db, Sql } from "../db.ts";

export type FoundPassage = {
  readonly id: string;
  readonly document: string;
  readonly title: string;
  readonly source: string;
  readonly headings: readonly string[];
  readonly body: string;
  readonly searchText: string;
  readonly readers: readonly string[];
  readonly sensitivity: Sensitivity;
  readonly integrity: Extract<Integrity, "member" | "external">;
  /** Cosine with the query; null when one of the two has no vector. */
  readonly similarity: number | null;
  /** BM25, 0 when no word of the query occurs. */
  readonly keywordScore: number;
  /** Which of the query's words occur in it, in some form. */
  readonly matched: readonly string[];
};

export type PassageQuery = {
  readonly text: string;
  /** The words of it that carry meaning. */
  readonly words: readonly string[];
  /** Unit vector of the text; null to search by words only. */
  readonly vector: Float32Array | null;
  /** Groups and id of the person who asks: only what these may read is looked at. */
  readonly readers: readonly string[];
  /** How many of each way of searching. */
  readonly candidates: number;
};

/** `$5` is the list of words; a word that the search leaves out ("the") matches nothing. */
const ASKED = `asked as materialized (
       select word, (select string_agg(quote_literal(lexeme), ' & ')::tsquery
         from unnest(tsvector_to_array(to_tsvector('english', word))) as lexeme) as term
       from unnest($5::text[]) as word)`;

const COLUMNS = `p.id, p.document_id as document, d.title, d.source, p.headings, p.body, p.search_text as "searchText",
  d.readers, d.sensitivity, d.integrity, array(select word from asked where p.tsv @@ asked.term) as matched`;

/**
 * The passages nearest to a query by words (BM25) and by meaning (cosine), each with both scores, in no
 * order. The filter on readers stands in every part of the statement, so that what a person may not read
 * neither leaves the database nor takes a place from what they may.
 */
export async function findPassages(db: Db, query: PassageQuery): Promise<readonly FoundPassage[]> {
  if (query.readers.length === 0) return [];
  const vector = db.extensions.has("vector") ? query.vector : null;
  return await db.tx(async (sql) => {
    // By default a filtered search stops after 40 neighbours, however few of them pass (recall .387).
    if (vector) await sql.query("set local hnsw.iterative_scan = relaxed_order");
    return db.extensions.has("pg_textsearch")
      ? await findWithIndex(sql, query, vector)
      : await findWithTsvector(sql, query, vector);
  });
}

/** The nearest by meaning, or nothing; `$3` is the vector. */
function nearest(vector: Float32Array | null): string {
  if (!vector) return "select null::text as id where $3::text is not null";
  return `select id from (
    select id, embedding <#> $3::vector as distance from passages
    where readers && $2::text[] and embedding is not null
    order by embedding <#> $3::vector limit $4
  ) as near`;
}

function similarity(vector: Float32Array | null): string {
  return vector ? "-(p.embedding <#> $3::vector)" : "null::float8";
}

async function findWithIndex(sql: Sql, query: PassageQuery, vector: Float32Array | null) {
  return await sql.query<FoundPassage>(
    `with ${ASKED}, words as materialized (
       select id from (
         select id, search_text <@> to_bm25query($1, 'passages_bm25') as score from passages
         where readers && $2::text[]
         order by search_text <@> to_bm25query($1, 'passages_bm25') limit $4
       ) as best where score < 0
     ), meaning as materialized (${nearest(vector)}),
     found as (select id from words union select id from meaning)
     select ${COLUMNS}, ${similarity(vector)} as similarity,
       greatest(0, -(p.search_text <@> to_bm25query($1, 'passages_bm25'))) as "keywordScore"
     from found join passages p using (id) join documents d on d.id = p.document_id and d.version = p.version
     where p.readers && $2::text[] and d.readers && $2::text[]`,
    [query.text, [...query.readers], vector ? toSql([...vector]) : null, query.candidates, [...query.words]],
  );
}

/**
 * Without the BM25 index: candidates by an OR of the query's words and ts_rank, then the same BM25 formula
 * (k1 1.2, b .75) over them. Our passages are cut to one size, so their mean length is taken as known.
 */
async function findWithTsvector(sql: Sql, query: PassageQuery, vector: Float32Array | null) {
  return await sql.query<FoundPassage>(
    `with ${ASKED}, lexemes as materialized (
       select word, quote_literal(word)::tsquery as term
       from unnest(tsvector_to_array(to_tsvector('english', $1))) as word
     ), anyword as (select string_agg(quote_literal(word), ' | ')::tsquery as query from lexemes
     ), total as materialized (select count(*)::float8 as n from passages where readers && $2::text[]
     ), weights as materialized (
       select word, ln(1 + (n - df + .5) / (df + .5)) as idf from total, lexemes, lateral (
         select count(*)::float8 as df from passages where readers && $2::text[] and tsv @@ term) as counted
     ), words as materialized (
       select id from passages, anyword where readers && $2::text[] and tsv @@ query
       order by ts_rank(tsv, query) desc limit $4 * 4
     ), meaning as materialized (${nearest(vector)}),
     found as (select id from words union select id from meaning)
     select ${COLUMNS}, ${similarity(vector)} as similarity, coalesce((
         select sum(idf * tf * 2.2 / (tf + 1.2 * (.25 + .75 * length(p.tsv) / 70.)))
         from unnest(p.tsv) as occurrence (word, positions, marks) join weights using (word),
           lateral (select cardinality(positions)::float8 as tf) as counted
       ), 0) as "keywordScore"
     from found join passages p using (id) join documents d on d.id = p.document_id and d.version = p.version
     where p.readers && $2::text[] and d.readers && $2::text[]`,
    [query.text, [...query.readers], vector ? toSql([...vector]) : null, query.candidates, [...query.words]],
  );
}
