import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runCli } from "../../src/cli/run-cli.ts";
import { welcome } from "../../src/compose/welcome.ts";
import { tempDirectory } from "./processes.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const house = { directory: "DIR", company: () => ({ name: "Brightwell" }) };
const sources: readonly (readonly [string, string])[] = [
  ["README.md", read("README.md")],
  ["docs/operate.md", read("docs/operate.md")],
  ["the welcome", welcome("http://x", { ...house, isDemo: false } as Parameters<typeof welcome>[1])],
  ["the demo's welcome", welcome("http://x", { ...house, isDemo: true } as Parameters<typeof welcome>[1])],
];

/** What a text tells people to type, after `steward` or the launcher. */
function commandsIn(text: string): readonly string[] {
  const inBlocks = text.matchAll(/(?:^|[ `])(?:steward|node bin\/steward\.js) ([a-z-]+ ?[^`\n#]*)/gm);
  const isTyped =
    /^(?:start|ask|backup|restore|migrate-to|outbox|log|token|people|audit|policy|doctor|why|ingest)\b/;
  // A name alone is only spoken of.
  return [...inBlocks]
    .map(([, command = ""]) => command.trim())
    .filter((command) => isTyped.test(command) && command.includes(" "));
}

const wordsOf = (command: string): readonly string[] =>
  [...command.replace(/\[[^\]]*\]|\$\([^)]*\)/g, "x").matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? "").replace(/^postgres:.*/, "postgres://x@127.0.0.1:1/x").replace(/[,;.]$/, ""),
  );

test.each(sources)("what %s tells to type is understood", async (_, text) => {
  const commands = commandsIn(text);
  expect(commands.length).toBeGreaterThan(0);
  const cwd = tempDirectory();
  for (const command of commands) {
    let said = "";
    const write = (part: string) => {
      said += part;
    };
    const code = await runCli(wordsOf(command), {
      version: "0.1.0",
      stdout: { write },
      stderr: { write },
      env: {},
      cwd,
      readStdin: async () => "",
      openLocal: async () => {
        throw new Error("it would have been done");
      },
      start: async () => 0,
      slackManifest: async () => "{}",
      teamsPackage: async () => new Uint8Array(),
    } as unknown as Parameters<typeof runCli>[1]);
    expect(code, `${command}\n${said}`).not.toBe(2);
  }
});
