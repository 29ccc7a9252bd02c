const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["application/zip", [0x50, 0x4b, 0x03, 0x04]],
  ["application/gzip", [0x1f, 0x8b]],
];

/** The media type of a file by its first bytes, never by its name; text and XML by being readable. */
export function sniffMediaType(content: Uint8Array): string {
  for (const [type, bytes] of SIGNATURES) {
    if (bytes.every((byte, index) => content[index] === byte)) return type;
  }
  const start = content.subarray(0, 4_096);
  try {
    // `stream` lets a character that is cut at the end of the piece pass.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    if (text.includes("\0")) return "application/octet-stream";
    if (/^\ufeff?\s*<\?xml|^\ufeff?\s*<[A-Za-z][\w.-]*:?\w*[^>]*xmlns/.test(text)) return "application/xml";
    return /^\ufeff?\s*<(!doctype html|html)/i.test(text) ? "text/html" : "text/plain";
  } catch {
    return "application/octet-stream";
  }
}
