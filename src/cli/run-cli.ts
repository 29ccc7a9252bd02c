import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { StewardError } from "../types/steward-error.ts";
import { type CliDeps, type Command, type Connection, type Run, UsageError, type Values } from "./command.ts";
import { auditCommand, doctorCommand, peopleCommand, tokenCommand } from "./commands/administration.ts";
import { askCommand } from "./commands/ask.ts";
import { channelsCommand } from "./commands/channels.ts";
import {
  approvalsCommand,
  approveCommand,
  refuseCommand,
  resolveCommand,
  undoCommand,
  whyCommand,
} from "./commands/decide.ts";
import { extractCommand, ingestCommand, searchCommand } from "./commands/documents.ts";
import { delegateCommand, delegationsCommand, grantsCommand } from "./commands/hand-over.ts";
import {
  backupCommand,
  logCommand,
  migrateToCommand,
  outboxCommand,
  restoreCommand,
} from "./commands/operate.ts";
import { policyCommand } from "./commands/policy.ts";
import { sitesCommand } from "./commands/sites.ts";
import { startCommand } from "./commands/start.ts";
import { connect } from "./connect.ts";
import { plain } from "./format.ts";
import { commandHelp, generalHelp } from "./help.ts";

const COMMANDS: readonly Command[] = [
  startCommand,
  askCommand,
  approvalsCommand,
  approveCommand,
  refuseCommand,
  undoCommand,
  resolveCommand,
  whyCommand,
  delegateCommand,
  delegationsCommand,
  grantsCommand,
  searchCommand,
  ingestCommand,
  extractCommand,
  auditCommand,
  policyCommand,
  doctorCommand,
  channelsCommand,
  tokenCommand,
  sitesCommand,
  peopleCommand,
  backupCommand,
  restoreCommand,
  migrateToCommand,
  outboxCommand,
  logCommand,
];

/** Options that every command takes. */
const COMMON = {
  json: { type: "boolean" },
  data: { type: "string" },
  "database-url": { type: "string" },
  empty: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Runs one command line; resolves to the exit code: 0 done or waiting, 1 failed, 2 typed wrongly. Answers go to
 * stdout (with `--json` exactly one object), everything else to stderr.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) return wrongUsage(deps, "Say what to do.", generalHelp(COMMANDS));
  if (name === "--version" || name === "-v") return tell(deps, deps.version);
  if (name === "--help" || name === "-h" || (name === "help" && rest[0] === undefined)) {
    return tell(deps, generalHelp(COMMANDS));
  }
  const wanted = name === "help" ? rest[0] : name;
  const command = COMMANDS.find((one) => one.name === wanted);
  if (!command)
    return wrongUsage(deps, `There is no command '${plain(wanted ?? "")}'.`, generalHelp(COMMANDS));
  if (name === "help") return tell(deps, commandHelp(command));
  try {
    return await runCommand(command, rest, deps);
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(deps, error.message, commandHelp(command));
    return failure(deps, command, error, rest.includes("--json"));
  }
}

async function runCommand(command: Command, argv: readonly string[], deps: CliDeps): Promise<number> {
  const { values, positionals } = parse(command, argv);
  if (values.help) return tell(deps, commandHelp(command));
  const [fewest, most] = command.positionals;
  if (positionals.length < fewest) throw new UsageError("Something is missing.");
  if (positionals.length > most)
    throw new UsageError(`'${positionals[most]}' is too much; put text in quotes.`);
  const isJson = values.json === true;
  const data = resolve(deps.cwd, (values.data as string | undefined) ?? deps.env.STEWARD_DATA ?? ".steward");
  const databaseUrl = (values["database-url"] as string | undefined) ?? deps.env.STEWARD_DATABASE_URL ?? null;
  const given: Values = { ...values, data, ...(databaseUrl ? { "database-url": databaseUrl } : {}) };

  let connection: Connection | null = null;
  const text = (name: string) => {
    const value = given[name];
    return typeof value === "string" ? value : null;
  };
  const takesPerson = command.options.as !== undefined;
  const as = takesPerson ? (text("as") ?? deps.env.STEWARD_AS)?.trim().toLowerCase() || null : null;
  const run: Run = {
    positionals,
    values: given,
    deps,
    isJson,
    text,
    texts: (name) => {
      const value = given[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    },
    as: () => {
      if (!as) throw new UsageError("Say who you are with --as EMAIL.");
      return as;
    },
    connect: async () => {
      connection ??= await connect(deps, { data, databaseUrl, isEmpty: values.empty === true, as });
      return connection.ports;
    },
    answer: (json, readable) => deps.stdout.write(`${isJson ? JSON.stringify(json) : readable()}\n`),
  };
  try {
    return await command.run(run);
  } finally {
    await (connection as Connection | null)?.close();
  }
}

function parse(command: Command, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    }) as { values: Values; positionals: string[] };
  } catch (error) {
    // Node's own words: "Unknown option '--x'. To specify a positional …": the first sentence is enough.
    const [reason = ""] = (error as Error).message.split(/(?<=['"])\.\s|\. To /, 1);
    throw new UsageError(`${reason.replace(/\.$/, "")}.`);
  }
}

function tell(deps: CliDeps, text: string): number {
  deps.stdout.write(`${text}\n`);
  return 0;
}

function wrongUsage(deps: CliDeps, reason: string, usage: string): number {
  deps.stderr.write(`${plain(reason)}\n\n${usage}\n`);
  return 2;
}

function failure(deps: CliDeps, command: Command, thrown: unknown, isJson: boolean): number {
  const error =
    thrown instanceof StewardError ? thrown : new StewardError("API-500", undefined, { cause: thrown });
  const told = { code: error.code, message: error.message, remedy: error.remedy };
  if (isJson) deps.stdout.write(`${JSON.stringify(command.failed?.(told) ?? { error: told })}\n`);
  deps.stderr.write(`${plain(error.message)}\n${error.remedy} (${error.code})\n`);
  if (!(thrown instanceof StewardError) && deps.env.STEWARD_LOG_LEVEL === "debug") {
    deps.stderr.write(`${(thrown as Error)?.stack ?? String(thrown)}\n`);
  }
  return 1;
}
