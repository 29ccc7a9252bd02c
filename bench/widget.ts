import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findChromium, launchChromium } from "../test/setup/chromium.ts";
import { countViolations } from "./widget/accessibility.ts";
import { dropConnections } from "./widget/drops.ts";
import { measureIdle } from "./widget/idle.ts";
import { measureInteractive } from "./widget/interactive.ts";
import { measureScroll } from "./widget/scroll.ts";
import { measurePeers, measureSizes } from "./widget/sizes.ts";

const { values } = parseArgs({
  options: {
    disconnects: { type: "string", default: "1000" },
    connections: { type: "string", default: "5000" },
    messages: { type: "string", default: "5000" },
    runs: { type: "string", default: "5" },
    "no-peers": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const number = (text: string, otherwise: number) => Math.max(1, Math.trunc(Number(text)) || otherwise);
const note = (line: string) => process.stderr.write(`${line}\n`);
const notes: string[] = [];
/** A part that cannot be measured is null, with the reason; the others go on. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | null> {
  note(what);
  try {
    return await work();
  } catch (error) {
    notes.push(`${what}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    return null;
  }
}

const home = mkdtempSync(join(tmpdir(), "steward-bench-widget-"));
const chromium = await findChromium();
if (chromium === null)
  notes.push("There is no Chromium here (apt-get install chromium): what needs one is null.");
const browser = chromium === null ? null : await launchChromium(chromium);
try {
  const sizes = await attempt("Sizes", () => measureSizes(home));
  const peers = values["no-peers"]
    ? {}
    : await attempt("Peers, installed and bundled the same way", () => measurePeers(home, notes));
  const idle = await attempt("Idle connections", () => measureIdle(number(values.connections, 5_000), home));
  const inBrowser = async <T>(what: string, work: (open: NonNullable<typeof browser>) => Promise<T>) =>
    browser === null ? null : await attempt(what, () => work(browser));
  const interactive = await inBrowser("Time to interactive", (open) =>
    measureInteractive(open, home, number(values.runs, 5)),
  );
  const scroll = await inBrowser("A long conversation", (open) =>
    measureScroll(open, home, number(values.messages, 5_000)),
  );
  const violations = await inBrowser("Accessibility", (open) => countViolations(open, home));
  const drops = await inBrowser("Disconnects", (open) =>
    dropConnections(open, home, number(values.disconnects, 1_000)),
  );
  const result = {
    loaderGzip: sizes?.loader ?? null,
    widgetGzip: sizes?.first ?? null,
    ...{
      laterGzip: sizes?.later ?? null,
      languageGzip: sizes?.languages ?? null,
      pdfGzip: sizes?.drawing ?? null,
    },
    peers,
    interactiveMs: interactive,
    axeViolations: violations?.count ?? null,
    axeStates: violations?.states ?? null,
    ...(drops ?? { disconnects: null, lost: null, duplicated: null, reordered: null }),
    ...(idle ?? { connections: null, bytesPerConnection: null }),
    longTaskMsMax: scroll?.longTaskMsMax ?? null,
    scroll,
    notes: [
      "widgetGzip: everything that the first opening loads, the loader included; laterGzip: parts that come when they are first needed, without languages; languageGzip: each other language; pdfGzip: what draws the pages of a PDF, loaded with the first one that is opened.",
      "interactiveMs: from navigation until the open widget takes text, CPU 4 times slower, 1.6 Mbit/s and 150 ms round trip; median.",
      "bytesPerConnection: growth of resident memory of the server's process, after 1,000 others came and went and garbage was collected.",
      ...(violations?.lines ?? []),
      ...notes,
    ],
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);
