import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";
import { afterEach, describe, expect, it } from "vitest";
import { startFaultProxy } from "./fakes/fault-proxy.ts";
import { type SlackPlatform, startSlackPlatform } from "./fakes/slack-platform.ts";

const TEAM = {
  people: [
    { name: "nora", realName: "Nora Berg" },
    { name: "omar" },
    { name: "guest", guest: "restricted" as const },
  ],
  channels: [
    { name: "sales", members: ["nora", "omar", "steward"] },
    { name: "board", members: ["omar"], isPrivate: true },
    { name: "lounge", members: ["nora"] },
  ],
};

let platform: SlackPlatform | null = null;
afterEach(async () => {
  await platform?.close();
  platform = null;
});

async function start(more: Partial<Parameters<typeof startSlackPlatform>[0]> = {}) {
  platform = await startSlackPlatform({ teams: [TEAM], ...more });
  const client = new WebClient(platform.botToken(), {
    slackApiUrl: platform.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  return { platform, client };
}
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => "ok",
    (error: { data?: { error?: string }; code?: string }) => error.data?.error ?? error.code,
  );

describe("the stand-in for Slack", () => {
  it("shows a posted message to the channel's people, and an ephemeral one to its person only", async () => {
    const { platform, client } = await start();
    const sales = platform.channel("sales");
    const posted = await client.chat.postMessage({ channel: sales.id, text: "Hello <@U0>" });
    expect(posted.ok).toBe(true);
    await client.chat.postEphemeral({ channel: sales.id, user: platform.person("nora").id, text: "For you" });
    expect(
      platform
        .person("nora")
        .seen("sales")
        .map((one) => one.text),
    ).toEqual(["Hello @U0", "For you"]);
    expect(
      platform
        .person("omar")
        .seen("sales")
        .map((one) => one.text),
    ).toEqual(["Hello @U0"]);
  });

  it("refuses as Slack does", async () => {
    const { platform, client } = await start();
    const post = async (channel: string, text = "x") =>
      await codeOf(client.chat.postMessage({ channel, text }));
    expect(await post("C000")).toBe("channel_not_found");
    expect(await post(platform.channel("board").id)).toBe("channel_not_found");
    expect(await post(platform.channel("lounge").id)).toBe("not_in_channel");
    expect(await post(platform.channel("sales").id, "")).toBe("no_text");
    platform.channel("sales").isArchived = true;
    expect(await post(platform.channel("sales").id)).toBe("is_archived");
    expect(await codeOf(client.users.info({ user: "U000" }))).toBe("user_not_found");
    await platform.revoke("silently");
    expect(await codeOf(client.auth.test())).toBe("token_revoked");
    expect(await codeOf(new WebClient("xoxb-no", { slackApiUrl: platform.apiUrl }).auth.test())).toBe(
      "invalid_auth",
    );
  });
});

describe("what the app sends to the stand-in", () => {
  it("is held to Slack's limits of blocks, with the place of the fault", async () => {
    const { platform, client } = await start();
    const channel = platform.channel("sales").id;
    const long = { type: "section" as const, text: { type: "mrkdwn" as const, text: "x".repeat(3_001) } };
    const error = await client.chat
      .postMessage({ channel, text: "x", blocks: [long] })
      .catch((it) => it.data);
    expect(error).toMatchObject({ ok: false, error: "invalid_blocks" });
    expect(error.response_metadata.messages.join()).toContain("3001");
    const part = { ...long, text: { ...long.text, text: "x".repeat(2_900) } };
    expect(await codeOf(client.chat.postMessage({ channel, text: "x", blocks: Array(5).fill(part) }))).toBe(
      "msg_blocks_too_long",
    );
    expect(platform.person("nora").seen("sales")).toEqual([]);
  });

  it("is refused with 429 and a time to wait once it comes too fast, and that is counted", async () => {
    const { platform, client } = await start();
    const channel = platform.channel("sales").id;
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => await codeOf(client.chat.postMessage({ channel, text: "x" }))),
    );
    expect(codes.filter((code) => code === "ok")).toHaveLength(3);
    expect(codes.filter((code) => code === "slack_webapi_rate_limited_error")).toHaveLength(3);
    expect(platform.limits.violations).toHaveLength(3);
    expect(platform.limits.violations[0]).toMatchObject({ method: "chat.postMessage", retryAfterS: 1 });
  });

  it("needs the scope that Slack wants for it", async () => {
    const { platform, client } = await start({ scopes: ["users:read"] });
    const user = platform.person("nora").id;
    const error = await client.chat.postMessage({ channel: user, text: "x" }).catch((it) => it.data);
    expect(error).toMatchObject({ error: "missing_scope", needed: "chat:write", provided: "users:read" });
    const { user: profile } = await client.users.info({ user });
    expect(profile?.profile?.email).toBeUndefined();
  });

  it("may stream for five minutes, until it ends the stream or the person does", async () => {
    let now = Date.now();
    const { platform, client } = await start({ clock: () => now, limits: "off" });
    const nora = platform.person("nora");
    const { ts: root, channel } = await nora.says("@steward", "Tell me");
    const start_ = async () => String((await client.chat.startStream({ channel, thread_ts: root })).ts);
    const say = async (ts: string) =>
      await codeOf(client.chat.appendStream({ channel, ts, markdown_text: "word " }));
    const first = await start_();
    expect(await say(first)).toBe("ok");
    expect(nora.seen("@steward").at(-1)).toMatchObject({ text: "word ", isStreaming: true });
    expect(await codeOf(client.chat.update({ channel, ts: first, text: "x" }))).toBe(
      "streaming_state_conflict",
    );
    now += 307_000;
    expect(await say(first)).toBe("message_not_in_streaming_state");
    const second = await start_();
    await nora.stops("@steward", root);
    expect(await say(second)).toBe("stopped_by_user");
    const third = await start_();
    await client.chat.stopStream({ channel, ts: third, markdown_text: "**done**" });
    expect(nora.seen("@steward").at(-1)).toMatchObject({ text: "**done**", isStreaming: false });
  });

  it("takes a private file only with the token, and a page of HTML without", async () => {
    const { platform } = await start();
    const content = new TextEncoder().encode("invoice");
    await platform.person("nora").says("sales", "Here", { files: [{ name: "a b.pdf", content }] });
    const file = [...platform.world.files.keys()][0] ?? "";
    const info = await new WebClient(platform.botToken(), { slackApiUrl: platform.apiUrl }).files.info({
      file,
    });
    const url = info.file?.url_private_download ?? "";
    const read = async (token: string) => {
      const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
      return [response.status, await response.text()];
    };
    expect(await read(platform.botToken())).toEqual([200, "invoice"]);
    expect((await read("xoxb-no")).join()).toMatch(/^200,<!DOCTYPE html>/);
  });

  it("exchanges a code once for the token of the workspace that agreed", async () => {
    const { platform } = await start({ teams: [{ ...TEAM, isInstalled: false }] });
    const asked = `https://slack.com/oauth/v2/authorize?client_id=${platform.clientId}&scope=chat:write&state=s1&redirect_uri=${encodeURIComponent("https://steward.example/slack/oauth")}`;
    const back = new URL(platform.consent(asked));
    expect(back.searchParams.get("state")).toBe("s1");
    const client = new WebClient(undefined, { slackApiUrl: platform.apiUrl });
    const exchange = () =>
      client.oauth.v2.access({
        client_id: platform.clientId,
        client_secret: platform.clientSecret,
        code: back.searchParams.get("code") ?? "",
      });
    const { access_token: token, team } = await exchange();
    expect(team?.id).toBe(platform.team().id);
    expect((await new WebClient(token, { slackApiUrl: platform.apiUrl }).auth.test()).ok).toBe(true);
    expect(await codeOf(exchange())).toBe("code_already_used");
  });

  it("meets the faults that a test plans: refused, broken off before and after the deed", async () => {
    const { platform } = await start();
    const proxy = await startFaultProxy(platform.apiUrl);
    const client = new WebClient(platform.botToken(), {
      slackApiUrl: proxy.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
    proxy.fail(
      "chat.postMessage",
      { kind: "status", status: 503 },
      { kind: "status", status: 429, retryAfterS: 2 },
      { kind: "drop", when: "before" },
      { kind: "drop", when: "after" },
    );
    const channel = platform.channel("sales").id;
    for (const text of ["a", "b", "c", "d", "e"]) await codeOf(client.chat.postMessage({ channel, text }));
    expect(
      platform
        .person("nora")
        .seen("sales")
        .map((one) => one.text),
    ).toEqual(["d", "e"]);
    expect(proxy.met).toBe(4);
    await proxy.close();
  });
});

describe("what the stand-in sends to the app", () => {
  it("is signed, told to be a repetition, and comes until it is acknowledged", async () => {
    const { platform } = await start({ retryDelaysMs: [10, 10, 10] });
    const app = await listen((request) => (request.headers["x-slack-retry-num"] === "2" ? 200 : 500));
    platform.deliverTo(app.url);
    await platform.person("nora").says("@steward", "Hello");
    await platform.deliveries.idle();
    expect(app.requests.map(({ headers }) => headers["x-slack-retry-num"] ?? "0")).toEqual(["0", "1", "2"]);
    expect(new Set(app.requests.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1);
    for (const { headers, body } of app.requests) {
      const stamp = headers["x-slack-request-timestamp"];
      const hmac = createHmac("sha256", platform.signingSecret).update(`v0:${stamp}:${body}`).digest("hex");
      expect(headers["x-slack-signature"]).toBe(`v0=${hmac}`);
    }
    await app.close();
  });

  it("tells of a mention twice, as Slack does: once as a message, once as a mention", async () => {
    const { platform } = await start();
    const app = await listen(() => 200);
    platform.deliverTo(app.url);
    await platform.person("nora").says("sales", "@steward what is open?");
    const events = app.requests.map(({ body }) => JSON.parse(body).event);
    expect(events.map((event) => event.type).sort()).toEqual(["app_mention", "message"]);
    expect(new Set(events.map((event) => event.ts)).size).toBe(1);
    await app.close();
  });

  it("lets a person click, fill in a form and be corrected by it", async () => {
    const { platform, client } = await start({ limits: "off" });
    const answers: (object | null)[] = [{ response_action: "errors", errors: { amount: "Too much." } }, null];
    const app = await listen(
      () => 200,
      async (payload) => {
        if (payload.type === "block_actions") {
          await client.views.open({ trigger_id: payload.trigger_id, view: FORM });
          return null;
        }
        return answers.shift() ?? null;
      },
    );
    platform.deliverTo(app.url);
    const nora = platform.person("nora");
    const channel = platform.channel("sales").id;
    const blocks = [
      {
        type: "actions" as const,
        block_id: "do",
        elements: [
          {
            type: "button" as const,
            action_id: "edit",
            value: "v1",
            text: { type: "plain_text" as const, text: "Edit" },
          },
        ],
      },
    ];
    await client.chat.postMessage({ channel, text: "A card", blocks });
    await nora.clicks("sales", "Edit");
    expect(nora.modal()).toMatchObject({ title: "Edit it", labels: ["Amount"] });
    expect(await nora.submits({ Amount: "a lot" })).toBeNull();
    expect(nora.modal()?.errors).toEqual({ Amount: "Please enter a number." });
    await nora.submits({ Amount: "900" });
    expect(nora.modal()?.errors).toEqual({ Amount: "Too much." });
    await nora.submits({ Amount: "5" });
    expect(nora.modal()).toBeNull();
    await expect(nora.clicks("sales", "Approve")).rejects.toThrow(
      /no button "Approve" in sales: there are "Edit"/,
    );
    await app.close();
  });

  it("opens one form for a click, within three seconds", async () => {
    let now = Date.now();
    const { platform, client } = await start({ clock: () => now });
    const open = async (trigger: string) =>
      await codeOf(client.views.open({ trigger_id: trigger, view: FORM }));
    const user = platform.person("nora").id;
    const used = platform.world.newTrigger(user);
    expect([await open(used), await open(used), await open("nothing")]).toEqual([
      "ok",
      "exchanged_trigger_id",
      "invalid_trigger_id",
    ]);
    const late = platform.world.newTrigger(user);
    now += 3_001;
    expect(await open(late)).toBe("expired_trigger_id");
  });

  it("goes over Socket Mode to the SDK's own client, which comes back after a disconnect", async () => {
    const { platform } = await start({ retryDelaysMs: [20] });
    const socket = new SocketModeClient({
      appToken: platform.appToken,
      clientOptions: { slackApiUrl: platform.apiUrl },
      logLevel: "error" as never,
    });
    const heard: string[] = [];
    socket.on("message", async ({ event, ack }) => {
      await ack();
      heard.push(event.text);
    });
    await socket.start();
    await platform.person("nora").says("@steward", "one");
    platform.socket.refresh();
    await expect.poll(() => platform.socket.connections, { timeout: 20_000 }).toBe(0);
    await expect.poll(() => platform.socket.connections, { timeout: 20_000 }).toBe(1);
    await platform.person("nora").says("@steward", "two");
    expect(heard).toEqual(["one", "two"]);
    expect(platform.deliveries.seen.every((one) => one.isAcked)).toBe(true);
    await socket.disconnect();
  });
});

const FORM = {
  type: "modal" as const,
  title: { type: "plain_text" as const, text: "Edit it" },
  submit: { type: "plain_text" as const, text: "Save" },
  blocks: [
    {
      type: "input" as const,
      block_id: "amount",
      label: { type: "plain_text" as const, text: "Amount" },
      element: { type: "number_input" as const, action_id: "value", is_decimal_allowed: true },
    },
  ],
};

type Heard = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** An app that answers with a status, and to interactions with what `interact` says. */
async function listen(
  status: (request: IncomingMessage) => number,
  interact?: (payload: { type: string; trigger_id: string }) => Promise<object | null>,
) {
  const requests: Heard[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ headers: request.headers, body });
    const payload = new URLSearchParams(body).get("payload");
    const answer = payload && interact ? await interact(JSON.parse(payload)) : null;
    response.writeHead(status(request), { "Content-Type": "application/json" });
    response.end(answer ? JSON.stringify(answer) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    requests,
    url: `http://127.0.0.1:${port}/slack/events`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
