import { pino } from "pino";
import { redact, redactText } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
type Fields = Readonly<Record<string, unknown>>;

/** Says what happened, to those who run Steward. Secrets and people's words are taken out before a line is written. */
export type Log = {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  /** `error` in the fields is written with its code, causes and stack. */
  error(message: string, fields?: Fields): void;
  /** A log whose every line has these fields. */
  child(fields: Fields): Log;
};

export type LogTarget = { write(line: string): void };

/**
 * JSON lines on stderr (stdout belongs to the answer); short readable lines where stderr is a terminal.
 * `target` and `isTerminal` are for tests.
 */
export function createLog(
  level: LogLevel,
  target: LogTarget = process.stderr,
  isTerminal: boolean = process.stderr.isTTY === true,
): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Done by `redact` before pino sees a field, so pino's own serializers have nothing left to do.
      serializers: {},
    },
    isTerminal ? { write: (line) => void target.write(toReadable(line)) } : target,
  );
  return wrap(logger, {});
}

function wrap(logger: pino.Logger, bound: Fields): Log {
  const at =
    (level: Exclude<LogLevel, "silent">) =>
    (message: string, fields: Fields = {}) => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level](redact({ ...bound, ...fields }) as object, redactText(message));
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(logger, { ...bound, ...fields }),
  };
}

/** `12:30:01 warn  The calendar did not answer  tool=calendar.book` */
function toReadable(line: string): string {
  const { level, time, msg, error, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest)
    .map(([name, value]) => `  ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
  const failure = error as { code?: string; message?: string; stack?: string } | undefined;
  const why = failure?.message ? `: ${failure.message}` : "";
  const stack = level === "error" && failure?.stack ? `\n${failure.stack}` : "";
  return `${new Date(String(time)).toTimeString().slice(0, 8)} ${String(level).padEnd(5)} ${String(msg)}${why}${fields}${stack}\n`;
}
