import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** What the environment of the machine must not decide for a test. */
const CLEAN = { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", ANTHROPIC_API_KEY: "", STEWARD_MODEL: "" };

export type Running = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves when the process is gone; `signal` says how, when it did not go by itself. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Waits until this was written, or the process is gone. */
  saw(text: RegExp, timeoutMs?: number): Promise<boolean>;
};

/** An empty directory for the length of a test. */
export function tempDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "steward-operate-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An empty directory for all tests of a file: `remove` belongs into `afterAll`. */
export function scratchDirectory(): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "steward-operate-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Runs a program; it is killed at the end of the test at the latest. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, args, {
    env: { ...process.env, ...CLEAN, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const gone = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  return {
    child,
    out: () => out,
    err: () => err,
    gone,
    saw: async (text, timeoutMs = 60_000) => {
      const end = Date.now() + timeoutMs;
      let isGone = false;
      void gone.then(() => {
        isGone = true;
      });
      while (Date.now() < end && !isGone && !text.test(out + err)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return text.test(out + err);
    },
  };
}

/** The real command line in a process of its own. */
export function steward(args: readonly string[], env: Record<string, string> = {}): Running {
  return run(process.execPath, [MAIN, ...args], env);
}

/** A script of this directory in a process of its own. */
export function script(name: string, args: readonly string[], env: Record<string, string> = {}): Running {
  return run(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], env);
}
