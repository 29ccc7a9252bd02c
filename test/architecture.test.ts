import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { blankComments, countUnknownImports, findImports } from "./setup/find-imports.ts";
import { sourceFiles } from "./setup/source-files.ts";

/** What each room may import, besides itself and packages (docs/decisions and DESIGN say why). */
const BASE = ["src/types", "src/telemetry", "src/store"];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/types": [],
  "src/telemetry": ["src/types"],
  "src/store": ["src/types", "src/telemetry"],
  "src/policy": ["src/types"],
  "src/models": BASE,
  "src/connect": BASE,
  "src/context": [...BASE, "src/models", "src/connect"],
  "src/actions": [...BASE, "src/policy"],
  "src/agent": [...BASE, "src/models", "src/connect", "src/context", "src/policy", "src/actions"],
  "src/flows": [
    ...BASE,
    "src/models",
    "src/connect",
    "src/context",
    "src/policy",
    "src/actions",
    "src/agent",
  ],
  "src/api": BASE,
  "src/server.ts": [...BASE, "src/api"],
  "src/cli": [...BASE, "src/api"],
  channels: ["src/types"],
  tools: ["src/types"],
  // The demo's records have the shape that the tools read.
  demo: ["src/types", "tools"],
};
/** The composition root: the only importer of everything. */
const ROOT_ROOMS = ["src/main.ts", "src/compose"];
/** Packages that types may name the types of. */
const TYPES_MAY_NAME = ["zod", "node:crypto"];
const MAX_LINES = 400;
/** Tests are lists of promises: they may be longer, and are split when they are about several things. */
const MAX_TEST_LINES = 800;
/** Tables, not code: one entry after the other. */
const TABLES = ["src/types/error-catalogue.ts"];
/** Words about people that every tool needs. */
const SHARED = ["tools/people"];
/** Runs on other people's pages, and loads from the server that it came from what was built beside it. */
const LOADS_BY_ADDRESS = ["channels/web/loader/loader.ts"];
/** Vitest reads its settings from a default export and from nowhere else. */
const DEFAULT_EXPORT_ALLOWED = ["vitest.config.ts"];

const files = sourceFiles(["src", "channels", "tools", "demo"]);
const all = [...files, ...sourceFiles(["bin", "bench", "docs", "test"])];

/** `src/store/audit/x.ts` → `src/store`; `tools/crm/x.ts` → `tools`; `src/server.ts` is a room of its own. */
function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? `${first}/${second}` : first;
}

/** Extension points do not know each other: `tools/crm` may use files at the top of `tools`, not `tools/invoice`. */
function neighbourOf(path: string): string | null {
  const [first = "", second = "", third] = path.split("/");
  return (first === "tools" || first === "channels") && third !== undefined ? `${first}/${second}` : null;
}

function targetOf(path: string, name: string): string | null {
  return name.startsWith(".") ? posix.join(posix.dirname(path), name) : null;
}

describe("imports", () => {
  test("go one way only", () => {
    const wrong: string[] = [];
    for (const { path, text } of files) {
      const room = roomOf(path);
      if (ROOT_ROOMS.includes(room)) continue;
      const allowed = MAY_IMPORT[room];
      if (!allowed) wrong.push(`${path}: the room ${room} is not in this list`);
      for (const name of findImports(text)) {
        const target = targetOf(path, name);
        if (target === null) continue;
        const there = roomOf(target);
        const isOwn = there === room;
        if (!isOwn && !allowed?.includes(there)) wrong.push(`${path} → ${target}`);
        const neighbour = neighbourOf(target);
        const isForeign = neighbour !== neighbourOf(path) && !SHARED.includes(neighbour ?? "");
        if (isOwn && neighbour !== null && isForeign) wrong.push(`${path} → ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("of the composition root come from nobody", () => {
    const wrong = files.flatMap(({ path, text }) =>
      findImports(text)
        .map((name) => targetOf(path, name))
        .filter((target) => target !== null && ROOT_ROOMS.includes(roomOf(target)))
        .filter(() => !ROOT_ROOMS.includes(roomOf(path)))
        .map((target) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test("of the types are nothing but types", () => {
    const wrong = files
      .filter(({ path }) => roomOf(path) === "src/types")
      .flatMap(({ path, text }) =>
        findImports(text)
          .filter((name) => !name.startsWith(".") && !TYPES_MAY_NAME.includes(name))
          .map((name) => `${path} → ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  test("say which module they mean", () => {
    const wrong = files.filter(({ text }) => countUnknownImports(text) > 0).map(({ path }) => path);
    expect(wrong).toEqual(LOADS_BY_ADDRESS);
  });

  test("name files with their ending, and packages never by a path into node_modules", () => {
    const wrong = all.flatMap(({ path, text }) =>
      findImports(text)
        .filter((name) => (name.startsWith(".") && !/\.\w+$/.test(name)) || name.includes("node_modules"))
        .filter((name) => !name.includes("node_modules/vitest/vitest.mjs"))
        .map((name) => `${path} → ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("every file", () => {
  test(`has at most ${MAX_LINES} lines`, () => {
    const long = all
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ path, lines }) => lines > (path.startsWith("test/") ? MAX_TEST_LINES : MAX_LINES))
      .filter(({ path }) => !TABLES.includes(path));
    expect(long).toEqual([]);
  });

  test("has a name that says what it holds, in kebab-case", () => {
    const wrong = all
      .map(({ path }) => path)
      .filter((path) => {
        const name = posix.basename(path).replace(/(\.test|\.d|\.config)?\.[cm]?[jt]sx?$/, "");
        return (
          !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ||
          /^(index|utils?|helpers?|common|managers?|services?)$/.test(name)
        );
      });
    expect(wrong).toEqual([]);
  });

  test("exports by name, re-exports nothing, has no enum and no any", () => {
    const rules: readonly (readonly [string, RegExp])[] = [
      ["a default export", /(?:^|[\n;])\s*export\s+default\b|\bas\s+default\s*[,}]/],
      ["a re-export", /(?:^|[\n;])\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?from\b/],
      ["an enum", /(?:^|[\n;])\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w+/],
      ["any", /(?:: |\bas |<|\| |, )any(?:[;,)>\n]| [=|&]|\[\])/],
    ];
    const wrong = all
      .filter(({ path }) => !DEFAULT_EXPORT_ALLOWED.includes(path) && !path.startsWith("test/"))
      .flatMap(({ path, text }) => {
        const code = blankStrings(blankComments(text));
        return rules.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${path}: ${what}`);
      });
    expect(wrong).toEqual([]);
  });
});

describe("the finder of imports", () => {
  test("sees every way of importing, and nothing in comments", () => {
    const source = [
      'import a, { type B } from "./a.ts";',
      'import type { C } from "./c.ts";',
      'import "./effect.ts";',
      'export type { D } from "./d.ts";',
      'import {\n  e,\n  f,\n} from "./e.ts";',
      'const g = await import("./g.ts");',
      'type H = import("./h.ts").H;',
      'new Worker(new URL("./worker.ts", import.meta.url));',
      '// import "./comment.ts";',
      '/* import "./block.ts"; */',
      'const url = "http://x"; import "./after-url.ts";',
    ].join("\n");
    expect([...findImports(source)].sort()).toEqual(
      ["a", "after-url", "c", "d", "e", "effect", "g", "h", "worker"].map((name) => `./${name}.ts`),
    );
    expect(countUnknownImports("await import(name); import(`./a.ts`)")).toBe(2);
    expect(countUnknownImports('await import("./x.ts")')).toBe(0);
  });
});

function blankStrings(code: string): string {
  return code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, '""');
}
