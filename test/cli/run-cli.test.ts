import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiPorts } from "../../src/api/ports.ts";
import { writeServerFile } from "../../src/api/server-file.ts";
import type { StartOptions } from "../../src/cli/command.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Db } from "../../src/store/db.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { ANA, ASK_RESULT, BEN, CARD, fakePorts } from "../api/fake-ports.ts";
import { LOCAL_SECRET, startServer, type TestServer } from "../api/start-server.ts";
import { freshDatabase } from "../setup/database.ts";

let db: Db;
let cwd: string;
let server: TestServer | null;
let ports: ReturnType<typeof fakePorts>;
let started: StartOptions[];
let opened: number;
let closed: number;

beforeAll(async () => {
  db = await freshDatabase();
  return async () => await db.close();
});
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "steward-cli-"));
  server = null;
  started = [];
  opened = 0;
  closed = 0;
});
afterEach(async () => {
  await server?.close();
  rmSync(cwd, { recursive: true, force: true });
});

type Way = "in this process" | "over the running server";

async function prepare(way: Way, over: Partial<ApiPorts> = {}): Promise<void> {
  ports = fakePorts(db, over);
  if (way === "in this process") return;
  server = await startServer(db, ports, { isDemo: false });
  mkdirSync(join(cwd, ".steward"));
  writeServerFile(join(cwd, ".steward"), { url: server.url, pid: process.pid, secret: LOCAL_SECRET });
}

async function steward(...argv: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await runCli(argv, {
    version: "0.1.0",
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    env: {},
    cwd,
    readStdin: async () => "from standard input",
    openLocal: async () => {
      opened++;
      return { ports, close: async () => void closed++ };
    },
    start: async (options) => {
      started.push(options);
      return 0;
    },
    slackManifest: async (publicUrl) => `{"for":"${publicUrl}"}`,
    teamsPackage: async () => new Uint8Array([80, 75, 5, 6]),
  });
  expect(closed).toBe(opened);
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
}

