import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { AskResult } from "../../src/types/ask-result.ts";
import { at } from "./house.ts";

const PROGRAM = resolve("bin/steward.js");

export type Running = {
  readonly url: string;
  /** One call of the command line; what it printed as JSON. */
  steward<T = unknown>(...argv: string[]): Promise<{ readonly code: number | null; readonly json: T }>;
  ask(text: string, name: string, ...more: string[]): Promise<AskResult>;
  stop(): void;
};

/** Starts the program as a person does, on an installation of its own, and waits until it serves. */
export async function startRunning(): Promise<Running> {
  const place = mkdtempSync(join(tmpdir(), "steward-running-"));
  const env = {
    ...process.env,
    STEWARD_DATA: join(place, "data"),
    OPENAI_API_KEY: "",
    ANTHROPIC_API_KEY: "",
    OPENAI_BASE_URL: "",
  };
  const server: ChildProcess = spawn(process.execPath, [PROGRAM, "start", "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((found, fail) => {
    let said = "";
    server.stdout?.on("data", (text) => {
      said += String(text);
      const address = /http:\/\/localhost:\d+/.exec(said)?.[0];
      if (address) found(address);
    });
    server.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
  });
  const steward: Running["steward"] = async (...argv) => {
    const child = spawn(process.execPath, [PROGRAM, ...argv, "--json"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (text) => (out += String(text)));
    const code = await new Promise<number | null>((done) => child.on("close", done));
    return { code, json: JSON.parse(out) };
  };
  return {
    url,
    steward,
    ask: async (text, name, ...more) =>
      (await steward<AskResult>("ask", text, "--as", at(name), ...more)).json,
    stop() {
      server.kill("SIGKILL");
      rmSync(place, { recursive: true, force: true });
    },
  };
}
