import { StewardError } from "../../types/steward-error.ts";
import type { ExtractedText } from "./extract-text.ts";

const MAX_PAGES = 1_000;

type Line = { text: string; height: number };

/**
 * The text of a PDF in reading order; lines set clearly larger than the body become headings. Throws
 * `DOC-423` when it needs a password, `DOC-422` when it is damaged or holds only pictures.
 */
export async function pdfToMarkdown(bytes: Uint8Array): Promise<ExtractedText> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }).catch((cause: unknown) => {
    if ((cause as Error).name === "PasswordException") {
      throw new StewardError("DOC-423", "The PDF needs a password.", { cause });
    }
    throw new StewardError("DOC-422", "The PDF is damaged.", { cause });
  });
  try {
    if (pdf.numPages > MAX_PAGES) {
      throw new StewardError("DOC-413", `The PDF has ${pdf.numPages} pages; ${MAX_PAGES} are read at most.`);
    }
    const pages: Line[][] = [];
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      const content = await page.getTextContent();
      pages.push(linesOf(content.items.filter((item) => "str" in item)));
      page.cleanup();
    }
    const markdown = toMarkdown(pages);
    if (!/[\p{L}\p{N}]/u.test(markdown))
      throw new StewardError("DOC-422", "The PDF holds no text, only pictures.");
    const meta = await pdf.getMetadata().catch(() => null);
    const title = (meta?.info as { Title?: unknown } | undefined)?.Title;
    return { title: typeof title === "string" && title.trim() !== "" ? title.trim() : null, markdown };
  } catch (cause) {
    if (cause instanceof StewardError) throw cause;
    throw new StewardError("DOC-422", "The PDF is damaged.", { cause });
  } finally {
    await pdf.loadingTask.destroy().catch(() => {});
  }
}

type Item = { str: string; height: number; hasEOL: boolean; transform: readonly number[] };

function linesOf(items: readonly Item[]): Line[] {
  const lines: Line[] = [];
  let text = "";
  let height = 0;
  let y: number | null = null;
  const close = () => {
    if (text.trim() !== "") lines.push({ text: text.replace(/\s+/g, " ").trim(), height });
    text = "";
    height = 0;
  };
  for (const item of items) {
    const itemY = item.transform[5] ?? 0;
    if (y !== null && item.str.trim() !== "") {
      const drop = y - itemY;
      if (Math.abs(drop) > item.height * 0.5) close();
      // More than a line and a half apart: a new paragraph.
      if (Math.abs(drop) > item.height * 1.8 && lines.length > 0) lines.push({ text: "", height: 0 });
    }
    if (item.str.trim() !== "") {
      y = itemY;
      height = Math.max(height, item.height);
    }
    text += item.str;
    if (item.hasEOL) close();
  }
  close();
  return lines;
}

function toMarkdown(pages: readonly (readonly Line[])[]): string {
  const weights = new Map<number, number>();
  for (const { text, height } of pages.flat()) {
    const size = Math.round(height * 2) / 2;
    weights.set(size, (weights.get(size) ?? 0) + text.length);
  }
  const body = [...weights].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  const out: string[] = [];
  for (const page of pages) {
    for (const { text, height } of page) {
      const isHeading = body > 0 && height >= body * 1.15 && text.length <= 100 && /\p{L}/u.test(text);
      if (isHeading) out.push("", `${height >= body * 1.6 ? "#" : "##"} ${text}`, "");
      else out.push(text.replace(/^#/, "\\#"));
    }
    out.push("");
  }
  return out
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
