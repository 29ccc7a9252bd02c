import { inflateSync } from "node:zlib";

/** Inflated size of all streams together beyond which a PDF is taken for a bomb; invoices stay under 40 MB. */
const MAX_INFLATED_BYTES = 150_000_000;
/** Filters that expand by more than a small factor; two of them on one stream have no honest use. */
const EXPANDING = /FlateDecode|\/Fl\b|LZWDecode|\/LZW\b|RunLengthDecode|\/RL\b/g;

export type PdfVerdict = "fine" | "bomb" | "encrypted";

/**
 * Looks through the raw bytes before any PDF library does: inflates each stream within a budget and throws
 * the result away, since the library itself would unpack a small file into gigabytes. Never throws.
 */
export function guardPdf(content: Uint8Array): PdfVerdict {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let budget = MAX_INFLATED_BYTES;
  let from = 0;
  for (;;) {
    const at = bytes.indexOf("stream", from, "latin1");
    if (at < 0) break;
    from = at + 6;
    if (bytes.toString("latin1", Math.max(0, at - 3), at) === "end") continue;
    const head = bytes.toString("latin1", Math.max(0, at - 600), at);
    const dictionary = head.slice(head.lastIndexOf(" obj") + 1);
    const filters = dictionary.match(EXPANDING)?.length ?? 0;
    if (filters === 0) continue;
    if (filters > 1 && /\/(Filter|F)\s*\[/.test(dictionary)) return "bomb";
    let start = from;
    if (bytes[start] === 0x0d) start++;
    if (bytes[start] === 0x0a) start++;
    const end = bytes.indexOf("endstream", start, "latin1");
    const stop = end < 0 ? bytes.length : end;
    from = stop;
    if (/LZWDecode|\/LZW\b|RunLengthDecode|\/RL\b/.test(dictionary)) {
      // LZW expands at most about 1,365 times and run lengths 64 times.
      budget -= (stop - start) * (/LZW/.test(dictionary) ? 1365 : 64);
    } else budget -= inflatedSize(bytes.subarray(start, stop), budget);
    if (budget <= 0) return "bomb";
  }
  return "fine";
}

function inflatedSize(bytes: Uint8Array, budget: number): number {
  try {
    return inflateSync(bytes, { maxOutputLength: budget, finishFlush: 2 }).length;
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    // Broken or encrypted data cannot be measured here; the memory watch of the worker is the second line.
    return isTooLarge ? budget + 1 : 0;
  }
}