describe.each(["in this process", "over the running server"] as const)("the command line %s", (way) => {
  const called = (port: string) => ports.calls.filter((call) => call.port === port).map((call) => call.args);

  test("asks, with files, and prints the one object of the contract", async () => {
    await prepare(way);
    writeFileSync(join(cwd, "a.txt"), "one");
    const { code, stdout, json } = await steward(
      "ask",
      "hello",
      "--as",
      "ANA@example.com",
      "--session",
      "ses_1",
      "--attach",
      "a.txt",
      "--attach",
      "a.txt",
      "--json",
    );
    expect(code).toBe(0);
    expect(json()).toEqual(ASK_RESULT);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(called("ask")[0]?.[0]).toBe(ANA.id);
    expect(called("ask")[0]?.[1]).toMatchObject({
      text: "hello",
      session: "ses_1",
      files: ["fil_1", "fil_1"],
    });
    expect(called("putFile")).toHaveLength(2);
    expect(opened).toBe(way === "in this process" ? 1 : 0);
  });

  test("exits with 1 when the turn failed, and 0 when it waits", async () => {
    const error = { code: "MDL-503", message: "No model could answer." };
    await prepare(way, {
      ask: async (_as, { text }) => ({
        ...ASK_RESULT,
        status: text === "wait" ? "waiting" : "failed",
        error,
      }),
    });
    expect((await steward("ask", "wait", "--as", ANA.id)).code).toBe(0);
    const failed = await steward("ask", "fail", "--as", ANA.id, "--json");
    expect(failed.code).toBe(1);
    expect(failed.json()).toMatchObject({ status: "failed", error });
  });

  test("answers with the contract's object too when it could not ask", async () => {
    await prepare(way);
    const unknown = await steward("ask", "hello", "--as", "eve@example.com", "--json");
    expect(unknown.code).toBe(1);
    expect(unknown.json()).toMatchObject({ status: "failed", reply: "", error: { code: "DIR-404" } });
    const missing = await steward("ask", "hello", "--as", ANA.id, "--attach", "none.pdf", "--json");
    expect(missing.code).toBe(1);
    expect(missing.json()).toMatchObject({
      error: { code: "FIL-404", message: expect.stringContaining("none.pdf") },
    });
    expect(called("ask")).toEqual([]);
  });

  test("lists approvals, approves with an edit, refuses with a reason, undoes, resolves and explains", async () => {
    await prepare(way);
    const as = ["--as", BEN.id, "--json"];
    expect((await steward("approvals", ...as)).json()).toEqual({ approvals: [{ card: CARD }] });
    expect((await steward("approve", "apr_1", "--edit", '{"amount": 4200000}', ...as)).json().card).toEqual(
      CARD,
    );
    expect(called("approve")).toEqual([[BEN.id, "apr_1", { amount: 4_200_000 }]]);
    expect((await steward("refuse", "apr_1", "--reason", " too high ", ...as)).code).toBe(0);
    expect(called("refuse")).toEqual([[BEN.id, "apr_1", "too high"]]);
    expect((await steward("undo", "act_1", ...as)).json().message).toBe("Undone.");
    expect((await steward("resolve", "act_1", "retry", ...as)).code).toBe(0);
    expect(called("resolve")).toEqual([[BEN.id, "act_1", "retry"]]);
    expect((await steward("why", "act_1", ...as)).json()).toEqual({ text: "Ana asked for it." });
  });

  test("shows approvals as a table that nothing in them can disturb", async () => {
    const item = { ...(CARD.items[0] as (typeof CARD.items)[number]), line: "Pay\u001b[2J\u202e 5" };
    await prepare(way, { approvals: async () => [{ card: { ...CARD, items: [item] } }] });
    const { stdout } = await steward("approvals", "--as", BEN.id);
    expect(stdout).toContain("apr_1  awaiting  2026-01-05 14:00  Ana Aguilar  Pay[2J 5");
    expect(stdout).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u);
  });

  test("takes in a folder, file by file, and says which one failed", async () => {
    await prepare(way, {
      ingest: async ({ source }) => {
        if (source.endsWith("b.md")) throw new StewardError("FIL-400", "Unreadable.");
        return { document: "doc_1", title: source, passages: 1, status: "added" };
      },
    });
    mkdirSync(join(cwd, "docs", ".git"), { recursive: true });
    for (const name of ["a.md", "b.md", ".hidden", ".git/x"]) writeFileSync(join(cwd, "docs", name), "text");
    const { code, json } = await steward("ingest", "docs", "--readers", "hr,finance", "--json");
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      failed: 1,
      documents: [
        { source: "docs/a.md", status: "added" },
        { source: "docs/b.md", error: { code: "FIL-400" } },
      ],
    });
    expect(called("ingest")[0]?.[0]).toMatchObject({ source: "docs/a.md", readers: ["hr", "finance"] });
  });

  test("searches and extracts", async () => {
    await prepare(way);
    expect((await steward("search", "leave", "--as", ANA.id, "--json")).json().passages).toHaveLength(1);
    expect(called("search")).toEqual([[ANA.id, "leave", 10]]);
    writeFileSync(join(cwd, "a.pdf"), "%PDF");
    const { stdout, code } = await steward("extract", "a.pdf", "gone.pdf", "--jsonl");
    expect(code).toBe(1);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { file: "a.pdf", name: "a.pdf", bytes: 4 },
      { file: "gone.pdf", error: { code: "FIL-404", message: expect.any(String) } },
    ]);
  });

  test("reports on record, policies and health, with exit 1 when not well", async () => {
    const bad = {
      ok: false,
      entries: 3,
      size: 3,
      root: "",
      checkpoints: 1,
      problems: ["Entry 1 is missing."],
    };
    await prepare(way, { auditVerify: async () => bad });
    const audit = await steward("audit", "verify", "--json");
    expect(audit).toMatchObject({ code: 1 });
    expect(audit.json()).toEqual(bad);
    expect((await steward("audit", "verify")).stdout).toContain("Entry 1 is missing.");
    expect((await steward("policy", "check", "--json")).json()).toMatchObject({ ok: true, rules: 3 });
    expect((await steward("doctor")).stdout).toMatch(/ok +database +fine/);
  });

  test("makes, lists and revokes tokens", async () => {
    await prepare(way);
    const made = (
      await steward("token", "create", "Ana@example.com", "--admin", "--days", "never", "--json")
    ).json();
    expect(made).toMatchObject({
      principal: ANA.id,
      isAdmin: true,
      expiresAt: null,
      token: expect.stringMatching(/^stw_/),
    });
    const listed = (await steward("token", "list", "--json")).json();
    expect(listed.tokens).toContainEqual(expect.objectContaining({ id: made.id, revokedAt: null }));
    expect(JSON.stringify(listed)).not.toContain(String(made.token));
    expect((await steward("token", "revoke", String(made.id), "--json")).json().revokedAt).not.toBeNull();
    expect((await steward("token", "revoke", "tok_none")).stderr).toContain("TOK-404");
    expect((await steward("token", "create", "eve@example.com")).code).toBe(1);
  });

  test("imports people whole or not at all", async () => {
    await prepare(way);
    const file = (people: unknown) => writeFileSync(join(cwd, "p.json"), JSON.stringify(people));
    file([{ id: "DEE@example.com", name: "Dee", groups: ["hr"] }]);
    expect((await steward("people", "import", "p.json", "--json")).json()).toEqual({ saved: 1 });
    const [row] = await db.query("select groups, zone from people where id = 'dee@example.com'");
    expect(row).toEqual({ groups: ["everyone", "hr"], zone: "UTC" });
    file([
      { id: "eli@example.com", name: "Eli" },
      { id: "no address", name: "X" },
    ]);
    const bad = await steward("people", "import", "p.json");
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining("Person 2") });
    expect(await db.query("select 1 from people where id = 'eli@example.com'")).toEqual([]);
  });

  test("hides the words of a fault inside", async () => {
    await prepare(way, {
      doctor: async () => {
        throw new Error("password hunter2");
      },
    });
    const { code, stderr, stdout, json } = await steward("doctor", "--json");
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("hunter2");
    expect(json()).toMatchObject({ error: { code: "API-500" } });
  });
});

