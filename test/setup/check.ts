import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `npm run check`: everything that can be said of the sources without using them. Each runs, whatever failed before. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name: string) => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));

const CHECKS: readonly (readonly [string, string, readonly string[]])[] = [
  ["Types (tsc)", bin("tsc"), ["-p", "."]],
  ["Style and lint (biome)", bin("biome"), ["ci", "."]],
  ["Unused files, exports and packages (knip)", bin("knip"), []],
  ["Imports and sizes (architecture test)", bin("vitest"), ["run", "test/architecture.test.ts"]],
  ["docs/errors.md in step with the catalogue", process.execPath, ["docs/write-errors.ts", "--check"]],
];

const failed: string[] = [];
for (const [title, command, args] of CHECKS) {
  process.stdout.write(`\n== ${title}\n`);
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    // The same Node for each tool, whichever one the PATH names first.
    env: {
      ...process.env,
      PATH: `${fileURLToPath(new URL(".", `file://${process.execPath}`))}:${process.env.PATH}`,
    },
  });
  if (done.status !== 0) failed.push(title);
}
process.stdout.write(
  failed.length === 0
    ? "\nAll checks passed.\n"
    : `\n${failed.map((title) => `FAILED: ${title}`).join("\n")}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
