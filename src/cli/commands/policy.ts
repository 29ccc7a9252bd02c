import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PolicyText } from "../../api/policy-ports.ts";
import { StewardError } from "../../types/steward-error.ts";
import { type Command, type Run, UsageError } from "../command.ts";
import { cut, plain, table } from "../format.ts";
import { readLocalFile } from "../read-files.ts";

const DAY_MS = 86_400_000;
const POLICY_FILES = /^(.+\.cedar|steward\.cedarschema|actions\.json|approvals\.json)$/;

export const policyCommand: Command = {
  name: "policy",
  summary: "Check the policies, explain their rules, try others on recorded actions",
  usage: "policy check | policy explain ACTION | policy replay --since ISO|DAYS --policies DIR",
  options: { since: { type: "string" }, policies: { type: "string" } },
  optionHelp: [
    ["--since ISO|DAYS", "actions since this moment, or of the last days"],
    ["--policies DIR", "the changed policies"],
  ],
  positionals: [1, 2],
  run: async (run) => {
    const [what, action] = run.positionals;
    if (what === "check" && action === undefined) return await check(run);
    if (what === "explain" && action !== undefined) return await explain(run, action);
    if (what === "replay" && action === undefined) return await replay(run);
    throw new UsageError("Say check, explain with an action, or replay.");
  },
};

async function check(run: Run): Promise<number> {
  const report = await (await run.connect()).policyCheck();
  run.answer(report, () =>
    report.ok
      ? `The policies are well: ${report.rules} rules, version ${report.version}.`
      : [
          `The policies are not well. Those of version ${report.version.slice(0, 12)} are in force.`,
          ...report.problems.map((one) => `- ${plain(one)}`),
        ].join("\n"),
  );
  return report.ok ? 0 : 1;
}

async function explain(run: Run, action: string): Promise<number> {
  const explained = await (await run.connect()).policyExplain(action);
  run.answer(explained, () => plain(explained.text));
  return 0;
}

async function replay(run: Run): Promise<number> {
  const since = readSince(run.text("since"));
  const directory = run.text("policies");
  if (!directory) throw new UsageError("Say which policies to try with --policies DIR.");
  const files = readDirectory(run.deps.cwd, directory);
  const result = await (await run.connect()).policyReplay({ since, files });
  run.answer(result, () => {
    const { compared, differences, skipped, isCut } = result;
    const rows = differences.map((one) => [
      one.tool,
      cut(one.line, 60),
      one.principal,
      one.before,
      one.after,
      one.change,
      one.rulesAfter.join(", ") || "no rule",
    ]);
    return [
      `${compared} recorded ${compared === 1 ? "action" : "actions"} compared${isCut ? " (the newest only)" : ""}, ${differences.length} decided otherwise.`,
      table(["Tool", "Action", "Who", "Was", "Would be", "Change", "By"], rows),
      ...skipped.map(({ tool, action, why }) => plain(`Not compared: ${tool} (${action}): ${why}.`)),
    ]
      .filter(Boolean)
      .join("\n\n");
  });
  return 0;
}

/** A moment as ISO 8601, from one or from a number of days back. */
function readSince(text: string | null): string {
  if (text === null) throw new UsageError("Say from when on with --since ISO|DAYS.");
  if (/^\d{1,5}$/.test(text)) return new Date(Date.now() - Number(text) * DAY_MS).toISOString();
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(at.getTime())) {
    throw new UsageError(
      `--since '${text.slice(0, 40)}' is neither a date such as 2026-05-01 nor a number of days.`,
    );
  }
  return at.toISOString();
}

function readDirectory(cwd: string, path: string): readonly PolicyText[] {
  const directory = resolve(cwd, path);
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    throw new StewardError("FIL-404", `There is no directory '${path}'.`);
  }
  const files = names.filter((name) => POLICY_FILES.test(name)).sort();
  if (files.length === 0) throw new StewardError("FIL-404", `'${path}' holds no policies (*.cedar).`);
  return files.map((name) => ({
    path: name,
    text: new TextDecoder().decode(readLocalFile(cwd, join(directory, name)).content),
  }));
}
