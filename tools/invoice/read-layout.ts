import type { Reading } from "./extraction.ts";
import type { PdfPage } from "./read-pdf.ts";
import type { TextLine } from "./text-line.ts";

export function readLayout(_lines: readonly TextLine[], _pages: readonly PdfPage[]): Reading | null {
  return null;
}
