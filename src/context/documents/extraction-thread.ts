import { Worker } from "node:worker_threads";
import { StewardError } from "../../types/steward-error.ts";
import type { DocumentFormat } from "./detect-format.ts";
import type { ExtractedText } from "./extract-text.ts";
import type { ExtractionAnswer, ExtractionJob } from "./extraction-worker.ts";

export type ExtractionThread = {
  extract(bytes: Uint8Array, format: DocumentFormat): Promise<ExtractedText>;
  close(): Promise<void>;
};

/**
 * Reads files one after the other in a thread of its own with bounded time and memory, so that a hostile or
 * broken file stops neither the server nor the other files: `DOC-408` when it takes too long, `DOC-422`
 * when it needs too much memory. Begun at first use and again after a file that broke it.
 */
export function createExtractionThread({ timeoutMs = 60_000, maxMemoryMb = 512 } = {}): ExtractionThread {
  let worker: Worker | null = null;
  const end = async () => {
    const old = worker;
    worker = null;
    await old?.terminate();
  };
  return {
    close: end,
    async extract(bytes, format) {
      worker ??= new Worker(new URL("./extraction-worker.ts", import.meta.url), {
        name: "extraction",
        resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
        // Parsers' warnings are about the file, not about the server.
        stdout: true,
        stderr: true,
      });
      const thread = worker;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<ExtractedText>((resolve, reject) => {
          timer = setTimeout(() => {
            void end();
            reject(new StewardError("DOC-408", `Reading it took longer than ${timeoutMs / 1_000} seconds.`));
          }, timeoutMs);
          const broke = () => {
            void end();
            reject(new StewardError("DOC-422", "Reading it needed more memory than a document may."));
          };
          thread.once("error", broke);
          thread.once("exit", broke);
          thread.once("message", (answer: ExtractionAnswer) => {
            if ("text" in answer) resolve(answer.text);
            else reject(new StewardError(answer.code, answer.message));
          });
          thread.postMessage({ bytes, format } satisfies ExtractionJob);
        });
      } finally {
        clearTimeout(timer);
        thread.removeAllListeners();
        // Ending a thread may raise one more error.
        thread.on("error", () => {});
      }
    },
  };
}
