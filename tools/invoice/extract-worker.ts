import { parentPort } from "node:worker_threads";
import { readDocument } from "./read-document.ts";
import { readPages } from "./read-pages.ts";

type Job = { readonly content: Uint8Array; readonly name: string; readonly hasPages: boolean };

/** Reads one file after another; the parent ends this thread when a file takes too long. */
parentPort?.on("message", async (job: Job) => {
  try {
    const extraction = await readDocument(job.content, job.name);
    parentPort?.postMessage({ extraction, pages: job.hasPages ? await readPages(job.content) : [] });
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});
