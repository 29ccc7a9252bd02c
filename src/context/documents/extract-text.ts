import { inflateRawSync } from "node:zlib";
import { StewardError } from "../../types/steward-error.ts";
import { csvToMarkdown } from "./csv-to-markdown.ts";
import { type DocumentFormat, decodeText } from "./detect-format.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { pdfToMarkdown } from "./pdf-to-markdown.ts";

export type ExtractedText = { readonly title: string | null; readonly markdown: string };

/** What a Word file may unpack to: a zip of 20 MB can hold a thousand times that. */
const MAX_UNPACKED_BYTES = 150_000_000;

/**
 * The text of a file as markdown. Throws `DOC-422` when it is damaged or has no text, `DOC-423` when it is
 * encrypted. Danger: may compute for long on hostile files; ingestion runs it in a thread with a time limit.
 */
export async function extractText(bytes: Uint8Array, format: DocumentFormat): Promise<ExtractedText> {
  if (format === "pdf") return await pdfToMarkdown(bytes);
  if (format === "docx") return await docxToMarkdown(bytes);
  if (format === "doc") return await docToMarkdown(bytes);
  const text = decodeText(bytes);
  if (text === null) throw new StewardError("DOC-415", "The file is binary data.");
  const plain = text.replace(/^\uFEFF/, "");
  if (format === "html") return htmlToMarkdown(plain);
  if (format === "csv") return { title: null, markdown: csvToMarkdown(plain) };
  // In plain text a "#" is a "#": keep it from becoming a heading.
  if (format === "text") return { title: null, markdown: plain.replace(/^( {0,3})#/gm, "$1\\#") };
  return { title: null, markdown: plain };
}

async function docxToMarkdown(bytes: Uint8Array): Promise<ExtractedText> {
  const buffer = Buffer.from(bytes);
  checkZip(buffer);
  const { default: mammoth } = await import("mammoth");
  let html: string;
  try {
    // Pictures become data addresses otherwise, megabytes of them.
    const noImages = mammoth.images.imgElement(async () => ({ src: "" }));
    html = (await mammoth.convertToHtml({ buffer }, { convertImage: noImages })).value;
  } catch (cause) {
    throw new StewardError("DOC-422", "The Word file is damaged.", { cause });
  }
  return { title: null, markdown: htmlToMarkdown(html).markdown };
}

/** Word files of before 2007: text without headings, a paragraph a line. */
async function docToMarkdown(bytes: Uint8Array): Promise<ExtractedText> {
  const { DocxLoader } = await import("@langchain/community/document_loaders/fs/docx");
  try {
    const pages = await new DocxLoader(new Blob([bytes.slice()]), { type: "doc" }).load();
    const text = pages.map((page) => page.pageContent).join("\n");
    return { title: null, markdown: text.replace(/^( {0,3})#/gm, "$1\\#").replace(/\n+/g, "\n\n") };
  } catch (cause) {
    throw new StewardError("DOC-422", "The Word file is damaged.", { cause });
  }
}

/** Walks the directory of a zip and unpacks each entry within a budget (APPNOTE 4.3.12, 4.3.16). */
function checkZip(zip: Buffer): void {
  const bad = (why: string) => new StewardError("DOC-422", why);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > zip.length) throw bad("The Word file is cut short.");
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  let left = MAX_UNPACKED_BYTES;
  let hasText = false;
  for (let i = 0; i < count; i++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw bad("The Word file is damaged.");
    const flags = zip.readUInt16LE(at + 8);
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const offset = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    if ((flags & 1) !== 0) throw new StewardError("DOC-423", "The Word file is encrypted.");
    if (name === "word/document.xml") hasText = true;
    if (offset + 30 > zip.length) throw bad("The Word file is damaged.");
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    if (method === 8) {
      try {
        const data = zip.subarray(start, start + packed);
        left -= inflateRawSync(data, { maxOutputLength: Math.max(1, left) }).length;
      } catch (error) {
        const isBomb = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
        throw isBomb
          ? new StewardError("DOC-413", "The Word file unpacks to far more than it should.")
          : bad("The Word file is damaged.");
      }
    } else left -= packed;
    if (left < 0) throw new StewardError("DOC-413", "The Word file unpacks to far more than it should.");
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (!hasText) throw new StewardError("DOC-415", "The name says .docx, but the archive holds no Word text.");
}
