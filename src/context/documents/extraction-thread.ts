import { Worker } from "node:worker_threads";
import { StewardError } from "../../types/steward-error.ts";
import type { DocumentFormat } from "./detect-format.ts";
import type { ExtractionAnswer, ExtractionJob } from "./extraction-worker.ts";
import type { SplitDocument } from "./split-passages.ts";

export type ExtractionThread = {
  extract(bytes: Uint8Array, format: DocumentFormat): Promise<SplitDocument>;
  close(): Promise<void>;
};

/**
 * Reads files and cuts them into passages, one after the other, in a thread of its own with bounded time and memory, so that a hostile or
 * broken file stops neither the server nor the other files: `DOC-408` when it takes too long, `DOC-422`
 * when it needs too much memory. Begun at first use and again after a file that broke it.
 */
export function createExtractionThread({ timeoutMs = 60_000, maxMemoryMb = 512 } = {}): ExtractionThread {
  let worker: Worker | null = null;
  let waiting: { resolve(text: SplitDocument): void; reject(error: StewardError): void } | null = null;

  const end = async (error: StewardError) => {
    const old = worker;
    worker = null;
    waiting?.reject(error);
    waiting = null;
    await old?.terminate();
  };

  const start = (): Worker => {
    const fresh = new Worker(new URL("./extraction-worker.ts", import.meta.url), {
      name: "extraction",
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
      // Parsers' warnings are about the file, not about the server.
      stdout: true,
      stderr: true,
    });
    const broke = () => {
      if (worker !== fresh) return;
      void end(new StewardError("DOC-422", "Reading it needed more memory than a document may."));
    };
    fresh.on("error", broke);
    fresh.on("exit", broke);
    fresh.on("message", (answer: ExtractionAnswer) => {
      if (worker !== fresh || !waiting) return;
      const { resolve, reject } = waiting;
      waiting = null;
      if ("document" in answer) resolve(answer.document);
      else reject(new StewardError(answer.code, answer.message));
    });
    return fresh;
  };

  return {
    close: () => end(new StewardError("DOC-408", "Reading was stopped.")),
    async extract(bytes, format) {
      if (waiting) throw new Error("the thread reads one file at a time");
      worker ??= start();
      const thread = worker;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<SplitDocument>((resolve, reject) => {
          waiting = { resolve, reject };
          timer = setTimeout(() => {
            void end(
              new StewardError("DOC-408", `Reading it took longer than ${timeoutMs / 1_000} seconds.`),
            );
          }, timeoutMs);
          thread.postMessage({ bytes, format } satisfies ExtractionJob);
        });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
