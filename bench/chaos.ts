import { parseArgs } from "node:util";
import { chaosEmbedded } from "./chaos/embedded.ts";
import { chaosOnServer } from "./chaos/on-server.ts";

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "1000" },
    kills: { type: "string" },
    replicas: { type: "string", default: "3" },
    lease: { type: "string", default: "3000" },
    embedded: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const count = (text: string | undefined, otherwise: number) =>
  Math.max(1, Math.trunc(Number(text)) || otherwise);
const say = (line: string) => process.stderr.write(`${line}\n`);

const result = values.embedded
  ? await chaosEmbedded({ kills: count(values.kills, 20), say })
  : await chaosOnServer({
      turns: count(values.turns, 1_000),
      kills: count(values.kills, 40),
      replicas: count(values.replicas, 3),
      leaseMs: count(values.lease, 3_000),
      say,
    });
process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
process.exit(0);
