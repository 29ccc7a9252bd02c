import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ingest } from "../src/context/documents/ingest.ts";
import { createEncoder } from "../src/context/encoder.ts";
import { retrieve } from "../src/context/retrieve.ts";
import { createVectorCache } from "../src/context/vector-cache.ts";
import type { Db } from "../src/store/db.ts";
import { migrate } from "../src/store/migrate.ts";
import { openInMemory } from "../src/store/pglite.ts";
import { connectPostgres } from "../src/store/postgres.ts";
import type { Encoder } from "../src/types/encoder.ts";
import type { Passage } from "../src/types/passage.ts";

/**
 * Quality and speed of retrieval on a set of docs.jsonl, queries.jsonl and qrels.jsonl:
 * `npm run -s bench:retrieval -- --set DIR [--queries N] [--vectors FILE] [--postgres URL] --json`.
 * `keyword` and `vector` are the two halves of the same search alone; `fused` is what users get.
 */
const { values } = parseArgs({
  options: {
    set: { type: "string" },
    queries: { type: "string" },
    vectors: { type: "string" },
    postgres: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
if (!values.set) {
  console.error("Give the folder of the set with --set DIR.");
  process.exit(2);
}

type Doc = { readonly id: string; readonly title?: string; readonly text: string };
type Query = { readonly id: string; readonly text: string };
type Rel = { readonly query: string; readonly doc: string; readonly rel: number };

const lines = <T>(name: string): T[] =>
  readFileSync(join(values.set ?? "", name), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as T);

const docs = lines<Doc>("docs.jsonl");
const gains = new Map<string, Map<string, number>>();
for (const { query, doc, rel } of lines<Rel>("qrels.jsonl")) {
  const of = gains.get(String(query)) ?? new Map<string, number>();
  gains.set(String(query), of.set(String(doc), rel));
}
const queries = lines<Query>("queries.jsonl")
  .filter((query) => gains.has(String(query.id)))
  .slice(0, values.queries ? Number(values.queries) : undefined);

const inner = createEncoder();
const encoder: Encoder = values.vectors
  ? createVectorCache(values.vectors, inner, { maxEntries: 100_000 })
  : inner;
const db: Db = values.postgres ? await connectPostgres(values.postgres) : await openInMemory();
await migrate(db);

const progress = (text: string) => process.stderr.write(`${text}\n`);
const startMs = performance.now();
const report = await ingest(
  { db, encoder },
  docs.map((doc) => ({
    source: `${doc.id}.md`,
    content: doc.title ? `# ${doc.title.replace(/\s+/g, " ")}\n\n${doc.text}` : doc.text,
  })),
  ({ done, of }) => {
    if (done % 200 === 0) progress(`${done} of ${of} documents`);
  },
);
const ingestMs = performance.now() - startMs;
const sources = new Map(
  (await db.query<{ id: string; source: string }>("select id, source from documents")).map((row) => [
    row.id,
    row.source.slice(0, -3),
  ]),
);

const reader = { id: "bench@brightwell.example", groups: ["everyone"] };
const without = (name: string): Db => ({
  ...db,
  extensions: new Set([...db.extensions].filter((one) => one !== name)),
});

/** Documents in the order of their best passage. */
function documentsOf(passages: readonly Passage[], by: (passage: Passage) => number): readonly string[] {
  const order = [...passages].sort((a, b) => by(b) - by(a));
  return [...new Set(order.map((one) => sources.get(one.document) ?? ""))];
}

function ndcg10(found: readonly string[], gain: ReadonlyMap<string, number>): number {
  const discounted = (values: readonly number[]) =>
    values.slice(0, 10).reduce((sum, value, i) => sum + value / Math.log2(i + 2), 0);
  const best = discounted([...gain.values()].sort((a, b) => b - a));
  return best === 0 ? 0 : discounted(found.map((doc) => gain.get(doc) ?? 0)) / best;
}

function recall5(found: readonly string[], gain: ReadonlyMap<string, number>): number {
  const relevant = [...gain].filter(([, value]) => value > 0).map(([doc]) => doc);
  if (relevant.length === 0) return 0;
  return relevant.filter((doc) => found.slice(0, 5).includes(doc)).length / relevant.length;
}

const LIMIT = 100;
const ways = {
  keyword: { db: without("vector"), by: (one: Passage) => one.keywordScore },
  vector: { db, by: (one: Passage) => one.similarity },
  fused: { db, by: (one: Passage) => one.score },
};
type Way = keyof typeof ways;
const measured = Object.fromEntries(
  Object.keys(ways).map((way) => [way, { ndcg: [] as number[], recall: [] as number[], ms: [] as number[] }]),
) as Record<Way, { ndcg: number[]; recall: number[]; ms: number[] }>;

for (const [i, query] of queries.entries()) {
  if (i % 100 === 0) progress(`${i} of ${queries.length} queries`);
  const gain = gains.get(String(query.id)) ?? new Map<string, number>();
  // The three take turns, so that load on the machine meets them alike.
  for (const way of Object.keys(ways) as Way[]) {
    const began = performance.now();
    const found = await retrieve({ db: ways[way].db, encoder }, { query: query.text, reader, limit: LIMIT });
    const of = measured[way];
    of.ms.push(performance.now() - began);
    const order = documentsOf(found, ways[way].by);
    of.ndcg.push(ndcg10(order, gain));
    of.recall.push(recall5(order, gain));
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? null;
const round = (value: number | null) => (value === null ? null : Math.round(value * 10_000) / 10_000);
const figures = (way: Way) => ({
  ndcg10: round(mean(measured[way].ndcg)),
  recall5: round(mean(measured[way].recall)),
  msP50: round(quantile(measured[way].ms, 0.5)),
  msP99: round(quantile(measured[way].ms, 0.99)),
});

const result = {
  set: values.set,
  docs: docs.length,
  queries: queries.length,
  keyword: figures("keyword"),
  vector: db.extensions.has("vector") ? figures("vector") : null,
  fused: figures("fused"),
  passages: report.passages,
  failed: report.failed.length,
  ingestMs: round(ingestMs),
  database: db.kind,
  extensions: [...db.extensions],
  notes: [
    "vector times include the keyword half: the two are one statement",
    ...(db.extensions.has("vector") ? [] : ["vector is null: the server has no pgvector"]),
  ],
};
await inner.close();
await db.close();
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
