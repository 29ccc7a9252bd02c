import type { Command } from "./command.ts";

const COMMON: readonly (readonly [string, string])[] = [
  ["--json", "answer with one JSON object"],
  ["--data DIR", "the installation (./.steward, or STEWARD_DATA)"],
  ["--database-url URL", "a Postgres server instead of the embedded one"],
];

/** What can be done at all. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    "Usage: steward COMMAND [ARGUMENT…] [OPTION…]",
    "",
    ...columns(commands.map((one) => [one.name, one.summary])),
    "",
    "steward help COMMAND tells more. It asks the running server of the data directory, else opens it itself.",
  ].join("\n");
}

/** How one command is typed. */
export function commandHelp(command: Command): string {
  const usages = command.usage
    .split(" | ")
    .map((one, i) => `${i === 0 ? "Usage:" : "      "} steward ${one}`);
  return [...usages, "", command.summary, "", ...columns([...command.optionHelp, ...COMMON])].join("\n");
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
