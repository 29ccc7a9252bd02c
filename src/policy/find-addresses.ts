import {
  canonicalEmail,
  canonicalIban,
  canonicalPhone,
  canonicalText,
  canonicalUrl,
  isIban,
} from "./canonical-text.ts";

export type AddressKind = "email" | "url" | "iban" | "phone";

/** Something in a text by which a reader or their money can be led elsewhere. */
export type Address = { readonly kind: AddressKind; readonly value: string; readonly text: string };

const EMAIL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?/gu;
const URL_WITH_SCHEME = /\b(?:[a-z][a-z0-9+.-]{1,12}:\/\/|www\.)[^\s<>"'`)\]}]{2,2000}/giu;
/** A bare host: a name, a dot and a letter ending that is not a file's; a longer path may follow. */
const BARE_HOST =
  /(?<![\p{L}\p{N}@._/-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?::\d{2,5})?(?:[/?#][^\s<>"'`)\]}]{0,2000})?(?![\p{L}\p{N}@])/gu;
const IBAN = /\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b/gi;
const PHONE = /(?<![\p{L}\p{N}])(?:\+|00)\d[\d\s()./-]{6,20}\d/gu;
const FILE_ENDING =
  /\.(?:pdf|docx?|xlsx?|pptx?|txt|md|csv|json|xml|png|jpe?g|gif|zip|ts|js|py|html?|ics|eml|log)$/i;
const MAX_CHARS = 100_000;
const HEXADECIMAL = /\b(?:[0-9a-f]{20,4000}|(?:[0-9a-f]{2}[\s:]){9,2000}[0-9a-f]{2})\b/gi;
const MAX_READINGS = 40;

/** All addresses in a text, in canonical form, at most 200. Linear enough: every repeat is bounded. */
export function findAddresses(text: string): readonly Address[] {
  const plain = canonicalText(text.slice(0, MAX_CHARS));
  const found = new Map<string, Address>();
  const add = (kind: AddressKind, value: string, as: string) => {
    if (value && found.size < 200) found.set(`${kind} ${value}`, { kind, value, text: as });
  };
  let rest = plain;
  if (plain.includes("@")) {
    for (const [match] of plain.matchAll(EMAIL)) {
      if (/\.[\p{L}\p{N}-]{2,}$/u.test(match))
        add("email", canonicalEmail(match.replace(/^[.'`]+/, "")), match);
    }
    rest = plain.replace(EMAIL, " ");
  }
  for (const [match] of rest.matchAll(URL_WITH_SCHEME)) {
    const url = match.replace(/[.,;:!?]+$/, "");
    add("url", canonicalUrl(url), url);
  }
  for (const [match] of rest.replace(URL_WITH_SCHEME, " ").matchAll(BARE_HOST)) {
    const url = match.replace(/[.,;:!?]+$/, "");
    if (!FILE_ENDING.test(url) && !isAbbreviation(url)) add("url", canonicalUrl(url), url);
  }
  for (const [match] of plain.matchAll(IBAN)) {
    // Words after the number may have been caught too: try it shorter until the check digits fit.
    for (let text = match; text.length >= 15; text = text.replace(/[ -]?[A-Z0-9]$/i, "")) {
      if (isIban(text)) {
        add("iban", canonicalIban(text), text);
        break;
      }
    }
  }
  for (const [match] of plain.matchAll(PHONE)) add("phone", canonicalPhone(match), match);
  return [...found.values()];
}

/** "e.g", "a.m": no host. */
function isAbbreviation(text: string): boolean {
  return /^(?:\p{L}\.)+\p{L}{1,2}$/u.test(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  commat: "@",
  period: ".",
  colon: ":",
  sol: "/",
  nbsp: " ",
};

/**
 * The text in the other ways it can be read: percent-decoded, HTML entities resolved, base64 runs decoded,
 * and "name [at] host [dot] com" or "hxxp" spelled out. Only readings that differ are returned.
 */
export function otherReadings(text: string): readonly string[] {
  const found = new Set<string>();
  let layer: readonly string[] = [text.slice(0, MAX_CHARS)];
  // What is encoded twice is read twice; beyond it no reader follows either.
  for (let depth = 0; depth < 2 && layer.length > 0; depth++) {
    layer = layer.flatMap(readOnce).filter((reading) => reading !== text && !found.has(reading));
    for (const reading of layer.slice(0, MAX_READINGS)) found.add(reading);
  }
  return [...found].slice(0, MAX_READINGS);
}

function readOnce(source: string): readonly string[] {
  const readings = new Set<string>();
  if (/%[0-9a-f]{2}/i.test(source)) {
    readings.add(
      source.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
        Buffer.from(run.replace(/%/g, ""), "hex").toString("utf8"),
      ),
    );
  }
  if (source.includes("&")) readings.add(source.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});?/gi, entity));
  if (/\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i.test(source)) {
    readings.add(
      source.replace(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_, u, x) =>
        String.fromCharCode(Number.parseInt(u ?? x, 16)),
      ),
    );
  }
  if (/\b(?:at|dot)\b|hxxp|[[({]\s*[.@]/i.test(source)) {
    readings.add(
      source
        .replace(/\s*[[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+at\s+(?=\S+\s*(?:[[({<]\s*dot|\s+dot\s))/gi, "@")
        .replace(/\s*[[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+/gi, ".")
        .replace(/hxxp/gi, "http"),
    );
  }
  for (const [run] of source.matchAll(/[A-Za-z0-9+/_-]{16,4000}={0,2}/g)) {
    const decoded = Buffer.from(run, "base64").toString("utf8");
    if (/^[\x20-\x7e\s]{10,}$/.test(decoded)) readings.add(decoded);
    if (readings.size > 20) break;
  }
  for (const [run] of source.matchAll(HEXADECIMAL)) {
    const decoded = Buffer.from(run.replace(/[\s:]/g, ""), "hex").toString("utf8");
    if (/^[\x20-\x7e\s]{10,}$/.test(decoded)) readings.add(decoded);
    if (readings.size > 30) break;
  }
  readings.delete(source);
  return [...readings];
}

function entity(all: string, name: string): string {
  if (name.startsWith("#")) {
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : all;
  }
  return ENTITIES[name.toLowerCase()] ?? all;
}
