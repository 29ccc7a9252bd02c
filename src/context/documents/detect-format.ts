import { StewardError } from "../../types/steward-error.ts";

export type DocumentFormat = "markdown" | "text" | "html" | "csv" | "pdf" | "docx" | "doc";

export const FORMAT_OF_ENDING: Readonly<Record<string, DocumentFormat>> = {
  md: "markdown",
  markdown: "markdown",
  txt: "text",
  text: "text",
  html: "html",
  htm: "html",
  csv: "csv",
  pdf: "pdf",
  docx: "docx",
  doc: "doc",
};

export const MEDIA_TYPES: Readonly<Record<DocumentFormat, string>> = {
  markdown: "text/markdown",
  text: "text/plain",
  html: "text/html",
  csv: "text/csv",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  doc: "application/msword",
};

type Content = "pdf" | "zip" | "ole" | "image" | "binary" | "html" | "text" | "empty";

const KINDS: Readonly<Record<Content, string>> = {
  pdf: "a PDF",
  zip: "a zip archive",
  ole: "an Office file of the old kind",
  image: "an image",
  binary: "binary data",
  html: "a web page",
  text: "plain text",
  empty: "empty",
};

/** The lower-case ending of a file name, without the dot; "" when there is none. */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

/**
 * The format a file has by its name and its content, which must agree: the name alone is a claim. Throws
 * `DOC-415` when they do not or the kind is unknown, `DOC-422` when the file is empty, `DOC-423` for an
 * encrypted Office file.
 */
export function detectFormat(name: string, bytes: Uint8Array): DocumentFormat {
  const ending = endingOf(name);
  const format = FORMAT_OF_ENDING[ending];
  const content = contentOf(bytes);
  if (!format) {
    const kind = ending === "" ? "has no ending" : `ends in .${ending}`;
    throw new StewardError(
      "DOC-415",
      `The name ${kind}, which cannot be read (it looks like ${KINDS[content]}).`,
    );
  }
  if (content === "empty") throw new StewardError("DOC-422", "The file is empty.");
  if (format === "docx" && content === "ole" && hasEncryptedPackage(bytes)) {
    throw new StewardError("DOC-423", "The Word file is encrypted.");
  }
  const isFit =
    format === "pdf"
      ? content === "pdf"
      : format === "docx"
        ? content === "zip"
        : format === "doc"
          ? content === "ole"
          : format === "html"
            ? content === "html" || content === "text"
            : content === "text";
  if (!isFit)
    throw new StewardError("DOC-415", `The name says .${ending}, but the file is ${KINDS[content]}.`);
  return format;
}

function startsWith(bytes: Uint8Array, ...head: readonly number[]): boolean {
  return head.every((byte, i) => bytes[i] === byte);
}

function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) return "empty";
  const start = Buffer.from(bytes.subarray(0, 1_024)).toString("latin1");
  if (start.includes("%PDF-")) return "pdf";
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return "zip";
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return "ole";
  if (
    startsWith(bytes, 0x89, 0x50, 0x4e, 0x47) ||
    startsWith(bytes, 0xff, 0xd8, 0xff) ||
    startsWith(bytes, 0x47, 0x49, 0x46, 0x38)
  ) {
    return "image";
  }
  const text = decodeText(bytes);
  if (text === null) return "binary";
  if (text.trim() === "") return "empty";
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,500}?-->\s*)?<(?:!doctype html|html)\b/i.test(
    text.slice(0, 1_000),
  )
    ? "html"
    : "text";
}

/** Encrypted Office files are OLE containers with a stream of this name (MS-OFFCRYPTO 2.3.4.4). */
function hasEncryptedPackage(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));
}

/**
 * Text of a file in UTF-8, UTF-16 with a mark, or Windows-1252 (what spreadsheets still write); null when it
 * is none of them, so that binary data never passes as text.
 */
export function decodeText(bytes: Uint8Array): string | null {
  const encoding = startsWith(bytes, 0xff, 0xfe)
    ? "utf-16le"
    : startsWith(bytes, 0xfe, 0xff)
      ? "utf-16be"
      : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    if (encoding !== "utf-8") return null;
    text = new TextDecoder("windows-1252").decode(bytes);
    // Real Western text is mostly ASCII; random bytes are not.
    const isAscii = bytes.subarray(0, 65_536).reduce((sum, byte) => sum + (byte < 0x80 ? 1 : 0), 0);
    if (isAscii < Math.min(bytes.length, 65_536) * 0.8) return null;
  }
  // Control characters other than white space: a few come with old printers' files, many with binary data.
  let controls = 0;
  for (let i = 0; i < text.length && i < 65_536; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return null;
    if (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 27) controls++;
  }
  return controls > Math.min(text.length, 65_536) * 0.005 ? null : text;
}
