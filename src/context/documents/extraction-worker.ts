import { parentPort } from "node:worker_threads";
import { StewardError } from "../../types/steward-error.ts";
import type { DocumentFormat } from "./detect-format.ts";
import { type ExtractedText, extractText } from "./extract-text.ts";

export type ExtractionJob = { readonly bytes: Uint8Array; readonly format: DocumentFormat };
export type ExtractionAnswer =
  | { readonly text: ExtractedText }
  | { readonly code: StewardError["code"]; readonly message: string };

parentPort?.on("message", async (job: ExtractionJob) => {
  let answer: ExtractionAnswer;
  try {
    answer = { text: await extractText(job.bytes, job.format) };
  } catch (error) {
    answer =
      error instanceof StewardError
        ? { code: error.code, message: error.message }
        : { code: "DOC-422", message: "The file could not be read." };
  }
  parentPort?.postMessage(answer);
});
