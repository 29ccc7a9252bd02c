import { Worker } from "node:worker_threads";
import type { Extraction } from "./extraction.ts";
import type { PageText } from "./read-pages.ts";
import { MAX_FILE_BYTES, reject } from "./rejection.ts";
import { sniff } from "./sniff.ts";

export type ExtractOptions = {
  readonly signal?: AbortSignal;
  /** Longest time for one file; then its worker is ended. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 20_000;
/** A warm worker reads an e-invoice in a few milliseconds; a cold one needs about 200 to load the readers. */
const IDLE_MS = 30_000;
const MAX_WORKERS = 2;
/** The heap limit does not cover buffers, so the growth of the whole process is watched as well. */
const MAX_HEAP_MB = 384;
const MAX_GROWTH_BYTES = 700 * 1024 * 1024;
const WATCH_MS = 50;

type Message = {
  readonly extraction?: Extraction;
  readonly pages?: readonly PageText[];
  readonly failure?: string;
};
type Idle = { readonly worker: Worker; readonly timer: NodeJS.Timeout };

const idle: Idle[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

type Extracted = { readonly extraction: Extraction; readonly pages: readonly PageText[] };

const alone = (extraction: Extraction): Extracted => ({ extraction, pages: [] });

/**
 * Reads an invoice from a PDF or an XML file. Never throws for what is in the file: what cannot be read is a
 * rejection with a code and words for people. Runs in a worker with limits of time and memory, so that a
 * hostile file cannot hold the server. Throws only when `signal` is aborted.
 */
export async function extractInvoice(
  content: Uint8Array,
  name: string,
  options: ExtractOptions = {},
): Promise<Extraction> {
  return (await extract(content, name, options, false)).extraction;
}

/** The same with the words of its pages where they stand, to be shown beside what was read from them. */
export async function extractWithPages(
  content: Uint8Array,
  name: string,
  options: ExtractOptions = {},
): Promise<Extracted> {
  return await extract(content, name, options, true);
}

async function extract(
  content: Uint8Array,
  name: string,
  options: ExtractOptions,
  hasPages: boolean,
): Promise<Extracted> {
  const kind = sniff(content);
  if (content.length > MAX_FILE_BYTES) return alone(reject("INV-413", kind, name));
  if (kind !== "pdf" && kind !== "xml") return alone(reject("INV-415", kind, name));
  options.signal?.throwIfAborted();
  if (busy >= MAX_WORKERS) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy++;
  try {
    const message = await runOne(content, name, hasPages, options);
    if (message.extraction) return { extraction: message.extraction, pages: message.pages ?? [] };
    const code = message.failure === undefined ? "INV-408" : "INV-422";
    return alone(reject(code, kind, name, message.failure));
  } finally {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }
}

/** Ends the workers that wait for work; the process can end without it, since they are not held on to. */
export async function stopExtracting(): Promise<void> {
  await Promise.all(
    idle.splice(0).map(({ worker, timer }) => {
      clearTimeout(timer);
      return worker.terminate();
    }),
  );
}

function takeWorker(): Worker {
  const kept = idle.pop();
  if (kept) {
    clearTimeout(kept.timer);
    forget(kept.worker);
    kept.worker.ref();
    return kept.worker;
  }
  return new Worker(new URL("./extract-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
    stdout: true,
    stderr: true,
    env: {},
  });
}

function keepWorker(worker: Worker): void {
  forget(worker);
  const drop = () => {
    const at = idle.findIndex((one) => one.worker === worker);
    if (at >= 0) idle.splice(at, 1);
    void worker.terminate().catch(() => undefined);
  };
  worker.on("error", drop);
  worker.unref();
  const timer = setTimeout(drop, IDLE_MS);
  timer.unref();
  idle.push({ worker, timer });
}

function forget(worker: Worker): void {
  // Only these: without a name it would take away Node's own listeners too, and the worker goes deaf.
  for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
}

/** One file in one worker; a message without content when it was ended for time or memory. */
function runOne(
  content: Uint8Array,
  name: string,
  hasPages: boolean,
  options: ExtractOptions,
): Promise<Message> {
  const worker = takeWorker();
  const rssBefore = process.memoryUsage.rss();
  return new Promise<Message>((resolve, reject) => {
    const finish = (message: Message | null, error?: unknown) => {
      clearTimeout(deadline);
      clearInterval(watch);
      options.signal?.removeEventListener("abort", abort);
      if (message?.extraction) keepWorker(worker);
      else void worker.terminate().catch(() => undefined);
      if (message) resolve(message);
      else reject(error);
    };
    const abort = () => finish(null, options.signal?.reason ?? new Error("aborted"));
    const deadline = setTimeout(() => finish({}), options.timeoutMs ?? TIMEOUT_MS);
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - rssBefore > MAX_GROWTH_BYTES) finish({});
    }, WATCH_MS);
    options.signal?.addEventListener("abort", abort, { once: true });
    worker.once("message", (message: Message) => finish(message));
    // Out of memory and a crashed thread both end here.
    worker.once("error", () => finish({}));
    worker.once("exit", () => finish({}));
    // A copy of its own, which the worker takes over. Not `slice`: of a Buffer that is a view of a shared pool.
    const copy = new Uint8Array(content);
    worker.postMessage({ content: copy, name, hasPages }, [copy.buffer]);
  });
}
