import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/", import.meta.url));
let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "steward-launch-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  const path = join(place, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
};

/** A program in a Node of its own that may use the launcher's parts. */
const module = (code: string) => [
  "--input-type=module",
  "-e",
  `import { findNode } from ${JSON.stringify(join(BIN, "find-node.js"))};
   import { runUnder } from ${JSON.stringify(join(BIN, "launch.js"))};
   ${code}`,
];

describe("bin/run.js", () => {
  test("runs TypeScript with its arguments and hands on its exit code", () => {
    const script = file(
      "a.ts",
      "const n: number = 3; console.log(process.argv.slice(2).join('|')); process.exitCode = n;",
    );
    const done = spawnSync(process.execPath, [join(BIN, "run.js"), script, "a b", "--x"], {
      encoding: "utf8",
    });
    expect(done).toMatchObject({ status: 3, stdout: "a b|--x\n", stderr: "" });
  });

  test("says how it is used", () => {
    const done = spawnSync(process.execPath, [join(BIN, "run.js")], { encoding: "utf8" });
    expect(done.status).toBe(2);
    expect(done.stderr).toContain("Usage:");
  });
});

describe("a script under another Node", () => {
  const start = (script: string) =>
    spawn(process.execPath, module(`runUnder(process.execPath, ${JSON.stringify(script)}, ["x"]);`), {
      stdio: ["ignore", "pipe", "inherit"],
    });
  const ended = (child: ReturnType<typeof start>) =>
    new Promise<readonly [number | null, string | null]>((resolve) =>
      child.on("exit", (...how) => resolve(how)),
    );

  test("gets the signals, and its exit code comes back", async () => {
    const child = start(
      file(
        "wait.ts",
        "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e4); console.log('ready');",
      ),
    );
    const end = ended(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGTERM");
    expect(await end).toEqual([7, null]);
  });

  test("that dies of a signal is seen to have died of it", async () => {
    expect(await ended(start(file("die.ts", "process.kill(process.pid, 'SIGKILL');")))).toEqual([
      null,
      "SIGKILL",
    ]);
  });
});

describe("the search for a newer Node", () => {
  /** An npm that writes down its calls and answers for these packages. */
  const fakeNpm = (answers: Readonly<Record<string, string>>) => {
    const cases = Object.entries(answers).map(([spec, path]) => `*--package=${spec}*) echo '${path}' ;;`);
    file(
      "npm",
      `#!/bin/sh\necho "$@" >> '${join(place, "calls")}'\ncase "$*" in\n${cases.join("\n")}\n*) exit 1 ;;\nesac\n`,
    );
  };
  const calls = () =>
    existsSync(join(place, "calls")) ? readFileSync(join(place, "calls"), "utf8").trim().split("\n") : [];
  const find = (env: Record<string, string> = {}) => {
    const done = spawnSync(
      process.execPath,
      module(
        "try { console.log(await findNode(console.error)); } catch (e) { console.log(e.constructor.name + ': ' + e.message); }",
      ),
      {
        encoding: "utf8",
        env: {
          PATH: `${place}${delimiter}/usr/bin${delimiter}/bin`,
          HOME: place,
          XDG_CACHE_HOME: join(place, "cache"),
          ...env,
        },
      },
    );
    return { path: done.stdout.trim(), said: done.stderr.trim() };
  };
  const platform = `node-${process.platform}-${process.arch}@24`;

  test("asks npm once, says so in one line, and remembers", () => {
    const node = join(place, "node24");
    symlinkSync(process.execPath, node);
    fakeNpm({ "node@24": node });
    const first = find();
    expect(first.path).toBe(node);
    expect(first.said.split("\n")).toHaveLength(1);
    expect(find()).toEqual({ path: node, said: "" });
    expect(calls()).toHaveLength(1);
  });

  test("looks again when what was remembered is gone", () => {
    const node = join(place, "node24");
    symlinkSync(process.execPath, node);
    fakeNpm({ "node@24": node });
    find();
    rmSync(node);
    fakeNpm({ "node@24": process.execPath });
    expect(find().path).toBe(process.execPath);
    expect(calls()).toHaveLength(2);
  });

  test("takes the platform's package where npm runs no install scripts", () => {
    // Without its binary the package lets an old Node answer.
    const old = file("old-node", "#!/bin/sh\necho v20.20.2\n");
    fakeNpm({ "node@24": old, [platform]: process.execPath });
    expect(find().path).toBe(process.execPath);
    expect(calls()).toHaveLength(2);
  });

  test("says what to do when there is none to be had", () => {
    fakeNpm({});
    expect(find().path).toMatch(/^NodeMissing: Steward needs Node 22\.18 or newer.*Install Node 24/);
  });

  test("takes the one it is told, and only if it is new enough", () => {
    expect(find({ STEWARD_NODE: process.execPath }).path).toBe(process.execPath);
    expect(find({ STEWARD_NODE: file("old", "#!/bin/sh\necho v20.0.0\n") }).path).toMatch(
      /^NodeMissing: STEWARD_NODE/,
    );
    expect(calls()).toEqual([]);
  });
});
