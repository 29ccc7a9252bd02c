import type { ParseArgsOptionsConfig } from "node:util";
import type { ApiPorts } from "../api/ports.ts";

/** An installation that commands can ask: the running server's, or one opened in this process. */
export type Connection = { readonly ports: ApiPorts; close(): Promise<void> };

export type StartOptions = {
  readonly data: string;
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** Without the demo company; people then come with tokens. */
  readonly isEmpty: boolean;
  readonly allowRemoteDemo: boolean;
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
};

export type Output = { write(text: string): void };

/** What the composition root hands to the command line. */
export type CliDeps = {
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** All of standard input, for `ask -`. */
  readStdin(): Promise<string>;
  /** Opens the installation of a directory in this process. */
  openLocal(options: {
    readonly data: string;
    readonly databaseUrl: string | null;
    readonly isEmpty: boolean;
  }): Promise<Connection>;
  /** Serves until told to stop; resolves to the exit code. */
  start(options: StartOptions): Promise<number>;
  /** What Slack makes the app from. */
  slackManifest(publicUrl: string | null): Promise<string>;
  /** The zip that Teams takes. */
  teamsPackage(publicUrl: string | null): Promise<Uint8Array>;
};

export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** What a command gets: its arguments, and ways to answer. */
export type Run = {
  readonly positionals: readonly string[];
  readonly values: Values;
  readonly deps: CliDeps;
  readonly isJson: boolean;
  /** The person of `--as`; throws UsageError when there is none. */
  as(): string;
  text(name: string): string | null;
  texts(name: string): readonly string[];
  connect(): Promise<ApiPorts>;
  /** The answer: one JSON object with `--json`, else the readable text. */
  answer(json: object, readable: () => string): void;
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  /** Arguments and options as a person types them. */
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  readonly optionHelp: readonly (readonly [string, string])[];
  /** Fewest and most arguments. */
  readonly positionals: readonly [number, number];
  /** The object printed with `--json` when it fails; else `{ error }`. */
  failed?(error: { code: string; message: string; remedy: string }): object;
  run(run: Run): Promise<number>;
};

/** The command was typed wrongly: exit 2, with the reason and how it is typed. */
export class UsageError extends Error {}
