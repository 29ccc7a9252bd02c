import { parentPort } from "node:worker_threads";
import { readDocument } from "./read-document.ts";

/** Reads one file after another; the parent ends this thread when a file takes too long. */
parentPort?.on("message", async (job: { readonly content: Uint8Array; readonly name: string }) => {
  try {
    parentPort?.postMessage({ extraction: await readDocument(job.content, job.name) });
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});
