import type { SniffedKind } from "./extraction.ts";

const IMAGE_STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x42, 0x4d],
];
const ARCHIVE_STARTS: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x1f, 0x8b],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x52, 0x61, 0x72, 0x21],
];
const PROGRAM_STARTS: readonly (readonly number[])[] = [
  [0x4d, 0x5a],
  [0x7f, 0x45, 0x4c, 0x46],
];

/** Kind of a file by its first bytes; the name and the claimed type are not looked at. */
export function sniff(content: Uint8Array): SniffedKind {
  if (content.length === 0) return "empty";
  const startsWith = (bytes: readonly number[]) => bytes.every((byte, i) => content[i] === byte);
  // Readers accept a PDF header within the first 1,024 bytes (ISO 32000-1, annex H.3.4.1).
  const head = new TextDecoder("latin1").decode(content.subarray(0, 1024));
  if (ARCHIVE_STARTS.some(startsWith)) return "archive";
  if (PROGRAM_STARTS.some(startsWith)) return "program";
  if (head.includes("%PDF-")) return "pdf";
  if (IMAGE_STARTS.some(startsWith)) return "image";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "image";
  if (/^ftyp(heic|heif|mif1|avif)/.test(head.slice(4, 12))) return "image";
  const text = decodeXmlText(content.subarray(0, 4096)).trimStart();
  if (/^<(!doctype\s+)?html/i.test(text)) return "html";
  if (/^<(\?xml|!|[A-Za-z_])/.test(text)) return "xml";
  if (text.length === 0) return content.some((byte) => byte > 32) ? "unknown" : "empty";
  return hasControlBytes(text) ? "unknown" : "text";
}

/**
 * XML bytes as text: byte order mark first, then the encoding of the declaration, else UTF-8 (XML 1.0, annex F).
 * An encoding that is unknown is read as UTF-8.
 */
export function decodeXmlText(content: Uint8Array): string {
  const decoder = (name: string) => new TextDecoder(name).decode(content).replace(/^\uFEFF/, "");
  if (content[0] === 0xff && content[1] === 0xfe) return decoder("utf-16le");
  if (content[0] === 0xfe && content[1] === 0xff) return decoder("utf-16be");
  if (content[0] === 0x3c && content[1] === 0) return decoder("utf-16le");
  if (content[0] === 0 && content[1] === 0x3c) return decoder("utf-16be");
  const head = new TextDecoder("latin1").decode(content.subarray(0, 200));
  const named = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1] ?? "utf-8";
  try {
    return decoder(named.toLowerCase().startsWith("utf-16") ? "utf-8" : named);
  } catch {
    return decoder("utf-8");
  }
}

function hasControlBytes(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 9 || (code > 13 && code < 32) || code === 0xfffd) return true;
  }
  return false;
}
