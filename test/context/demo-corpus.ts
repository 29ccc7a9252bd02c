import { readdirSync, readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type DocumentSource, ingest } from "../../src/context/documents/ingest.ts";
import { createEncoder } from "../../src/context/encoder.ts";
import { createVectorCache } from "../../src/context/vector-cache.ts";
import type { Db } from "../../src/store/db.ts";
import type { Encoder } from "../../src/types/encoder.ts";
import type { Principal } from "../../src/types/principal.ts";

const DIRECTORY = new URL("../../demo/documents/", import.meta.url);

export const DEMO_PEOPLE = (
  JSON.parse(readFileSync(new URL("../../demo/people.json", import.meta.url), "utf8")) as {
    people: readonly Principal[];
  }
).people;

export function personOf(id: string): Principal {
  const found = DEMO_PEOPLE.find((one) => one.id.startsWith(`${id}@`) || one.id.startsWith(`${id}.`));
  if (!found) throw new Error(`nobody is called ${id}`);
  return found;
}

export function demoSources(): readonly DocumentSource[] {
  return readdirSync(DIRECTORY).map((name) => ({
    source: name,
    content: readFileSync(new URL(name, DIRECTORY)),
  }));
}

/** The real encoder; vectors of passages are kept between runs, since they take seconds to compute. */
export function openEncoder(): { readonly encoder: Encoder; close(): Promise<void> } {
  const inner = createEncoder();
  const path = join(tmpdir(), `steward-test-${userInfo().uid}`, "vectors.bin");
  return { encoder: createVectorCache(path, inner), close: () => inner.close() };
}

export async function ingestDemo(db: Db, encoder: Encoder): Promise<void> {
  const report = await ingest({ db, encoder }, demoSources());
  if (report.failed.length > 0) throw new Error(JSON.stringify(report.failed));
}
