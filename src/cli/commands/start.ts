import type { StartOptions } from "../command.ts";
import { type Command, UsageError } from "../command.ts";

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** Reads what `start` was told, from options first and the environment second. */
export const startCommand: Command = {
  name: "start",
  summary: "Serve the assistant",
  usage:
    "start [--port N] [--host ADDRESS] [--empty] [--allow-remote-demo] [--public-url URL] [--origin URL]…",
  options: {
    port: { type: "string" },
    host: { type: "string" },
    empty: { type: "boolean" },
    "allow-remote-demo": { type: "boolean" },
    "public-url": { type: "string" },
    origin: { type: "string", multiple: true },
    "log-level": { type: "string" },
  },
  optionHelp: [
    ["--port N", "port to listen on (3000); 0 takes a free one"],
    ["--host ADDRESS", "address to listen on (127.0.0.1)"],
    ["--empty", "without the demo company; people then come with tokens"],
    ["--allow-remote-demo", "let everybody who reaches this machine act as anyone of the demo"],
    ["--public-url URL", "address that people open, behind a proxy"],
    ["--origin URL", "another site whose pages may call; may be given several times"],
    ["--log-level LEVEL", `${LEVELS.join(", ")} (info)`],
  ],
  positionals: [0, 0],
  run: async (run) => {
    const { env } = run.deps;
    const options: StartOptions = {
      data: run.text("data") ?? "",
      databaseUrl: run.text("database-url"),
      host: run.text("host") ?? env.STEWARD_HOST ?? "127.0.0.1",
      port: readPort(run.text("port") ?? env.STEWARD_PORT ?? "3000"),
      isEmpty: run.values.empty === true,
      allowRemoteDemo: run.values["allow-remote-demo"] === true,
      publicUrl: readUrl("--public-url", run.text("public-url") ?? env.STEWARD_PUBLIC_URL ?? null),
      allowedOrigins: run.texts("origin").flatMap((one) => readUrl("--origin", one) ?? []),
      logLevel: readLevel(run.text("log-level") ?? env.STEWARD_LOG_LEVEL ?? "info"),
    };
    return await run.deps.start(options);
  },
};

function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`'${text}' is not a port.`);
  }
  return port;
}

function readUrl(name: string, text: string | null): string | null {
  if (text === null || text === "") return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${name} is not an address such as https://steward.example.`);
  return url.href;
}

function readLevel(text: string): StartOptions["logLevel"] {
  const level = LEVELS.find((one) => one === text);
  if (!level) throw new UsageError(`--log-level is one of ${LEVELS.join(", ")}.`);
  return level;
}
