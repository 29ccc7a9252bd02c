import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { extractInvoice, stopExtracting } from "../tools/invoice/extract.ts";
import type { Extraction } from "../tools/invoice/extraction.ts";
import { minorDigits } from "../tools/invoice/money.ts";

/** One line of the set: what a document says, null where it is unknown or not visible. */
type Row = {
  readonly id: string;
  readonly kind: string;
  readonly file: string;
  readonly expected: Readonly<Record<string, string | number | null | undefined>>;
  readonly route?: string;
  readonly reason?: string;
};

const FIELDS = [
  "seller_name",
  "invoice_number",
  "issue_date",
  "due_date",
  "currency",
  "net",
  "tax",
  "gross",
  "payable",
  "iban",
  "line_count",
] as const;
type FieldKey = (typeof FIELDS)[number];

const { values } = parseArgs({
  options: {
    set: { type: "string" },
    json: { type: "boolean" },
    misses: { type: "boolean" },
    kind: { type: "string" },
  },
});
if (!values.set) {
  process.stderr.write("Usage: npm run -s bench:invoices -- --set FILE [--kind K] [--misses] --json\n");
  process.exit(2);
}

const rows = readFileSync(values.set, "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line) as Row)
  .filter((row) => values.kind === undefined || row.kind === values.kind);

type Tally = {
  documents: number;
  right: Map<string, number>;
  asked: Map<string, number>;
  found: number;
  hits: number;
  wanted: number;
  ms: number[];
};
const tallies = new Map<string, Tally>();
const route = { documents: 0, caught: 0 };
const auto = { documents: 0, accepted: 0, exact: 0 };
const notes = new Set<string>();

for (const row of rows) {
  const content = readFileSync(join(dirname(values.set), row.file));
  const startedAt = performance.now();
  const extraction = await extractInvoice(content, row.file.split("/").at(-1) ?? row.file);
  const ms = performance.now() - startedAt;
  if (row.kind === "route") {
    route.documents++;
    if (extraction.status === "rejected" || extraction.needsPerson) route.caught++;
    else if (values.misses) process.stderr.write(`${row.id} ${row.reason} was not caught\n`);
    continue;
  }
  if (row.kind === "receipt_img" || row.kind === "scan_pdf") {
    notes.add(
      `${row.kind}: not measured; pictures and scans are handed to a person, text is not read from them yet.`,
    );
  }
  score(row, extraction, ms);
}
await stopExtracting();

const kinds = Object.fromEntries(
  [...tallies].map(([kind, tally]) => {
    const isRead = kind !== "receipt_img" && kind !== "scan_pdf";
    const fields = Object.fromEntries(
      FIELDS.filter((field) => tally.asked.has(field)).map((field) => [
        field,
        isRead ? round((tally.right.get(field) ?? 0) / (tally.asked.get(field) ?? 1)) : null,
      ]),
    );
    const precision = tally.hits / Math.max(1, tally.found);
    const recall = tally.hits / Math.max(1, tally.wanted);
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return [
      kind,
      {
        documents: tally.documents,
        fields,
        microF1: isRead ? round(f1) : null,
        msP50: isRead ? round(median(tally.ms)) : null,
      },
    ];
  }),
);
process.stdout.write(
  `${JSON.stringify({
    kinds,
    route,
    auto: {
      share: auto.documents === 0 ? null : round(auto.accepted / auto.documents),
      exact: auto.accepted === 0 ? null : round(auto.exact / auto.accepted),
    },
    notes: [...notes, "auto: over text_pdf; documents with no broken check count as accepted."],
  })}\n`,
);

function score(row: Row, extraction: Extraction, ms: number): void {
  const isSkipped = row.kind === "receipt_img" || row.kind === "scan_pdf";
  let tally = tallies.get(row.kind);
  if (!tally) {
    tally = { documents: 0, right: new Map(), asked: new Map(), found: 0, hits: 0, wanted: 0, ms: [] };
    tallies.set(row.kind, tally);
  }
  tally.documents++;
  tally.ms.push(ms);
  const got = answers(extraction);
  let isExact = true;
  for (const field of FIELDS) {
    const expected = row.expected[field];
    if (expected === null || expected === undefined) continue;
    // Lines of a page are not read yet, so their number is only asked of XML.
    if (field === "line_count" && extraction.status === "invoice" && extraction.kind === "pdf-text") continue;
    const isRight = agrees(field, expected, got[field], row.expected.seller_alt);
    tally.asked.set(field, (tally.asked.get(field) ?? 0) + 1);
    tally.wanted++;
    if (got[field] !== undefined) tally.found++;
    if (isRight) {
      tally.hits++;
      tally.right.set(field, (tally.right.get(field) ?? 0) + 1);
    } else {
      isExact = false;
      if (values.misses && !isSkipped) {
        process.stderr.write(
          `${row.file} ${field}: ${JSON.stringify(expected)} | ${JSON.stringify(got[field])}\n`,
        );
      }
    }
  }
  if (row.kind !== "text_pdf") return;
  auto.documents++;
  if (extraction.status === "invoice" && !extraction.needsPerson) {
    auto.accepted++;
    if (isExact) auto.exact++;
    else if (values.misses) process.stderr.write(`${row.file} WRONGLY ACCEPTED\n`);
  } else if (values.misses) {
    const why =
      extraction.status === "invoice"
        ? extraction.checks.filter((c) => !c.ok).map((c) => c.text)
        : extraction.message;
    process.stderr.write(`${row.file} held: ${JSON.stringify(why)}\n`);
  }
}

function answers(extraction: Extraction): Partial<Record<FieldKey, string | number>> {
  if (extraction.status === "rejected") return {};
  const { fields, lines } = extraction;
  const scale = 10 ** minorDigits(fields.currency?.value ?? "EUR");
  const all: Record<FieldKey, string | number | undefined> = {
    seller_name: fields.sellerName?.value,
    invoice_number: fields.number?.value,
    issue_date: fields.issueDate?.value,
    due_date: fields.dueDate?.value,
    currency: fields.currency?.value,
    net: fields.net && fields.net.value / scale,
    tax: fields.tax && fields.tax.value / scale,
    gross: fields.gross && fields.gross.value / scale,
    payable: fields.payable && fields.payable.value / scale,
    iban: fields.iban?.value,
    line_count: lines.length,
  } as Record<FieldKey, string | number | undefined>;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}

function agrees(
  field: FieldKey,
  expected: string | number,
  got: string | number | undefined,
  alt: unknown,
): boolean {
  if (got === undefined) return false;
  if (typeof expected === "number") return typeof got === "number" && Math.abs(expected - got) <= 0.005;
  if (field === "issue_date" || field === "due_date" || field === "iban") return expected === got;
  const same = (a: string, b: string) => foldText(a) === foldText(b);
  if (same(expected, String(got))) return true;
  if (field !== "seller_name") return false;
  if (typeof alt === "string" && same(alt, String(got))) return true;
  return (
    tokenF1(expected, String(got)) >= 0.8 || (typeof alt === "string" && tokenF1(alt, String(got)) >= 0.8)
  );
}

function foldText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function tokenF1(a: string, b: string): number {
  const one = foldText(a).split(" ");
  const two = foldText(b).split(" ");
  const left = [...two];
  let shared = 0;
  for (const token of one) {
    const at = left.indexOf(token);
    if (at >= 0) {
      shared++;
      left.splice(at, 1);
    }
  }
  return (2 * shared) / (one.length + two.length);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
