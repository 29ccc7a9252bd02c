import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../setup/free-port.ts";
import { type SlackPlatform, startSlackPlatform } from "./fakes/slack-platform.ts";

type Fields = Record<string, unknown>;
/** One Slack or the other, with the ids of the same people and places. */
type Side = {
  readonly url: string;
  readonly token: string;
  readonly ids: Readonly<Record<"nora" | "self" | "sales" | "lounge" | "archived", string>>;
};

const EMULATE = fileURLToPath(new URL("../../../node_modules/.bin/emulate", import.meta.url));
const SEED = `slack:
  team: {name: Acme, domain: acme}
  users:
    - {name: nora, email: nora@acme.example, real_name: Nora Berg}
    - {name: steward, email: steward@acme.example, real_name: Steward}
  channels: [{name: sales}, {name: lounge}, {name: archived}]
  strict_scopes: false
  signing_secret: testsecret
  tokens: [{token: xoxb-steward, user: steward, scopes: [chat:write]}]
`;

const home = mkdtempSync(join(tmpdir(), "steward-emulate-"));
let emulate: ChildProcess;
let platform: SlackPlatform;
let sides: { readonly theirs: Side; readonly ours: Side };

async function call(side: Side, method: string, args: Fields): Promise<Fields> {
  const response = await fetch(`${side.url}${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8", Authorization: `Bearer ${side.token}` },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Fields;
}

beforeAll(async () => {
  writeFileSync(join(home, "seed.yaml"), SEED);
  const port = await freePort();
  emulate = spawn(
    process.execPath,
    [EMULATE, "start", "-s", "slack", "-p", String(port), "--seed", "seed.yaml"],
    {
      cwd: home,
      stdio: "ignore",
    },
  );
  const url = `http://127.0.0.1:${port}/api/`;
  const bare = {
    url,
    token: "xoxb-steward",
    ids: { nora: "", self: "", sales: "", lounge: "", archived: "" },
  };
  await vi.waitUntil(async () => await call(bare, "auth.test", {}).catch(() => null), { timeout: 30_000 });
  const users = (await call(bare, "users.list", {})).members as { id: string; name: string }[];
  const channels = (await call(bare, "conversations.list", { limit: 100 })).channels as typeof users;
  const id = (all: typeof users, name: string) => all.find((one) => one.name === name)?.id ?? "";
  const ids = {
    nora: id(users, "nora"),
    self: id(users, "steward"),
    sales: id(channels, "sales"),
    lounge: id(channels, "lounge"),
    archived: id(channels, "archived"),
  };
  const theirs = { ...bare, ids };
  await call(theirs, "conversations.archive", { channel: ids.archived });

  platform = await startSlackPlatform({
    limits: "off",
    teams: [
      {
        people: [{ name: "nora", realName: "Nora Berg" }],
        channels: ["sales", "lounge", "archived"].map((name) => ({ name, members: ["nora", "steward"] })),
      },
    ],
  });
  platform.channel("archived").isArchived = true;
  const ours = {
    url: platform.apiUrl,
    token: platform.botToken(),
    ids: {
      nora: platform.person("nora").id,
      self: platform.team().botUser,
      sales: platform.channel("sales").id,
      lounge: platform.channel("lounge").id,
      archived: platform.channel("archived").id,
    },
  };
  sides = { theirs, ours };
});

afterAll(async () => {
  emulate?.kill("SIGKILL");
  await platform?.close();
  rmSync(home, { recursive: true, force: true });
});

/** What an answer consists of: `message.ts: string`; of lists the first entry stands for all. */
function shapeOf(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : shapeOf(value[0], `${path}[]`);
  if (value === null || typeof value !== "object")
    return [`${path}: ${value === null ? "null" : typeof value}`];
  return Object.entries(value).flatMap(([name, inner]) => shapeOf(inner, path ? `${path}.${name}` : name));
}

/**
 * Keys of the emulator that Slack's reference does not promise for a bot token: a direct conversation has no name,
 * and the last page of a history no cursor.
 */
const NOT_PROMISED =
  /^response_metadata|^channel\.name|\.(?:is_open|last_read|image_\d+|status_\w+|huddle_\w+|title|phone|skype|is_admin|reply_users\w*|reply_count|num_members)\b|^app_|^bot_id/;

async function both(method: string, args: (side: Side) => Fields): Promise<readonly [Fields, Fields]> {
  return [
    await call(sides.theirs, method, args(sides.theirs)),
    await call(sides.ours, method, args(sides.ours)),
  ];
}

const BLOCKS = [{ type: "section", text: { type: "mrkdwn", text: "*Hello*" } }];

