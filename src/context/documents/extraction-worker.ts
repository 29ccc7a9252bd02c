import { parentPort } from "node:worker_threads";
import { StewardError } from "../../types/steward-error.ts";
import type { DocumentFormat } from "./detect-format.ts";
import { extractText } from "./extract-text.ts";
import { type SplitDocument, splitPassages } from "./split-passages.ts";

export type ExtractionJob = { readonly bytes: Uint8Array; readonly format: DocumentFormat };
export type ExtractionAnswer =
  | { readonly document: SplitDocument }
  | { readonly code: StewardError["code"]; readonly message: string };

parentPort?.on("message", async (job: ExtractionJob) => {
  let answer: ExtractionAnswer;
  try {
    const { title, markdown } = await extractText(job.bytes, job.format);
    const document = await splitPassages(markdown);
    answer = { document: { ...document, title: document.title ?? title } };
  } catch (error) {
    answer =
      error instanceof StewardError
        ? { code: error.code, message: error.message }
        : { code: "DOC-422", message: "The file could not be read." };
  }
  parentPort?.postMessage(answer);
});
