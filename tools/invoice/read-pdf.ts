import { getDocumentProxy } from "unpdf";
import type { Box, RejectionCode } from "./extraction.ts";
import { guardPdf } from "./pdf-guard.ts";

/** A run of text at one place of a page. */
export type TextItem = {
  readonly page: number;
  readonly text: string;
  readonly box: Box;
  /** Font size in points. */
  readonly size: number;
};

export type PdfPage = { readonly number: number; readonly width: number; readonly height: number };

export type PdfContent =
  | {
      readonly status: "read";
      readonly pageCount: number;
      readonly pages: readonly PdfPage[];
      readonly items: readonly TextItem[];
      /** Attached files whose name or content says XML. */
      readonly attachments: readonly { readonly name: string; readonly content: Uint8Array }[];
    }
  | { readonly status: "refused"; readonly code: RejectionCode; readonly detail: string };

/** Pages read from the start and from the end: totals stand on either; the middle of a long file is lines. */
const FIRST_PAGES = 20;
const LAST_PAGES = 5;
const MAX_ITEMS = 60_000;
const MAX_ATTACHMENTS = 20;

/** Text with positions and XML attachments of a PDF. Scripts are never run. Must be called in a worker. */
export async function readPdf(content: Uint8Array): Promise<PdfContent> {
  if (guardPdf(content) === "bomb") {
    return { status: "refused", code: "INV-413", detail: "Its streams unpack to more than 150 MB." };
  }
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    pdf = await getDocumentProxy(new Uint8Array(content), {
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      verbosity: 0,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "PasswordException") return { status: "refused", code: "INV-423", detail: "" };
    return { status: "refused", code: "INV-422", detail: error instanceof Error ? error.message : "" };
  }
  try {
    const attachments = await readAttachments(pdf);
    const pages: PdfPage[] = [];
    const items: TextItem[] = [];
    for (let number = 1; number <= pdf.numPages && items.length < MAX_ITEMS; number++) {
      if (number > FIRST_PAGES && number <= pdf.numPages - LAST_PAGES) continue;
      try {
        const page = await pdf.getPage(number);
        const [left = 0, bottom = 0, right = 595, top = 842] = page.view;
        pages.push({ number, width: right - left, height: top - bottom });
        const text = await page.getTextContent();
        for (const item of text.items) {
          if (items.length >= MAX_ITEMS) break;
          if ("str" in item && item.str.trim() !== "") {
            const placed = place(item, number, left, bottom);
            if (placed) items.push(placed);
          }
        }
        page.cleanup();
      } catch {
        // One broken page must not hide what the others say.
      }
    }
    return { status: "read", pageCount: pdf.numPages, pages, items, attachments };
  } finally {
    await pdf.loadingTask.destroy().catch(() => undefined);
  }
}

/** Attached XML; one that is there but cannot be unpacked comes back empty, so that its loss is noticed. */
async function readAttachments(pdf: Awaited<ReturnType<typeof getDocumentProxy>>) {
  const found: { name: string; content: Uint8Array }[] = [];
  const listed = await pdf.getAttachments().catch(() => null);
  for (const [id, entry] of [...(listed?.entries() ?? [])].slice(0, MAX_ATTACHMENTS)) {
    if (!/\.xml$/i.test(entry.filename)) continue;
    const content = await pdf.getAttachmentContent(id).catch(() => null);
    found.push({ name: entry.filename, content: content instanceof Uint8Array ? content : new Uint8Array() });
  }
  return found;
}

type RawItem = { readonly str: string; readonly transform: number[]; readonly width: number };

/** Items that stand upright; turned text (margins, watermarks) is left out. */
function place(item: RawItem, page: number, left: number, bottom: number): TextItem | null {
  const [a = 0, b = 0, , d = 0, x = 0, y = 0] = item.transform;
  const size = Math.hypot(b, d) || Math.abs(a);
  if (a <= 0 || Math.abs(b) > Math.abs(a) * 0.05 || size < 1.5) return null;
  const x0 = x - left;
  const y0 = y - bottom;
  return { page, text: item.str.normalize("NFKC"), box: [x0, y0, x0 + item.width, y0 + size], size };
}