describe("the stand-in and the emulator", () => {
  const post = (side: Side, more: Fields = {}) => ({ channel: side.ids.sales, text: "Hello", ...more });

  it.each<[string, (side: Side) => Fields]>([
    ["auth.test", () => ({})],
    ["chat.postMessage", (side) => post(side)],
    ["chat.postMessage", (side) => post(side, { blocks: BLOCKS })],
    ["chat.postEphemeral", (side) => post(side, { user: side.ids.nora })],
    ["conversations.info", (side) => ({ channel: side.ids.sales })],
    ["conversations.members", (side) => ({ channel: side.ids.sales })],
    ["conversations.history", (side) => ({ channel: side.ids.sales })],
    ["conversations.open", (side) => ({ users: side.ids.nora })],
    ["conversations.open", (side) => ({ users: side.ids.nora, return_im: true })],
    ["users.info", (side) => ({ user: side.ids.nora })],
    ["users.lookupByEmail", () => ({ email: "nora@acme.example" })],
    ["team.info", () => ({})],
  ])("%s answers with all that the emulator does", async (method, args) => {
    const [theirs, ours] = await both(method, args);
    expect(theirs.ok, JSON.stringify(theirs)).toBe(true);
    expect(ours.ok, JSON.stringify(ours)).toBe(true);
    const there = shapeOf(ours);
    expect(
      shapeOf(theirs).filter((line) => !NOT_PROMISED.test(line.split(":")[0] ?? "") && !there.includes(line)),
    ).toEqual([]);
  });

  it.each<[string, string, (side: Side) => Fields]>([
    ["chat.postMessage", "channel_not_found", () => ({ channel: "C0NOWHERE", text: "x" })],
    ["chat.postMessage", "channel_not_found", () => ({ text: "x" })],
    ["chat.postMessage", "no_text", (side) => ({ channel: side.ids.sales })],
    ["chat.postMessage", "is_archived", (side) => ({ channel: side.ids.archived, text: "x" })],
    ["chat.postEphemeral", "user_not_found", (side) => post(side, { user: "U0NOBODY" })],
    ["chat.update", "message_not_found", (side) => post(side, { ts: "1.000001" })],
    ["chat.delete", "message_not_found", (side) => ({ channel: side.ids.sales, ts: "1.000001" })],
    ["conversations.info", "channel_not_found", () => ({ channel: "C0NOWHERE" })],
    ["conversations.members", "channel_not_found", () => ({ channel: "C0NOWHERE" })],
    ["conversations.history", "channel_not_found", () => ({ channel: "C0NOWHERE" })],
    ["conversations.open", "user_not_found", () => ({ users: "U0NOBODY" })],
    ["conversations.open", "users_list_not_supplied", () => ({})],
    ["users.info", "user_not_found", () => ({ user: "U0NOBODY" })],
    ["users.lookupByEmail", "users_not_found", () => ({ email: "nobody@acme.example" })],
    [
      "reactions.add",
      "message_not_found",
      (side) => ({ channel: side.ids.sales, name: "eyes", timestamp: "1.1" }),
    ],
    ["views.open", "invalid_trigger_id", () => ({ trigger_id: "no", view: modal() })],
    ["files.info", "file_not_found", () => ({ file: "F0NOTHING" })],
  ])("%s refuses with %s on both", async (method, code, args) => {
    const [theirs, ours] = await both(method, args);
    expect(theirs).toMatchObject({ ok: false, error: code });
    expect(ours).toMatchObject({ ok: false, error: code });
  });

  it.each([
    ["no token", "", "not_authed"],
    ["a token that was never issued", "xoxb-nobody", "invalid_auth"],
  ])("refuse %s", async (_, token, code) => {
    expect(await call({ ...sides.ours, token }, "auth.test", {})).toMatchObject({ ok: false, error: code });
  });

  it("keep a message through update, reply and deletion alike", async () => {
    const story = async (side: Side) => {
      const { channel, ts } = await call(side, "chat.postMessage", post(side));
      const reply = await call(side, "chat.postMessage", post(side, { text: "A reply", thread_ts: ts }));
      const updated = await call(side, "chat.update", { channel, ts, text: "Hello again", blocks: BLOCKS });
      const plain = await call(side, "chat.update", { channel, ts, text: "Without blocks" });
      const thread = (await call(side, "conversations.replies", { channel, ts })).messages as Fields[];
      const gone = await call(side, "chat.delete", { channel, ts: reply.ts });
      const after = (await call(side, "conversations.replies", { channel, ts })).messages as Fields[];
      return {
        updated: [updated.ok, updated.text, updated.ts === ts],
        hasBlocks: [
          (updated.message as Fields).blocks !== undefined,
          (plain.message as Fields).blocks !== undefined,
        ],
        thread: thread.map((one) => one.text),
        replies: thread.slice(1).map((one) => one.thread_ts === ts),
        gone: [gone.ok, gone.ts === reply.ts],
        after: after.map((one) => one.text),
      };
    };
    const theirs = await story(sides.theirs);
    expect(await story(sides.ours)).toEqual(theirs);
    expect(theirs.hasBlocks).toEqual([true, false]);
  });
});

function modal(): Fields {
  return { type: "modal", title: { type: "plain_text", text: "Edit" }, blocks: BLOCKS };
}
