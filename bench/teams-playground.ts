import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { Page } from "playwright-core";
import { findChromium, launchChromium } from "../test/setup/chromium.ts";

/**
 * Shows Steward in the Microsoft 365 Agents Playground, which draws messages and cards as Teams does: a question, an
 * approval with changes, and a card that is updated because somebody decided elsewhere. Keeps screenshots. The
 * Playground is Microsoft's pre-release under its own licence and is fetched by npx, so it has to be asked for:
 * `STEWARD_PLAYGROUND=1 node bin/run.js bench/teams-playground.ts [--sdk agents] [--out DIR]`.
 */
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PLAYGROUND = "@microsoft/m365agentsplayground@0.2.28";
const STEP_MS = 30_000;
const START_MS = 120_000;
const { values } = parseArgs({
  options: {
    sdk: { type: "string", default: "botbuilder" },
    out: { type: "string", default: join(tmpdir(), "steward-playground-shots") },
    json: { type: "boolean", default: false },
  },
});
const say = (line: string) => void process.stderr.write(`${line}\n`);
const PEOPLE = ["Ben Okafor", "Sofia Marin", "Tom Becker", "Nora Lindqvist", "Julia Weiss", "Priya Nair"];

if (process.env.STEWARD_PLAYGROUND !== "1") {
  say(`This fetches ${PLAYGROUND} (Microsoft's pre-release, for evaluation under its own licence).`);
  say("Set STEWARD_PLAYGROUND=1 if that is what you want.");
  process.exit(2);
}
const chromium = await findChromium();
if (chromium === null) {
  say("There is no Chromium here: apt-get install chromium.");
  process.exit(2);
}
const place = mkdtempSync(join(tmpdir(), "steward-playground-"));
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const children: ChildProcess[] = [];
let code = 1;
try {
  const steps = await drive(chromium);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ sdk: values.sdk, steps })}\n`
      : `${steps.join("\n")}\nScreenshots: ${out}\n`,
  );
  code = 0;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
} finally {
  for (const { pid } of children) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGTERM");
    } catch {
      // It has ended by itself.
    }
  }
  await sleep(1_000);
  rmSync(place, { recursive: true, force: true });
}
process.exit(code);

async function drive(executable: string): Promise<string[]> {
  const port = await freePort();
  const data = join(place, "data");
  start(
    process.execPath,
    ["bin/steward.js", "start", "--port", `${port}`, "--data", data, "--log-level", "warn"],
    ROOT,
    {
      STEWARD_TEAMS_LOCAL: "1",
      STEWARD_TEAMS_SDK: values.sdk,
    },
  );
  await answers(`http://127.0.0.1:${port}/readyz`);
  const page = await freePort();
  writeFileSync(join(place, ".m365agentsplayground.yml"), playgroundConfig());
  const endpoint = `http://127.0.0.1:${port}/channels/teams/messages`;
  start(
    "npx",
    ["--yes", PLAYGROUND, "start", "-e", endpoint, "-c", "msteams", "-p", `${page}`, "--disable-telemetry"],
    place,
    {
      TEAMSAPPTESTER_BROWSER: "none",
    },
  );
  await answers(`http://127.0.0.1:${page}/`);
  const browser = await launchChromium(executable);
  try {
    const tab = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    tab.setDefaultTimeout(STEP_MS);
    await tab.goto(`http://127.0.0.1:${page}/`);
    return await converse(tab, data);
  } finally {
    await browser.close();
  }
}

/** Each step waits for the words that prove it. */
async function converse(tab: Page, data: string): Promise<string[]> {
  const steps: string[] = [];
  const shoot = async (name: string, step: string) => {
    await tab.screenshot({ path: join(out, `${steps.length + 1}-${name}.png`) });
    steps.push(step);
    say(step);
  };
  const ask = async (text: string) => {
    await tab.locator("[contenteditable=true]").first().click();
    await tab.keyboard.type(text);
    await tab.keyboard.press("Enter");
  };
  const button = (name: string) => tab.getByRole("button", { name, exact: true }).last();

  await tab.getByText("What I can do").first().waitFor();
  await shoot("welcome", "installed: the welcome card is drawn");
  await ask("How many days a week may I work from home?");
  await tab.getByText("three days a week").first().waitFor();
  await shoot("answer", "message: an answer with its citation");

  await ask("Set up a call with jane@client.example on Friday at 2pm.");
  await button("Approve").waitFor();
  await shoot("approval", "approval: the card asks the person who asked");
  await button("Edit").click();
  await button("Approve with changes").waitFor();
  await tab.getByRole("combobox").last().click();
  await tab.getByRole("option", { name: /^(3:00 PM|15:00)$/ }).click();
  await shoot("edit", "edit: the inputs of the card");
  await button("Approve with changes").click();
  await tab.getByText(/15:00/).last().waitFor();
  await button("Undo").waitFor();
  await shoot("approved", "edited and approved: the card says what happened and offers Undo");

  await ask("Change the Renewal 2027 deal of Globex to 52,000");
  await tab.getByText("Waiting for a sales manager").last().waitFor();
  await shoot("waiting", "approval: waits for somebody else");
  await approveElsewhere(data);
  await tab.getByText("Waiting for a sales manager").last().waitFor({ state: "detached" });
  await shoot("updated", "update: the same message shows the decision made on the command line");
  return steps;
}

/** Sofia says yes on the command line; the Playground only ever acts as one person. */
async function approveElsewhere(data: string): Promise<void> {
  const run = promisify(execFile);
  const steward = async (...args: string[]) => {
    const all = ["bin/steward.js", ...args, "--as", "sofia.marin@brightwell.example", "--data", data];
    return (await run(process.execPath, all, { cwd: ROOT })).stdout;
  };
  const id = /\bapr_\w+/.exec(await steward("approvals"))?.[0];
  if (!id) throw new Error("nothing waits for Sofia");
  await steward("approve", id);
}

function start(command: string, args: string[], cwd: string, env: Record<string, string>): void {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  children.push(child);
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + START_MS; Date.now() < until; ) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(500);
  }
  throw new Error(`${url} did not answer within ${START_MS / 1000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Its own format; fewer than five other people and it ends at once. */
function playgroundConfig(): string {
  const account = (name: string, i: number) => {
    const [given = "", surname = ""] = name.split(" ");
    const email = `${given}.${surname}@brightwell.example`.toLowerCase();
    const aadObjectId = `00000000-0000-0000-0000-0000000000${20 + i}`;
    return {
      id: `user-id-${i}`,
      name,
      userPrincipleName: email,
      aadObjectId,
      givenName: given,
      surname,
      email,
    };
  };
  const [currentUser, ...users] = PEOPLE.map(account);
  // JSON is YAML.
  return JSON.stringify({
    version: "0.1.1",
    tenantId: "00000000-0000-0000-0000-000000000001",
    bot: { id: "bot-id-1", name: "Steward" },
    currentUser,
    users,
    personalChat: { id: "personal-chat-id" },
    groupChat: { id: "group-chat-id", name: "Group chat" },
    team: {
      id: "team-id",
      name: "Brightwell",
      aadGroupId: "team-id-aad",
      channels: [{ id: "channel-sales-id", name: "Sales" }],
    },
  });
}
