import type { Passage } from "../types/passage.ts";
import { type Retrieval, type RetrievalQuery, retrieve } from "./retrieve.ts";

/** One line of `steward search`. */
export type SearchHit = {
  readonly document: string;
  readonly title: string;
  readonly passage: string;
  readonly headings: readonly string[];
  readonly text: string;
  readonly score: number;
  readonly fit: number;
};

/** What the command line and the API show of a search. */
export async function search(retrieval: Retrieval, query: RetrievalQuery): Promise<readonly SearchHit[]> {
  const limit = Math.min(Math.max(1, Math.trunc(query.limit ?? 10)), 50);
  const found = await retrieve(retrieval, { ...query, limit });
  return found.map(toHit);
}

function toHit({ document, title, id, headings, text, score, fit = 0 }: Passage): SearchHit {
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return { document, title, passage: id, headings, text, score: round(score), fit: round(fit) };
}
