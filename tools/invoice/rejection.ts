import type { Rejection, RejectionCode, SniffedKind } from "./extraction.ts";

/** Largest file that is read at all. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

const KIND_WORDS: Readonly<Record<SniffedKind, string>> = {
  pdf: "a PDF",
  xml: "an XML file",
  html: "a web page",
  image: "a picture",
  archive: "an archive or office document",
  text: "plain text",
  program: "a program",
  empty: "empty",
  unknown: "of a kind I do not know",
};

/** What happened, what it means and what to do, for a file that is not read as an invoice. */
export function reject(code: RejectionCode, kind: SniffedKind, name: string, detail = ""): Rejection {
  return { status: "rejected", kind, code, message: explain(code, kind, quote(name), detail.trim()) };
}

function explain(code: RejectionCode, kind: SniffedKind, name: string, detail: string): string {
  const more = detail === "" ? "" : ` ${detail.replace(/\s+/g, " ").slice(0, 200).replace(/\.?$/, ".")}`;
  switch (code) {
    case "INV-408":
      return `Reading ${name} took too long or too much memory, so I stopped. Nothing was taken from it. Ask the sender for a plain PDF or an e-invoice, or type it in.`;
    case "INV-413":
      return `${name} is too large to be read as an invoice.${more} Nothing was taken from it. Send the invoice alone, at most 20 MB.`;
    case "INV-415":
      return kind === "image"
        ? `${name} is a picture, and I cannot read text from pictures yet. A person must type it in.`
        : `${name} is ${KIND_WORDS[kind]}, not a PDF or an e-invoice (XML), whatever its name says. Nothing was taken from it. Attach the invoice as PDF or XML.`;
    case "INV-422":
      return `${name} is damaged and cannot be read.${more} Nothing was taken from it. Ask the sender for it again.`;
    case "INV-423":
      return `${name} is protected by a password, so I cannot read it. Ask the sender for a copy without one.`;
    case "INV-424":
      return `This PDF has no text layer; a person must type it in. ${name} is most likely a scan.`;
    case "INV-425":
      return `${name} declares a document type or entities, which an e-invoice never needs and which can be used to read other files. I refused it unread. Ask the sender for an e-invoice without a DTD.`;
    case "INV-426":
      return `${name} does not look like an invoice.${more} Nothing was taken from it. If it is one, a person must type it in.`;
  }
}

function quote(name: string): string {
  const plain = [...name]
    .filter(
      (char) => char >= " " && !/[\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069`*[\]]/.test(char),
    )
    .join("")
    .slice(0, 80);
  return `"${plain || "the file"}"`;
}
