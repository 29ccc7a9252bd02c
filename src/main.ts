import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { CliDeps, StartOptions } from "./cli/command.ts";
import { runCli } from "./cli/run-cli.ts";
import { createSessionHints } from "./compose/await-turn.ts";
import { slackManifestOf, teamsPackageOf } from "./compose/channels/channel-rooms.ts";
import { createChannels } from "./compose/channels/create-channels.ts";
import { draftSlack, draftTeams, readChannelSettings } from "./compose/channels/settings.ts";
import { createPorts } from "./compose/create-ports.ts";
import { openInstallation } from "./compose/installation.ts";
import { startServer } from "./compose/start-server.ts";
import { welcome } from "./compose/welcome.ts";
import { SESSION_HINT } from "./store/events/append-events.ts";
import { createLog } from "./telemetry/log.ts";
import { createMetrics } from "./telemetry/metrics.ts";

/** After a signal, work has this long to end before it is handed over … */
const FINISH_MS = 6_500;
/** … and the process this long to be gone. */
const STOP_MS = 9_000;
/** Where a newer version has changed the database, what runs can hardly end well: another process should have it. */
const OUTDATED_MS = 500;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Opens the installation in this process, for one command. */
const openLocal: CliDeps["openLocal"] = async ({ data, databaseUrl, isEmpty }) => {
  const log = createLog("error");
  const house = await openInstallation({
    directory: data,
    databaseUrl,
    isEmpty,
    role: "once",
    log,
    metrics: createMetrics(),
    say,
  });
  const hints = createSessionHints();
  const stop = await house.db.listen(SESSION_HINT, (payload) =>
    hints.hear(payload.slice(0, payload.lastIndexOf(":"))),
  );
  const publicUrl = process.env.STEWARD_PUBLIC_URL || null;
  const channels = createChannels(house, {
    settings: () => readChannelSettings(process.env, { host: "localhost", publicUrl }),
    ports: () => ports,
    baseUrl: () => publicUrl,
    log,
  });
  const ports = createPorts(house, hints, channels.accounts);
  return {
    ports,
    close: async () => {
      await stop();
      await house.close();
    },
  };
};

/** Serves until SIGINT or SIGTERM; what runs then is finished or handed over. */
async function start(options: StartOptions): Promise<number> {
  const log = createLog(options.logLevel);
  const metrics = createMetrics();
  const { data: directory, databaseUrl, isEmpty } = options;
  const channels = readChannelSettings(process.env, options);
  say("Steward is starting.");
  const house = await openInstallation({
    directory,
    databaseUrl,
    isEmpty,
    role: "server",
    log,
    metrics,
    say,
  });
  try {
    const server = await startServer(house, { ...options, version, log, metrics, channels });
    process.stdout.write(welcome(server.url, house));
    const signal = new Promise<null>((resolve) => {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(null));
    });
    const failure = await Promise.race([signal, house.broken]);
    say(failure ? `${failure.message} ${failure.remedy} (${failure.code})` : "Steward is stopping.");
    const code = failure ? 1 : 0;
    setTimeout(() => process.exit(code), STOP_MS).unref();
    const finishMs = failure?.code === "STO-426" ? OUTDATED_MS : FINISH_MS;
    const handingOver = setTimeout(() => void handOver(house.handOver, code), finishMs).unref();
    await Promise.all([server.stop(), house.finishWork()]);
    clearTimeout(handingOver);
    // A session whose work broke is still held: whoever comes next need not wait for the end of its lease.
    await house.handOver().catch(() => {});
    if (failure) return 1;
  } finally {
    await house.close();
  }
  return 0;
}

/** What still runs is another process' from now on: this one must not write any more, so it ends here. */
async function handOver(give: () => Promise<void>, code: number): Promise<never> {
  say("Work that still runs is handed over; the next process takes it up.");
  await give().catch(() => {});
  process.exit(code);
}

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  readStdin: async () => await text(process.stdin),
  openLocal,
  start,
  slackManifest: async (publicUrl) => await slackManifestOf(draftSlack(process.env, publicUrl)),
  teamsPackage: async (publicUrl) => await teamsPackageOf(draftTeams(process.env, publicUrl), version),
});
