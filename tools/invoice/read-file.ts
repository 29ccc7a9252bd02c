import type { FileRef } from "../../src/types/file-ref.ts";
import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { extractInvoice } from "./extract.ts";
import type { ReadInvoice } from "./extraction.ts";

type Failed = Extract<ActionResult, { status: "failed" }>;

export type FileInvoice =
  | { readonly status: "read"; readonly file: FileRef; readonly read: ReadInvoice }
  | Failed;

/** The invoice in a file of the requester; a file of somebody else does not exist for them. */
export async function readFile(id: string, context: ToolContext): Promise<FileInvoice> {
  const file = await context.files.read(id, context.principal.id);
  if (!file) {
    return {
      status: "failed",
      code: "INV-404",
      message: "I cannot find that file. Nothing was done. Attach the invoice to your message as PDF or XML.",
    };
  }
  const read = await extractInvoice(file.content, file.name, { signal: context.signal });
  context.signal.throwIfAborted();
  if (read.status === "rejected") {
    return { status: "failed", code: read.code, message: read.message };
  }
  return { status: "read", file, read };
}
