import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Db } from "../../store/db.ts";
import { analyzePassages } from "../../store/documents/analyze-passages.ts";
import { listDocumentHashes } from "../../store/documents/list-document-hashes.ts";
import {
  type NewPassage,
  readPassageVectors,
  replaceDocument,
} from "../../store/documents/replace-document.ts";
import type { Encoder } from "../../types/encoder.ts";
import type { ErrorCode } from "../../types/error-catalogue.ts";
import type { Integrity, Sensitivity } from "../../types/label.ts";
import { StewardError } from "../../types/steward-error.ts";
import { decodeText, detectFormat, MEDIA_TYPES } from "./detect-format.ts";
import { createExtractionThread, type ExtractionThread } from "./extraction-thread.ts";
import { type FrontMatter, splitFrontMatter } from "./front-matter.ts";
import { labelDocument } from "./label-document.ts";

/** Largest file that is read, in bytes. */
const MAX_DOCUMENT_BYTES = 20_000_000;
const MAX_PASSAGES = 5_000;

/** Part of every hash: raise it when passages are cut or encoded in another way, and all are read again. */
const PIPELINE = "1";

/** A document to read in: a file, or content that is at hand under a name with an ending. */
export type DocumentSource = {
  /** What names it for ever: a path or an address. Reading in the same source again replaces it. */
  readonly source: string;
  readonly path?: string;
  readonly content?: Uint8Array | string;
  /** Groups and people who may read it. With front matter that names readers too, those in both. */
  readonly readers?: readonly string[];
  /** With front matter that names one too, the higher. */
  readonly sensitivity?: Sensitivity;
  /** `external` for what people outside wrote. */
  readonly integrity?: Extract<Integrity, "member" | "external">;
};

export type IngestFailure = { readonly source: string; readonly code: ErrorCode; readonly message: string };

export type IngestReport = {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
  readonly failed: readonly IngestFailure[];
  /** Passages written. */
  readonly passages: number;
};

export type IngestProgress = { readonly done: number; readonly of: number; readonly source: string };

/**
 * Reads documents in, one transaction each, so that a stop in the middle loses nothing and the next run goes
 * on: what has not changed is skipped by its hash. A file that cannot be read is reported with its code and
 * the others go on; what was read from it before stays. Throws only when the database fails or `signal` aborts.
 */
export async function ingest(
  { db, encoder, signal }: { readonly db: Db; readonly encoder: Encoder; readonly signal?: AbortSignal },
  sources: readonly DocumentSource[],
  onProgress: (progress: IngestProgress) => void = () => {},
): Promise<IngestReport> {
  const report = {
    added: [] as string[],
    updated: [] as string[],
    unchanged: [] as string[],
    failed: [] as IngestFailure[],
    passages: 0,
  };
  const known = await listDocumentHashes(
    db,
    sources.map((one) => one.source),
  );
  const thread = createExtractionThread();
  try {
    for (const [i, source] of sources.entries()) {
      signal?.throwIfAborted();
      onProgress({ done: i, of: sources.length, source: source.source });
      try {
        const bytes = await readSource(source);
        const hash = hashOf(source, bytes);
        const before = known.get(source.source);
        if (before === hash) {
          report.unchanged.push(source.source);
          continue;
        }
        const count = await ingestOne({ db, encoder, thread }, source, bytes, hash);
        report.passages += count;
        (before === undefined ? report.added : report.updated).push(source.source);
      } catch (error) {
        if (!(error instanceof StewardError) || error.code.startsWith("STO-")) throw error;
        report.failed.push({ source: source.source, code: error.code, message: error.message });
      }
    }
  } finally {
    await thread.close();
    if (report.passages > 0) await analyzePassages(db);
  }
  onProgress({ done: sources.length, of: sources.length, source: "" });
  return report;
}

