import { deflateSync } from "node:zlib";
import { PDFDocument, StandardFonts } from "pdf-lib";

/** Text at a place: x, y from the lower left, size. */
export type Put = readonly [text: string, x: number, y: number, size?: number];

/** A PDF with text at places, one list a page. */
export async function makePdf(...pages: readonly (readonly Put[])[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const puts of pages) {
    const page = pdf.addPage([595, 842]);
    for (const [text, x, y, size = 10] of puts) page.drawText(text, { x, y, size, font });
  }
  return pdf.save();
}

/**
 * A page drawn as text: each line 18 points below the last, each cell (apart by two spaces or more) at its
 * column, 7 points wide.
 */
export function pageOf(drawing: string): readonly Put[] {
  return drawing
    .replace(/^\n/, "")
    .split("\n")
    .flatMap((line, row) =>
      [...line.matchAll(/\S+(?: \S+)*/g)].map((cell): Put => [cell[0], 40 + cell.index * 7, 800 - row * 18]),
    );
}

/** A one-page PDF by hand, with a content stream of any filter and further objects. */
export function rawPdf(
  stream: Uint8Array,
  filter: string,
  more: { readonly trailer?: string; readonly pages?: string } = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let length = 0;
  const add = (part: Buffer | string) => {
    const bytes = typeof part === "string" ? Buffer.from(part, "latin1") : part;
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (id: number, ...body: readonly (Buffer | string)[]) => {
    offsets[id] = length;
    add(`${id} 0 obj\n`);
    for (const part of body) add(part);
    add("\nendobj\n");
  };
  add("%PDF-1.5\n");
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(2, more.pages ?? "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>");
  object(4, `<< /Length ${stream.length} ${filter} >>\nstream\n`, Buffer.from(stream), "\nendstream");
  const start = length;
  add(`xref\n0 5\n0000000000 65535 f \n`);
  for (const id of [1, 2, 3, 4]) add(`${String(offsets[id]).padStart(10, "0")} 00000 n \n`);
  add(`trailer\n<< /Size 5 /Root 1 0 R ${more.trailer ?? ""} >>\nstartxref\n${start}\n%%EOF\n`);
  return new Uint8Array(Buffer.concat(parts));
}

/** Zeros that deflate packs a thousand times smaller. */
export function packedZeros(bytes: number): Uint8Array {
  return deflateSync(Buffer.alloc(bytes));
}
