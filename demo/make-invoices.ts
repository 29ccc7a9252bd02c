import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toPdf } from "./invoice-pdf.ts";
import { SAMPLE_INVOICES } from "./invoice-samples.ts";
import { toCii, toUbl } from "./invoice-xml.ts";

// Writes demo/invoices/ from demo/invoice-samples.ts; run it after a change there: node demo/make-invoices.ts
const folder = fileURLToPath(new URL("./invoices/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const sample of SAMPLE_INVOICES) {
  const content =
    sample.form === "ubl" ? toUbl(sample) : sample.form === "cii" ? toCii(sample) : await toPdf(sample);
  writeFileSync(`${folder}${sample.file}`, content);
  process.stdout.write(`${sample.file}\n`);
}
