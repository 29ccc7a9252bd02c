import type { Finder, Reading, RejectionCode } from "./extraction.ts";
import { isCii, readCii } from "./read-cii.ts";
import { isUbl, readUbl } from "./read-ubl.ts";
import { decodeXmlText } from "./sniff.ts";
import { parseXml, type XmlNode } from "./xml-node.ts";

export type XmlReading =
  | { readonly status: "read"; readonly syntax: "ubl" | "cii"; readonly reading: Reading }
  | { readonly status: "refused"; readonly code: RejectionCode; readonly detail: string };

/** Reads an XML invoice of either EN 16931 syntax, also inside a business document envelope (SBDH). */
export function readXml(content: Uint8Array, by?: Finder): XmlReading {
  const parsed = parseXml(decodeXmlText(content));
  if (parsed.status === "refused") return parsed;
  const root = unwrap(parsed.root);
  if (isUbl(root)) return { status: "read", syntax: "ubl", reading: readUbl(root, by ?? "ubl") };
  if (isCii(root)) return { status: "read", syntax: "cii", reading: readCii(root, by ?? "cii") };
  return { status: "refused", code: "INV-426", detail: `Its root element is "${root.name.slice(0, 60)}".` };
}

function unwrap(root: XmlNode): XmlNode {
  if (root.name !== "StandardBusinessDocument") return root;
  return root.children.find((child) => isUbl(child) || isCii(child)) ?? root;
}
