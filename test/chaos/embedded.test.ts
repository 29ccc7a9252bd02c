import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const WRITER = fileURLToPath(new URL("../../bench/chaos/embedded-writer.ts", import.meta.url));

describe("the embedded database", () => {
  const home = mkdtempSync(join(tmpdir(), "steward-test-kill-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const run = (from: number, what: string): ChildProcess =>
    spawn(process.execPath, [WRITER, home, String(from), what], { stdio: ["ignore", "pipe", "inherit"] });
  /** Reads lines until one satisfies; cut-off lines were never said. */
  const hear = async (child: ChildProcess, isEnough: (line: Record<string, unknown>) => boolean) => {
    if (!child.stdout) throw new Error("the process has no output");
    for await (const text of createInterface({ input: child.stdout })) {
      if (text.endsWith("}") && isEnough(JSON.parse(text))) return;
    }
    throw new Error("the process ended too early");
  };
  const ended = async (child: ChildProcess) => {
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once("exit", resolve));
  };

  it("keeps every acknowledged message through kill -9 in the middle of its work", {
    timeout: 120_000,
  }, async () => {
    const acknowledged: string[] = [];
    for (const kill of [1, 2]) {
      const writer = run(kill * 1_000, "write");
      const enough = acknowledged.length + 15;
      await hear(writer, (line) => {
        if (typeof line.acknowledged === "string") acknowledged.push(line.acknowledged);
        return acknowledged.length >= enough;
      });
      writer.kill("SIGKILL");
      await ended(writer);
    }
    const checker = run(0, "check");
    let kept: unknown[] = [];
    let doubled: unknown;
    await hear(checker, (line) => {
      kept = (line.kept as unknown[]) ?? [];
      doubled = line.doubled;
      return "kept" in line;
    });
    await ended(checker);
    expect(acknowledged).toHaveLength(30);
    expect(acknowledged.filter((message) => !kept.includes(message))).toEqual([]);
    expect(doubled).toBe(0);
  });
});
