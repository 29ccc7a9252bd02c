import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { RejectionCode } from "./extraction.ts";

/** An element: its local name, path from the root, attributes, text and children in order of the names. */
export type XmlNode = {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
};

export type ParsedXml =
  | { readonly status: "parsed"; readonly root: XmlNode }
  | { readonly status: "refused"; readonly code: RejectionCode; readonly detail: string };

/** More elements or levels than any invoice has; the largest known ones stay under 50,000 and 20. */
const MAX_ELEMENTS = 300_000;
const MAX_DEPTH = 60;
const TEXT = "#text";
const ATTRIBUTE = "@";

/** Characters that entities stand for; others do not exist without a DTD, which is refused. */
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Parses XML without a document type: a DTD of any form is refused unread, so no entity is ever declared,
 * fetched or expanded. Namespace prefixes are dropped. Never throws.
 */
export function parseXml(text: string): ParsedXml {
  if (/<!(DOCTYPE|ENTITY)/i.test(withoutData(text))) {
    return { status: "refused", code: "INV-425", detail: "It declares a document type (DTD)." };
  }
  const size = measure(text);
  if (size.depth > MAX_DEPTH || size.elements > MAX_ELEMENTS) {
    return {
      status: "refused",
      code: "INV-413",
      detail: "It has more elements or levels than an invoice has.",
    };
  }
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    return { status: "refused", code: "INV-422", detail: `Line ${verdict.err.line}: ${verdict.err.msg}` };
  }
  try {
    const parsed = new XMLParser({
      removeNSPrefix: true,
      ignoreAttributes: false,
      attributeNamePrefix: "",
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      textNodeName: TEXT,
      attributesGroupName: ATTRIBUTE,
    }).parse(text) as Readonly<Record<string, unknown>>;
    const [name, value] = Object.entries(parsed).find(([key]) => key !== TEXT) ?? [];
    if (name === undefined) return { status: "refused", code: "INV-422", detail: "It has no root element." };
    return { status: "parsed", root: toNode(name, Array.isArray(value) ? value[0] : value, `/${name}`) };
  } catch (error) {
    return { status: "refused", code: "INV-422", detail: error instanceof Error ? error.message : "" };
  }
}

/** First descendant along the names; each step may give alternatives with `|`. */
export function at(node: XmlNode | undefined, ...steps: readonly string[]): XmlNode | undefined {
  let here = node;
  for (const step of steps) {
    if (!here) return undefined;
    const names = step.split("|");
    here = here.children.find((child) => names.includes(child.name));
  }
  return here;
}

/** All children of a name (alternatives with `|`). */
export function all(node: XmlNode | undefined, step: string): readonly XmlNode[] {
  const names = step.split("|");
  return node?.children.filter((child) => names.includes(child.name)) ?? [];
}

function toNode(name: string, value: unknown, path: string): XmlNode {
  if (typeof value !== "object" || value === null) {
    return {
      name,
      path,
      text: decode(value === undefined ? "" : String(value)),
      attributes: {},
      children: [],
    };
  }
  let text = "";
  const attributes: Record<string, string> = {};
  const children: XmlNode[] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (key === TEXT) text = decode(String(inner));
    else if (key === ATTRIBUTE) {
      for (const [attribute, given] of Object.entries(inner as Record<string, unknown>)) {
        attributes[attribute] = decode(String(given));
      }
    } else if (Array.isArray(inner)) {
      inner.forEach((one, i) => {
        children.push(toNode(key, one, `${path}/${key}[${i + 1}]`));
      });
    } else children.push(toNode(key, inner, `${path}/${key}`));
  }
  return { name, path, text, attributes, children };
}

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
    (whole, dec, hex, named) => {
      if (named) return NAMED[named as string] ?? whole;
      const code = dec ? Number(dec) : Number.parseInt(hex as string, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
    },
  );
}

/** The text without comments and CDATA, where `<!DOCTYPE` would be mere words. Linear in its length. */
function withoutData(text: string): string {
  const out: string[] = [];
  let from = 0;
  let comment = text.indexOf("<!--");
  let data = text.indexOf("<![CDATA[");
  while (comment >= 0 || data >= 0) {
    const isComment = data < 0 || (comment >= 0 && comment < data);
    const start = isComment ? comment : data;
    out.push(text.slice(from, start));
    const end = text.indexOf(isComment ? "-->" : "]]>", start + 4);
    if (end < 0) return out.join("") + text.slice(start);
    from = end + 3;
    if (comment >= 0 && comment < from) comment = text.indexOf("<!--", from);
    if (data >= 0 && data < from) data = text.indexOf("<![CDATA[", from);
  }
  out.push(text.slice(from));
  return out.join("");
}

function measure(text: string): { depth: number; elements: number } {
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  for (let i = text.indexOf("<"); i >= 0; i = text.indexOf("<", i + 1)) {
    const next = text[i + 1];
    if (next === "/") depth--;
    else if (next !== "!" && next !== "?") {
      elements++;
      const end = text.indexOf(">", i);
      if (end < 0) break;
      if (text[end - 1] !== "/") deepest = Math.max(deepest, ++depth);
    }
  }
  return { depth: deepest, elements };
}
