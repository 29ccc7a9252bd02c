import type { Json, JsonObject } from "../types/json.ts";
import { EVERYONE, type Label, SENSITIVITIES } from "../types/label.ts";
import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";
import type { OutputSpec, ToolManifest } from "../types/tool.ts";
import { findAddresses } from "./find-addresses.ts";
import { fitToResult, type PathTree, readOutputPaths, stepInto } from "./output-paths.ts";
import { GUESSED } from "./record-kinds.ts";

/** Facts of one result; enough for some 250 events. Beyond it nothing in the result names a record any more. */
export const MAX_FACTS = 3000;
/** Longer text is cut; the addresses in it are kept as facts of their own. */
export const MAX_FACT_CHARS = 1000;
const MAX_DEPTH = 24;
const MAX_SCANNED_CHARS = 100_000;
const MAX_ADDRESSES = 50;

/** Other names for the kinds of values, as manifests of several hands have them. */
const KIND_ALIASES: Readonly<Record<string, string>> = {
  date: "time",
  datetime: "time",
  "date-time": "time",
  timestamp: "time",
  amount: "money",
  price: "money",
  currency: "money",
  link: "url",
  string: "text",
  str: "text",
  body: "text",
  address: "text",
  integer: "number",
  int: "number",
  float: "number",
  count: "number",
  subject: "title",
  name: "title",
  filename: "title",
  "e-mail": "email",
  mail_address: "email",
  email_address: "email",
};
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
  "id",
  "value",
  "flag",
  "boolean",
  "bool",
  "free",
]);
/** Of a record that no path declares; what ends in `_id` may as well be the id of something else. */
const BARE_ID = /^_?(?:id|uuid|uid)_?$/i;
const ADDRESS_FIELD = /^(?:e-?mail|mail|email_?address|address)$/i;
/** A list of short names is a list of records that have nothing but a name. */
const MAX_NAME_CHARS = 80;
const TITLE_KEYS = ["title", "name", "subject", "filename", "summary"];
const UNDECLARED: OutputSpec = { integrity: "external", sensitivity: "internal" };

type Walk = {
  readonly facts: Fact[];
  readonly records: ReadonlyMap<string, RecordRef>;
  /** Kind of a record whose kind nobody declared; null when there is nothing to guess by. */
  readonly guessed: string | null;
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
  manifest: Pick<ToolManifest, "output"> & { readonly name?: string },
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
    guessed: manifest.name ? `${GUESSED}${manifest.name}` : null,
    labels: new Map(),
    source,
    readers: readers ?? null,
    isCut: false,
  };
  visit(walk, data, "$", [fitToResult(readOutputPaths(manifest.output), data)], null, 0);
  if (!walk.isCut) return walk.facts;
  const kept = walk.facts.slice(0, MAX_FACTS - 1).map((fact) => ({ ...fact, record: null }));
  return [...kept, restOf(walk, manifest)];
}

/** What was not walked, as one fact: it may hold the most sensitive value that this tool can return. */
function restOf(walk: Walk, { output }: Pick<ToolManifest, "output">): Fact {
  const highest = Object.values(output).reduce(
    (found, spec) =>
      SENSITIVITIES.indexOf(spec.sensitivity) > SENSITIVITIES.indexOf(found.sensitivity) ? spec : found,
    UNDECLARED,
  );
  const label = { ...labelOf(walk, highest), integrity: "external" as const };
  return { value: "(more)", kind: null, path: "$", label, record: null };
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
      inside = bareRecord(walk, kindOf(keys), name) ?? own;
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
  const kind = kindOf(spec);
  const own = record ?? (typeof value === "string" ? bareRecord(walk, kind, value) : null);
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
    const kind = kindOf(specOf(stepInto(nodes, name)));
    const id = String(value);
    const isDeclared = isRecordKind(kind);
    const isKnown = name === "id" && walk.records.has(` ${id}`);
    const isBare = BARE_ID.test(name) && walk.guessed !== null;
    if (!isDeclared && !isKnown && !isBare) continue;
    const bare = name.toLowerCase().replace(/_?id_?$/, "");
    const rank =
      !isDeclared && !isKnown ? 0 : bare === "" ? 3 : kind?.toLowerCase().split(".").includes(bare) ? 2 : 1;
    if (!best || rank > best.rank)
      best = { rank, kind: isDeclared ? kind : isKnown ? null : walk.guessed, id };
  }
  const title = titleOf(object, nodes);
  if (best) return refOf(walk, best.kind, best.id, title);
  return title === null ? null : contactOf(walk, object, nodes, title);
}

/** Somebody with a name and a trusted address, in a list of such: the address is the id. */
function contactOf(
  walk: Walk,
  object: JsonObject,
  nodes: readonly PathTree[],
  title: string,
): RecordRef | null {
  for (const [name, value] of Object.entries(object)) {
    const spec = specOf(stepInto(nodes, name));
    const isAddress = ADDRESS_FIELD.test(name) && kindOf(spec) === "email" && spec.integrity !== "external";
    if (isAddress && typeof value === "string") return refOf(walk, "contact", value, title);
  }
  return null;
}

/** A text that stands for a record by itself: an id in a list of ids, a name in a list of names. */
function bareRecord(walk: Walk, kind: string | null, value: string): RecordRef | null {
  if (isRecordKind(kind)) return refOf(walk, kind, value, value);
  const isName = kind === "title" && walk.guessed !== null && value.length <= MAX_NAME_CHARS;
  return isName ? refOf(walk, walk.guessed, value, value) : null;
}

function kindOf(spec: OutputSpec): string | null {
  const kind = spec.kind ?? null;
  return kind === null ? null : (KIND_ALIASES[kind.toLowerCase()] ?? kind);
}

function titleOf(object: JsonObject, nodes: readonly PathTree[]): string | null {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "string" && kindOf(specOf(stepInto(nodes, name))) === "title") return value;
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
