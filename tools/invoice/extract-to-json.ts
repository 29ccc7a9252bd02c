import type { JsonObject } from "../../src/types/json.ts";
import { type ExtractOptions, extractInvoice } from "./extract.ts";
import type { FieldName, InvoiceFields } from "./extraction.ts";
import { NO_FIELDS } from "./field.ts";
import { minorDigits } from "./money.ts";

const MONEY: readonly FieldName[] = ["net", "tax", "gross", "payable"];

/**
 * One file as `steward extract FILE… --jsonl` prints it, one object a line: `file`, `kind` (ubl, cii, hybrid,
 * pdf-text, or what the content is when it was not read), `documentType`, `currency`, `fields` (each null or
 * `value, text, page, path, box, confidence, by`; amounts also as plain `decimal`), `lines`, `accounts`,
 * `checks`, `needsPerson`, `error` (null or `code, message`). Never throws for what is in the file.
 */
export async function extractForCommandLine(
  content: Uint8Array,
  name: string,
  options: ExtractOptions = {},
): Promise<JsonObject> {
  const read = await extractInvoice(content, name, options);
  if (read.status === "rejected") {
    return {
      file: name,
      kind: read.kind,
      documentType: null,
      currency: null,
      fields: { ...NO_FIELDS },
      lines: [],
      accounts: [],
      checks: [],
      needsPerson: true,
      error: { code: read.code, message: read.message },
    };
  }
  return {
    file: name,
    kind: read.kind,
    documentType: read.documentType,
    currency: read.fields.currency?.value ?? null,
    fields: withDecimals(read.fields),
    lines: read.lines,
    accounts: read.accounts,
    checks: read.checks,
    needsPerson: read.needsPerson,
    error: null,
  };
}

function withDecimals(fields: InvoiceFields): JsonObject {
  const digits = minorDigits(fields.currency?.value ?? "EUR");
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field && typeof field.value === "number" && MONEY.includes(name as FieldName)
        ? { ...field, decimal: decimal(field.value, digits) }
        : field,
    ]),
  );
}

function decimal(minor: number, digits: number): string {
  const figures = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = `${minor < 0 ? "-" : ""}${figures.slice(0, figures.length - digits)}`;
  return digits === 0 ? whole : `${whole}.${figures.slice(-digits)}`;
}