describe("what is typed wrongly", () => {
  test.each([
    [[], "Say what to do."],
    [["fly"], "There is no command 'fly'."],
    [["ask", "--as", "a@b.c"], "Something is missing."],
    [["ask", "hi"], "Say who you are"],
    [["ask", "hi", "there", "--as", "a@b.c"], "put text in quotes"],
    [["ask", "hi", "--as"], "--as"],
    [["ask", "hi", "--as", "a@b.c", "--nonsense"], "--nonsense"],
    [["approve", "apr_1", "--as", "a@b.c", "--edit", "{"], "--edit is not valid JSON."],
    [["approve", "apr_1", "--as", "a@b.c", "--edit", "[1]"], "--edit must be a JSON object"],
    [["refuse", "apr_1", "--as", "a@b.c"], "--reason"],
    [["resolve", "act_1", "maybe", "--as", "a@b.c"], "check, retry, give-up"],
    [["audit"], "Something is missing."],
    [["audit", "burn"], "audit verify"],
    [["search", " ", "--as", "a@b.c"], "nothing to search for"],
    [["token", "create"], "token create EMAIL"],
    [["token", "create", "a@b.c", "--days", "0"], "--days"],
    [["ingest", "x", "--readers", "a b"], "--readers"],
    [["start", "--port", "99999"], "not a port"],
    [["start", "--public-url", "steward"], "--public-url"],
  ])("%j exits with 2, one line of reason and the usage", async (argv, reason) => {
    ports = fakePorts(db);
    const { code, stdout, stderr } = await steward(...(argv as string[]));
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.split("\n")[0]).toContain(reason);
    expect(stderr).toContain("Usage: steward");
    expect(opened + started.length).toBe(0);
  });
});

test("help is there for everything", async () => {
  ports = fakePorts(db);
  const { stdout } = await steward("--help");
  const names = [...stdout.matchAll(/^ {2}([a-z]+) {2}/gm)].map((match) => String(match[1]));
  expect(names).toEqual(
    expect.arrayContaining([
      "start",
      "ask",
      "approvals",
      "approve",
      "refuse",
      "undo",
      "ingest",
      "search",
      "extract",
      "audit",
      "policy",
      "doctor",
      "token",
      "people",
    ]),
  );
  for (const name of names) {
    const help = await steward(name, "--help");
    expect(help.code).toBe(0);
    expect(help.stdout).toContain(`Usage: steward ${name}`);
    expect((await steward("help", name)).stdout).toBe(help.stdout);
  }
  expect((await steward("--version")).stdout).toBe("0.1.0\n");
});

test("start is told where and how", async () => {
  ports = fakePorts(db);
  await steward("start", "--port", "0", "--empty", "--data", "d", "--origin", "https://a.example");
  expect(started).toEqual([
    {
      data: join(cwd, "d"),
      databaseUrl: null,
      host: "127.0.0.1",
      port: 0,
      isEmpty: true,
      allowRemoteDemo: false,
      publicUrl: null,
      allowedOrigins: ["https://a.example/"],
      logLevel: "info",
    },
  ]);
});

test("a server that died, or another one at its address, is not taken for the running one", async () => {
  await prepare("over the running server");
  const url = server?.url ?? "";
  const directory = join(cwd, ".steward");
  writeServerFile(directory, {
    url,
    pid: process.pid,
    secret: "another-secret-another-secret-another-secret",
  });
  expect((await steward("doctor")).code).toBe(0);
  expect(opened).toBe(1);
  writeServerFile(directory, { url, pid: 2 ** 22 + 1, secret: LOCAL_SECRET });
  await steward("doctor");
  expect(opened).toBe(2);
  writeFileSync(join(directory, "server.json"), "{broken");
  await steward("doctor");
  expect(opened).toBe(3);
});

test("text comes from standard input for '-'", async () => {
  await prepare("in this process");
  await steward("ask", "-", "--as", ANA.id);
  expect(ports.calls.find((call) => call.port === "ask")?.args[1]).toMatchObject({
    text: "from standard input",
  });
});