async function ingestOne(
  { db, encoder, thread }: { db: Db; encoder: Encoder; thread: ExtractionThread },
  source: DocumentSource,
  bytes: Uint8Array,
  hash: string,
): Promise<number> {
  const name = source.path ?? source.source;
  const format = detectFormat(name, bytes);
  let front: FrontMatter | null = null;
  let content = bytes;
  if (format === "markdown") {
    const split = splitFrontMatter(decodeText(bytes) ?? "");
    front = split.front;
    content = Buffer.from(split.body);
  }
  const label = labelDocument(source, front);
  const { title: heading, passages } = await thread.extract(content, format);
  if (passages.length === 0) throw new StewardError("DOC-422", "There is no text in it.");
  if (passages.length > MAX_PASSAGES) {
    throw new StewardError(
      "DOC-413",
      `It has ${passages.length} passages; ${MAX_PASSAGES} are read at most.`,
    );
  }
  const title = clean(front?.title ?? heading ?? "") || titleOfName(name);
  const searchTexts = passages.map(({ headings, text: body }) =>
    [title, ...headings, body].map(clean).join("\n"),
  );
  const vectors = await encodeNew({ db, encoder }, source.source, searchTexts);
  const used = new Map<string, number>();
  const rows = passages.map(({ headings, text: body }, i): NewPassage => {
    const searchText = searchTexts[i] ?? "";
    const digest = createHash("sha256").update(searchText).digest("hex").slice(0, 16);
    const repeat = used.get(digest) ?? 0;
    used.set(digest, repeat + 1);
    return {
      key: repeat === 0 ? digest : `${digest}-${repeat}`,
      headings: headings.map(clean),
      body: clean(body),
      searchText,
      vector: vectors[i] ?? null,
    };
  });
  await replaceDocument(db, {
    source: source.source,
    title,
    mediaType: MEDIA_TYPES[format],
    // Without vectors it is found by its words; the next run reads it again.
    hash: db.extensions.has("vector") && vectors.includes(null) ? `${hash}:words` : hash,
    label,
    passages: rows,
  });
  return rows.length;
}

/** Vectors of the passages; those that did not change since the last time are taken from there. */
async function encodeNew(
  { db, encoder }: { db: Db; encoder: Encoder },
  source: string,
  texts: readonly string[],
): Promise<readonly (Float32Array | null)[]> {
  if (!db.extensions.has("vector")) return texts.map(() => null);
  const known = await readPassageVectors(db, source);
  const missing = texts.filter((text) => !known.has(text));
  const encoded = new Map<string, Float32Array>();
  const vectors = await encoder.encode(missing).catch((error: unknown) => {
    if (error instanceof StewardError && error.code === "VEC-503") return [];
    throw error;
  });
  for (const [i, text] of missing.entries()) {
    const vector = vectors[i];
    if (vector) encoded.set(text, vector);
  }
  return texts.map((text) => known.get(text) ?? encoded.get(text) ?? null);
}

async function readSource({ path, content, source }: DocumentSource): Promise<Uint8Array> {
  if (content !== undefined) {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    return checkSize(bytes.length, bytes);
  }
  try {
    const found = await stat(path ?? source);
    if (!found.isFile()) throw new StewardError("DOC-415", "It is not a file.");
    checkSize(found.size, null);
    return await readFile(path ?? source);
  } catch (cause) {
    if (cause instanceof StewardError) throw cause;
    throw new StewardError("DOC-404", "There is no such file, or it may not be read.", { cause });
  }
}

function checkSize<T>(bytes: number, value: T): T {
  if (bytes <= MAX_DOCUMENT_BYTES) return value;
  throw new StewardError(
    "DOC-413",
    `It has ${Math.ceil(bytes / 1_000_000)} MB; files up to ${MAX_DOCUMENT_BYTES / 1_000_000} MB are read.`,
  );
}

function hashOf(source: DocumentSource, bytes: Uint8Array): string {
  const given = [PIPELINE, source.readers ?? null, source.sensitivity ?? null, source.integrity ?? null];
  return createHash("sha256").update(JSON.stringify(given)).update("\n").update(bytes).digest("hex");
}

/** Postgres takes no NUL; lone surrogates are no text. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll("\0", "").trim();
}

function titleOfName(name: string): string {
  const words = basename(name)
    .replace(/\.[A-Za-z0-9]{1,10}$/, "")
    .replace(/[-_]+/g, " ")
    .trim();
  return words === "" ? "Untitled" : words.charAt(0).toUpperCase() + words.slice(1);
}
