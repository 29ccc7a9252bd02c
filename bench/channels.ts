import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureBurst } from "./channels/burst.ts";
import { measureFaults } from "./channels/faults.ts";
import { measureSlackAcks } from "./channels/slack-acks.ts";
import { measureTeamsInvokes } from "./channels/teams-invokes.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "10000" },
    approvals: { type: "string", default: "500" },
    invokes: { type: "string", default: "100" },
    rate: { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
    kills: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const count = (text: string | undefined, otherwise: number, least = 1) => {
  const number = Math.trunc(Number(text ?? otherwise));
  return Number.isFinite(number) ? Math.max(least, number) : otherwise;
};
const say = (line: string) => process.stderr.write(`${line}\n`);
const notes: string[] = [
  "Slack and Teams are the strict stand-ins of the tests, in this process; the server is a process of its own on a private Postgres with fsync on. All share this machine.",
  "ack: from the event being sent until the server's answer, over HTTP. stalledAckMsMax: the same while the database stands still for 2 s.",
  "faults.lost: messages without an entry in the log, a deed outside, an answer or a card in Slack; faults.duplicated: with more than one of them.",
  "burst.limitViolations: calls that Slack would have answered with 429; posts and updates tell how far the cards were after `seconds`.",
];
const wanted = values.only?.split(",") ?? null;

/** One part; a part that cannot be measured is null, with the reason in the notes. */
async function part<T>(name: string, measure: () => Promise<T>): Promise<T | null> {
  if (wanted && !wanted.includes(name)) {
    notes.push(`${name}: not asked for`);
    return null;
  }
  say(`${name} (load ${loadavg()[0]?.toFixed(1)})`);
  try {
    return await measure();
  } catch (error) {
    notes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

// Everything that was started ends with this process: the servers by their channel, Postgres by its watcher.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const slack = await part(
  "slack",
  async () =>
    await measureSlackAcks({ rate: count(values.rate, 50), seconds: count(values.seconds, 20), say }),
);
const teams = await part(
  "teams",
  async () => await measureTeamsInvokes({ invokes: count(values.invokes, 100), say }),
);
const events = count(values.events, 10_000);
const faults = await part(
  "faults",
  async () => await measureFaults({ events, kills: count(values.kills, Math.ceil(events / 500), 0), say }),
);
const burst = await part(
  "burst",
  async () => await measureBurst({ approvals: count(values.approvals, 500), seconds: 120, say }),
);
const result = {
  slack: slack ?? { ackMsP50: null, ackMsP99: null, ackMsMax: null, stalledAckMsMax: null },
  teams: teams ?? { invokeMsP99: null },
  faults: faults ?? { events: null, lost: null, duplicated: null },
  burst: burst ?? { approvals: null, limitViolations: null },
  notes,
};
process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
process.exit(0);
