import { checkHybrid } from "./check-hybrid.ts";
import { checkReading } from "./checks.ts";
import type { Check, DocumentKind, Extraction, Reading } from "./extraction.ts";
import { readLayout } from "./read-layout.ts";
import { readPdf } from "./read-pdf.ts";
import { readXml } from "./read-xml.ts";
import { MAX_FILE_BYTES, reject } from "./rejection.ts";
import { sniff } from "./sniff.ts";
import { toLines } from "./text-line.ts";

/** Names that Factur-X, ZUGFeRD and XRechnung give the e-invoice inside a PDF. */
const INVOICE_FILE = /^(factur-x|zugferd-invoice|xrechnung|order-x)\.xml$/i;
/** A scan may carry a line that its scanner printed; no invoice has so few letters. */
const MIN_LETTERS = 40;
const MAX_LINES = 10_000;
const MAX_ACCOUNTS = 50;

/**
 * Reads an invoice: the XML inside a PDF, else XML, else the text layer by layout. Runs where it is called,
 * without a limit of time; `extractInvoice` runs it in a worker.
 */
export async function readDocument(content: Uint8Array, name: string): Promise<Extraction> {
  const kind = sniff(content);
  if (content.length > MAX_FILE_BYTES) return reject("INV-413", kind, name);
  if (kind === "xml") {
    const xml = readXml(content);
    if (xml.status === "refused") return reject(xml.code, kind, name, xml.detail);
    return finish(xml.syntax, xml.reading, []);
  }
  if (kind !== "pdf") return reject("INV-415", kind, name);
  const pdf = await readPdf(content);
  if (pdf.status === "refused") return reject(pdf.code, kind, name, pdf.detail);
  const lines = toLines(pdf.items);
  const broken: Check[] = [];
  for (const attachment of pdf.attachments) {
    const xml = readXml(attachment.content, "embedded-xml");
    if (xml.status === "read") return finish("hybrid", xml.reading, checkHybrid(xml.reading, lines));
    if (xml.code !== "INV-426" || INVOICE_FILE.test(attachment.name)) {
      broken.push({
        name: "embedded-xml",
        ok: false,
        text: `The e-invoice inside the PDF ("${attachment.name.slice(0, 60)}") cannot be read, so only the page was.`,
      });
    }
  }
  const letters = pdf.items.reduce((sum, item) => sum + item.text.length, 0);
  if (letters < MIN_LETTERS) return reject("INV-424", kind, name);
  const reading = readLayout(lines, pdf.pages);
  if (!reading) {
    return reject("INV-426", kind, name, "It has neither the words nor the amounts of one.");
  }
  return finish("pdf-text", reading, broken);
}

function finish(kind: DocumentKind, reading: Reading, more: readonly Check[]): Extraction {
  const checks = [...checkReading(reading), ...more];
  return {
    status: "invoice",
    kind,
    documentType: reading.documentType,
    fields: reading.fields,
    lines: reading.lines.slice(0, MAX_LINES),
    accounts: [...new Set(reading.accounts)].slice(0, MAX_ACCOUNTS),
    checks,
    needsPerson: checks.some((check) => !check.ok),
  };
}
