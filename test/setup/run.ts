import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installParts } from "./install.ts";

/** `npm test`: brings what the tests need, runs them all, and says plainly what could not be tested. */
const say = (line: string) => void process.stderr.write(`${line}\n`);
const root = fileURLToPath(new URL("../../", import.meta.url));
const isCi = process.env.CI === "true";

const missing = await installParts(say);
const code = await runVitest(process.argv.slice(2));
for (const part of missing) {
  say(`NOT TESTED: ${part.name}. To test it: apt-get install ${part.packages.join(" ")}`);
}
if (missing.length > 0 && isCi) say("With CI=true a missing part is a failure.");
process.exitCode = missing.length > 0 && isCi ? Math.max(code, 1) : code;

async function runVitest(args: readonly string[]): Promise<number> {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const child = spawn(process.execPath, [vitest, "run", ...args], { cwd: root, stdio: "inherit" });
  return await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      say(`Vitest could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
