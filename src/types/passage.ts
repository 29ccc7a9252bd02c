import type { Label } from "./label.ts";

/** A piece of a document that retrieval found and the asker may read. */
export type Passage = {
  readonly id: string;
  readonly document: string;
  readonly title: string;
  /** Headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** Fused score of this query, 0 to about 2.5; comparable within one query only. */
  readonly score: number;
  /** Cosine of query and passage, -1 to 1: comparable between queries. */
  readonly similarity: number;
  /** BM25 score of this query (0 when no word matched). */
  readonly keywordScore: number;
  /** Share of the query's telling words that it has, rare ones counting more, 0 to 1: comparable between queries. */
  readonly coverage?: number;
  /** How likely it answers the query, 0 to 1, from coverage and similarity: comparable between queries. */
  readonly fit?: number;
  readonly label: Label;
};

export type Citation = {
  readonly document: string;
  readonly title: string;
  /** Passage id; opens the passage. */
  readonly passage: string;
  /** The words it stands on. */
  readonly quote: string;
};
