import type { Json, JsonObject } from "../types/json.ts";
import { EVERYONE, type Label } from "../types/label.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import type { OutputSpec, ToolManifest } from "../types/tool.ts";
import { findAddresses } from "./find-addresses.ts";
import { type PathTree, readOutputPaths, stepInto } from "./output-paths.ts";

/** Facts of one result; enough for some 250 events. Beyond it nothing in the result names a record any more. */
export const MAX_FACTS = 3000;
/** Longer text is cut; the addresses in it are kept as facts of their own. */
export const MAX_FACT_CHARS = 1000;
const MAX_DEPTH = 24;
const MAX_SCANNED_CHARS = 100_000;
const MAX_ADDRESSES = 50;

/** Kinds that say what a value is, not which record it identifies. */
const VALUE_KINDS = new Set([
  "email",
  "iban",
  "money",
  "number",
  "path",
  "phone",
  "text",
  "time",
  "title",
  "url",
]);
const TITLE_KEYS = ["title", "name", "subject", "filename", "summary"];
const UNDECLARED: OutputSpec = { integrity: "external", sensitivity: "internal" };

type Walk = {
  readonly facts: Fact[];
  readonly records: ReadonlyMap<string, RecordRef>;
  readonly labels: Map<string, Label>;
  readonly source: string;
  readonly readers: readonly string[] | null;
  isCut: boolean;
};

/**
 * Walks a tool's result once into facts, each with the label that the manifest's output paths give it and
 * the record whose id stands beside it. What no path declares is external and internal. Bounded: at most
 * `MAX_FACTS`, strings cut at `MAX_FACT_CHARS`, depth 24. When a result was too large for that its facts
 * carry no record, because "the only one with this title" can then not be told.
 */
export function walkResult(
  manifest: Pick<ToolManifest, "output">,
  data: Json,
  source: string,
  records: readonly RecordRef[],
  readers?: readonly string[],
): Fact[] {
  const walk: Walk = {
    facts: [],
    records: new Map(
      records.flatMap((ref) => [
        [`${ref.kind} ${ref.id}`, ref],
        [` ${ref.id}`, ref],
      ]),
    ),
    labels: new Map(),
    source,
    readers: readers ?? null,
    isCut: false,
  };
  visit(walk, data, "$", [readOutputPaths(manifest.output)], null, 0);
  return walk.isCut ? walk.facts.map((fact) => ({ ...fact, record: null })) : walk.facts;
}

function visit(
  walk: Walk,
  value: Json,
  path: string,
  nodes: readonly PathTree[],
  record: RecordRef | null,
  depth: number,
): void {
  if (value === null) return;
  if (walk.facts.length >= MAX_FACTS || depth > MAX_DEPTH) {
    walk.isCut = true;
    return;
  }
  if (typeof value !== "object") {
    addFact(walk, value, path, specOf(nodes), record);
    return;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && !walk.isCut; i++) {
      visit(walk, value[i] ?? null, `${path}[${i}]`, stepInto(nodes, String(i)), record, depth + 1);
    }
    return;
  }
  const object = value as JsonObject;
  const own = recordOf(walk, object, nodes) ?? record;
  const keys = nodes.find((node) => node.keys)?.keys ?? null;
  for (const name of Object.keys(object)) {
    if (walk.isCut) return;
    const at = `${path}.${name.slice(0, 100)}`;
    let inside = own;
    if (keys) {
      inside = refOf(walk, keys.kind ?? null, name, name) ?? own;
      addFact(walk, name, `${at}~`, keys, inside);
    }
    visit(walk, object[name] ?? null, at, stepInto(nodes, name), inside, depth + 1);
  }
}

function specOf(nodes: readonly PathTree[]): OutputSpec {
  return nodes.find((node) => node.spec)?.spec ?? UNDECLARED;
}

function addFact(
  walk: Walk,
  value: string | number | boolean,
  path: string,
  spec: OutputSpec,
  record: RecordRef | null,
): void {
  if (value === "") return;
  const label = labelOf(walk, spec);
  const kind = spec.kind ?? null;
  const own =
    record ?? (typeof value === "string" && isRecordKind(kind) ? refOf(walk, kind, value, value) : null);
  if (typeof value !== "string" || value.length <= MAX_FACT_CHARS) {
    walk.facts.push({ value, kind, path, label, record: own });
    return;
  }
  walk.facts.push({ value: value.slice(0, MAX_FACT_CHARS), kind, path, label, record: own });
  const beyond = findAddresses(value.slice(0, MAX_SCANNED_CHARS));
  for (const address of beyond.slice(0, MAX_ADDRESSES)) {
    walk.facts.push({ value: address.text.slice(0, MAX_FACT_CHARS), kind: null, path, label, record: null });
  }
}

function labelOf(walk: Walk, spec: OutputSpec): Label {
  const key = `${spec.integrity} ${spec.sensitivity}`;
  const known = walk.labels.get(key);
  if (known) return known;
  const isOpen = spec.sensitivity === "public" || spec.sensitivity === "internal";
  const readers = walk.readers ?? (isOpen ? [EVERYONE] : []);
  const { integrity, sensitivity } = spec;
  const label: Label = { integrity, sensitivity, source: walk.source, readers };
  walk.labels.set(key, label);
  return label;
}

/** The record that an object describes: by a declared id beside its other fields, `id` before others. */
function recordOf(walk: Walk, object: JsonObject, nodes: readonly PathTree[]): RecordRef | null {
  let best: { rank: number; kind: string | null; id: string } | null = null;
  for (const [name, value] of Object.entries(object)) {
    if (typeof value !== "string" && typeof value !== "number") continue;
    const kind = specOf(stepInto(nodes, name)).kind ?? null;
    const id = String(value);
    const isDeclared = isRecordKind(kind);
    if (!isDeclared && !(name === "id" && walk.records.has(` ${id}`))) continue;
    const bare = name.toLowerCase().replace(/_?id_?$/, "");
    const rank = bare === "" ? 3 : kind?.toLowerCase().split(".").includes(bare) ? 2 : 1;
    if (!best || rank > best.rank) best = { rank, kind: isDeclared ? kind : null, id };
  }
  if (!best) return null;
  const title = titleOf(object, nodes);
  return refOf(walk, best.kind, best.id, title);
}

function titleOf(object: JsonObject, nodes: readonly PathTree[]): string | null {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "string" && specOf(stepInto(nodes, name)).kind === "title") return value;
  }
  for (const key of TITLE_KEYS) {
    const value = object[key];
    if (typeof value === "string") return value;
  }
  return null;
}

function isRecordKind(kind: string | null): kind is string {
  return kind !== null && !VALUE_KINDS.has(kind);
}

function refOf(walk: Walk, kind: string | null, id: string, title: string | null): RecordRef | null {
  const known = walk.records.get(`${kind ?? ""} ${id}`);
  if (known) return known;
  return isRecordKind(kind) ? { kind, id, title: (title ?? id).slice(0, 200) } : null;
}
