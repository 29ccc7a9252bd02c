import { readPdf } from "./read-pdf.ts";
import { sniff } from "./sniff.ts";

/** The words of a page where they stand. Boxes: left, top, right, bottom in points, from the page's top left corner. */
export type PageText = {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly { readonly text: string; readonly box: readonly number[] }[];
};

const MAX_PAGES = 10;
const MAX_TEXTS = 3_000;

/** The first pages of a PDF as text with places; nothing for another file. Must be called in a worker. */
export async function readPages(content: Uint8Array): Promise<readonly PageText[]> {
  if (sniff(content) !== "pdf") return [];
  const pdf = await readPdf(content);
  if (pdf.status === "refused") return [];
  return pdf.pages.slice(0, MAX_PAGES).map(({ number, width, height }) => ({
    number,
    width,
    height,
    texts: pdf.items
      .filter((item) => item.page === number)
      .slice(0, MAX_TEXTS)
      .map(({ text, box: [left, bottom, right, top] }) => ({
        text,
        box: [left, height - top, right, height - bottom].map((value) => Math.round(value * 10) / 10),
      })),
  }));
}
