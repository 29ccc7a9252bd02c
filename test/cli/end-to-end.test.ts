import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AskResult } from "../../src/types/ask-result.ts";

/** The program as a person runs it, on an installation of its own, first served and then opened by itself. */
const PROGRAM = fileURLToPath(new URL("../../bin/steward.js", import.meta.url));
const BEN = "ben.okafor@brightwell.example";
const SOFIA = "sofia.marin@brightwell.example";

let place: string;
let server: ChildProcess;
let served = "";

const environment = () => ({
  ...process.env,
  STEWARD_DATA: join(place, "data"),
  OPENAI_API_KEY: "",
  ANTHROPIC_API_KEY: "",
});

async function steward(...argv: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    cwd: place,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => (stdout += String(text)));
  child.stderr.on("data", (text) => (stderr += String(text)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

async function ask(text: string, as = BEN, ...more: string[]): Promise<AskResult> {
  const { stdout } = await steward("ask", text, "--as", as, "--json", ...more);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  return JSON.parse(stdout) as AskResult;
}

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "steward-e2e-"));
  server = spawn(process.execPath, [PROGRAM, "start", "--port", "0"], {
    cwd: place,
    env: environment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on("data", (text) => {
      served += String(text);
      if (/http:\/\/localhost:\d+/.test(served)) resolve();
    });
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
}, 120_000);
afterAll(() => {
  server.kill("SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

describe("the served installation", () => {
  test("tells where it is and keeps its secret to its owner", () => {
    const file = join(place, "data", "server.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(served).toContain(JSON.parse(readFileSync(file, "utf8")).url);
    expect(served).not.toContain(JSON.parse(readFileSync(file, "utf8")).secret);
  });

  test("answers from the documents with citations that open", async () => {
    const answer = await ask("How many days a week may I work from home?");
    expect(answer).toMatchObject({ status: "done", error: null });
    expect(answer.citations.length).toBeGreaterThan(0);
    const { url } = JSON.parse(readFileSync(join(place, "data", "server.json"), "utf8"));
    const [cited] = answer.citations;
    const opened = await fetch(`${url}/api/documents/${cited?.document}?passage=${cited?.passage}`, {
      headers: { "X-Steward-As": BEN },
    });
    expect(((await opened.json()) as { title: string }).title).toBe(cited?.title);
  });

  test("holds a big change until the right person says yes, and undoes it", async () => {
    const held = await ask("Change the amount of the Globex renewal to 58,000");
    expect(held).toMatchObject({ status: "waiting", actions: [{ decision: "ask", status: "awaiting" }] });
    const approval = String(held.actions[0]?.approval);
    const wrong = await steward("approve", approval, "--as", BEN, "--json");
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: "APR-403" } });
    const yes = await steward("approve", approval, "--as", SOFIA, "--json");
    expect(yes.code).toBe(0);
    expect(JSON.parse(yes.stdout).card.items[0]).toMatchObject({ status: "succeeded" });
    const undone = await steward("undo", String(held.actions[0]?.id), "--as", BEN, "--json");
    expect(JSON.parse(undone.stdout).card.items[0]).toMatchObject({ status: "undone" });
  }, 60_000);

  test("takes no file of 100 MB, no unknown person and no foreign session, and says so by code", async () => {
    const large = join(place, "large.pdf");
    writeFileSync(large, "%PDF-1.7");
    truncateSync(large, 100_000_000);
    expect((await ask("Book this", BEN, "--attach", large)).error?.code).toBe("FIL-413");
    expect((await ask("hello", "nobody@brightwell.example")).error?.code).toBe("DIR-404");
    expect((await ask("hello", BEN, "--session", "ses_none")).error?.code).toBe("SES-404");
    expect((await ask("")).error?.code).toBe("MSG-400");
    expect((await ask("x".repeat(100_000))).error?.code).toBe("MSG-413");
  }, 60_000);
});

describe("the installation without its server", () => {
  test("goes on where the server stopped", async () => {
    const exit = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
    server.kill("SIGTERM");
    expect(await exit).toBe(0);
    expect(existsSync(join(place, "data", "server.json"))).toBe(false);

    const first = await ask("What is on my calendar tomorrow?");
    expect(first.status).toBe("done");
    const audit = await steward("audit", "verify", "--json");
    expect(audit.code).toBe(0);
    expect(JSON.parse(audit.stdout)).toMatchObject({ ok: true, problems: [] });
    expect((await steward("policy", "check")).code).toBe(0);
    expect((await steward("doctor", "--json")).code).toBe(0);
  }, 120_000);
});
