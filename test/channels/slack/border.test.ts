import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { BOT_SCOPES, slackManifest } from "../../../channels/slack/manifest.ts";
import { encode, sign } from "./fakes/deliveries.ts";
import { answer, openSlackRoom, type SlackRoom } from "./slack-room.ts";

describe("the border between Slack and Steward", () => {
  let room: SlackRoom | null = null;
  const open = async (options: Parameters<typeof openSlackRoom>[0] = {}): Promise<SlackRoom> => {
    room = await openSlackRoom(options);
    return room;
  };
  afterEach(async () => {
    await room?.close();
    room = null;
  });
  const eventOf = (from: SlackRoom, text = "hello") => {
    const channel = from.platform.world.direct(from.platform.team().id, [
      from.platform.team().botUser,
      from.nora.id,
    ]);
    const ts = from.platform.world.newTs();
    return from.platform.envelope({
      ...{
        type: "message",
        channel: channel.id,
        channel_type: "im",
        user: from.nora.id,
        text,
        ts,
        event_ts: ts,
      },
    });
  };
  const send = async (from: SlackRoom, body: string, headers: Record<string, string>) =>
    await fetch(from.url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });

  it("refuses what is not signed, forged, changed after signing, or older than five minutes", async () => {
    const here = await open();
    const { body } = encode("event", eventOf(here));
    const secret = here.platform.signingSecret;
    const nowS = Math.floor(Date.now() / 1_000);
    const answers = await Promise.all([
      send(here, body, {}),
      send(here, body, sign("another secret of somebody", body)),
      send(here, body.replace("hello", "pay 9,000"), sign(secret, body)),
      send(here, body, sign(secret, body, nowS - 301)),
      send(here, body, sign(secret, body, nowS + 301)),
      send(here, body, { ...sign(secret, body), "X-Slack-Signature": "v0=zz" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(here.received).toEqual([]);
    expect((await send(here, body, sign(secret, body))).status).toBe(200);
    expect((await send(here, body, sign(secret, body))).status).toBe(200);
    expect(here.received).toHaveLength(1);
  });

  it("proves its address to Slack, to Slack alone", async () => {
    const here = await open();
    const body = JSON.stringify({ type: "url_verification", challenge: "c-1" });
    const response = await send(here, body, sign(here.platform.signingSecret, body));
    expect([response.status, await response.text()]).toEqual([200, "c-1"]);
    expect((await send(here, body, {})).status).toBe(401);
  });

  it("answers junk with 400 and a flood of bytes with 413, and lives on", async () => {
    const here = await open();
    const secret = here.platform.signingSecret;
    for (const body of ["{", "[]", "null", '"x"']) {
      expect((await send(here, body, sign(secret, body))).status).toBe(400);
    }
    const huge = "x".repeat(2_100_000);
    expect((await send(here, huge, sign(secret, huge))).status).toBe(413);
    for (const body of [
      "{}",
      '{"type":"event_callback"}',
      '{"type":"event_callback","team_id":"T1","event":{}}',
    ]) {
      expect((await send(here, body, sign(secret, body))).status).toBe(200);
    }
    await here.nora.says("@steward", "still there?");
    expect(here.received).toHaveLength(1);
  });

  it("answers within three seconds while the database stalls, and asks for it again when it stalls longer", async () => {
    const here = await open({ retryDelaysMs: [50, 50, 50] });
    here.will.receive = async () => await new Promise((resolve) => setTimeout(resolve, 2_000));
    const short = await here.nora.says("@steward", "first");
    expect(short.acks[0]?.isAcked).toBe(true);
    here.will.receive = async () => await new Promise((resolve) => setTimeout(resolve, 4_000));
    const long = await here.nora.says("@steward", "second");
    expect(long.acks[0]).toMatchObject({ isAcked: false, status: 503 });
    expect(long.acks[0]?.ms).toBeLessThan(3_000);
    here.will.receive = async () => undefined;
    await expect.poll(() => here.platform.deliveries.seen.at(-1)?.isAcked, { timeout: 4_000 }).toBe(true);
    await expect
      .poll(() => here.received.map(({ text }) => text), { timeout: 5_000 })
      .toEqual(["first", "second"]);
  }, 20_000);

  it("does not listen to bots, and not to itself", async () => {
    const here = await open();
    await here.nora.says("@steward", "hello");
    const [message] = here.received;
    if (!message) throw new Error();
    await here.channel.post(answer(message.thread, "Hello back.", { viewer: "nora@acme.example" }));
    await here.platform.deliveries.idle();
    const bot = eventOf(here).event as Record<string, unknown>;
    for (const odd of [
      { bot_id: "B0OTHER" },
      { subtype: "bot_message", bot_id: "B1" },
      { user: "USLACKBOT" },
    ]) {
      await here.platform.event({ ...bot, ...odd, ts: here.platform.world.newTs() });
    }
    expect(here.received).toHaveLength(1);
  });

  it("stops listening to somebody who writes without end, and says so once", async () => {
    const here = await open();
    for (let n = 0; n < 40; n++) await here.nora.says("@steward", `message ${n}`);
    expect(here.received).toHaveLength(30);
    await expect
      .poll(() => here.nora.seen("@steward").filter(({ text }) => text.includes("a little fast")), {
        timeout: 4_000,
      })
      .toHaveLength(1);
  }, 20_000);

  it("takes nothing from a workspace that is not on the list", async () => {
    const here = await open({ settings: { workspaces: ["T0OTHER"] } });
    const said = await here.nora.says("@steward", "hello");
    expect(said.acks[0]?.isAcked).toBe(true);
    expect(here.received).toEqual([]);
    const checks = await here.channel.check();
    expect(checks.find(({ name }) => name === "Workspace")).toMatchObject({ ok: false });
  });

  it("works over Socket Mode, and opens the connection again when it breaks", async () => {
    const here = await open({ mode: "socket" });
    await expect.poll(() => here.platform.socket.connections, { timeout: 5_000 }).toBe(1);
    const said = await here.nora.says("@steward", "over the socket");
    expect(said.acks[0]?.isAcked).toBe(true);
    expect(here.received).toHaveLength(1);
    const ack = await here.nora.command("/steward", "help");
    expect(JSON.stringify(ack.body)).toContain("I am Steward");
    const opened = () =>
      here.platform.calls.filter(({ method }) => method === "apps.connections.open").length;
    for (const breaks of [here.platform.socket.cut, here.platform.socket.refresh]) {
      const before = opened();
      breaks();
      await expect.poll(opened, { timeout: 8_000 }).toBeGreaterThan(before);
      await expect.poll(() => here.platform.socket.connections, { timeout: 8_000 }).toBe(1);
    }
    await here.nora.says("@steward", "again");
    expect(here.received).toHaveLength(2);
  }, 30_000);

  it("leaves an envelope unacknowledged that it could not keep", async () => {
    const here = await open({ mode: "socket", retryDelaysMs: [30, 30, 30] });
    await expect.poll(() => here.platform.socket.connections, { timeout: 5_000 }).toBe(1);
    let isDown = true;
    here.will.receive = async () => {
      if (isDown) throw new Error("no database");
    };
    const said = await here.nora.says("@steward", "keep this");
    expect(said.acks[0]?.isAcked).toBe(false);
    isDown = false;
    await expect.poll(() => here.received.length, { timeout: 8_000 }).toBe(1);
  }, 20_000);

  it("asks for exactly the rights that its manifest names", async () => {
    const events = JSON.parse(
      slackManifest({ mode: "http", publicUrl: "https://s.example", clientId: null }),
    );
    const here = await open({ scopes: BOT_SCOPES, events: events.settings.event_subscriptions.bot_events });
    await here.nora.says("sales", "@steward hello");
    await here.nora.opensHome();
    const [message] = here.received;
    if (!message) throw new Error();
    const label = { sensitivity: "internal", readers: ["everyone"] } as const;
    await here.channel.post(answer(message.thread, "Hello.", { viewer: "nora@acme.example", label }));
    const place = { channel: "slack", conversation: "ben@acme.example", thread: "approvals" } as const;
    await here.channel.post(answer(place, "Something waits.", { viewer: "ben@acme.example", label }));
    await expect.poll(() => here.nora.home()).not.toBeNull();
    expect(here.platform.calls.filter(({ answer: code }) => code === "missing_scope")).toEqual([]);
    expect(here.ben.sees("@steward", "Something waits.")).not.toBeNull();
  });

  it("says of each thing whether it is well, and what to do when not", async () => {
    const here = await open();
    const good = await here.channel.check();
    expect(good.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(["Public address"]);
    expect(good.map(({ name }) => name)).toEqual(expect.arrayContaining(["Signing secret", "Reachable"]));
    await here.platform.revoke("silently");
    const bad = await here.channel.check();
    const broken = bad.find(({ detail }) => /token_revoked|account_inactive|invalid_auth/.test(detail));
    expect(broken?.remedy).toMatch(/install it again|copy it again/);
    for (const check of bad)
      expect(check.ok ? check.remedy : typeof check.remedy).toBe(check.ok ? null : "string");
  });

  it("installs in a workspace of the list by OAuth, once for each state and in the browser that began", async () => {
    const both = await open({
      teams: [
        { id: "T0FIRST", people: [{ name: "nora" }, { name: "ben" }], isInstalled: false },
        { id: "T0OTHER", people: [{ name: "eve" }], isInstalled: false },
      ],
      settings: { botToken: null, clientId: "1111.2222", clientSecret: "later", workspaces: ["T0FIRST"] },
    });
    const begun = await fetch(`${both.origin}/channels/slack/install`, { redirect: "manual" });
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const authorize = begun.headers.get("location") ?? "";
    expect(authorize).toMatch(/^https:\/\/slack\.com\/oauth\/v2\/authorize\?/);
    const back = both.platform.consent(authorize, "T0FIRST");
    expect((await fetch(back)).status).toBe(400);
    const forged = new URL(back);
    forged.searchParams.set("state", "0".repeat(48));
    expect(
      (await fetch(forged, { headers: { cookie: `steward_slack_install=${"0".repeat(48)}` } })).status,
    ).toBe(400);
    // The wrong client secret: nothing is kept, and the state is used up.
    expect((await fetch(back, { headers: { cookie } })).status).toBe(503);
    expect((await fetch(back, { headers: { cookie } })).status).toBe(400);
    expect(both.secrets.size).toBe(0);
  });

  it("keeps the token of an installation in the vault and answers there; not for a workspace off the list", async () => {
    const here = await open({
      teams: [
        { id: "T0FIRST", people: [{ name: "nora" }, { name: "ben" }], isInstalled: false },
        { id: "T0OTHER", people: [{ name: "eve" }], isInstalled: false },
      ],
      settings: { botToken: null, clientId: "1111.2222", workspaces: ["T0FIRST"] },
      hasClientSecret: true,
    });
    const install = async (team: string) => {
      const begun = await fetch(`${here.origin}/channels/slack/install`, { redirect: "manual" });
      const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
      const back = here.platform.consent(begun.headers.get("location") ?? "", team);
      return (await fetch(back, { headers: { cookie } })).status;
    };
    expect(await install("T0OTHER")).toBe(403);
    expect(here.secrets.size).toBe(0);
    expect(await install("T0FIRST")).toBe(200);
    expect([...here.secrets.keys()]).toEqual(["slack:bot-token:T0FIRST"]);
    expect(JSON.stringify([...here.notes.values()])).not.toContain("xoxb-");
    await here.nora.says("@steward", "hello");
    expect(here.received).toHaveLength(1);
    await here.platform.revoke("uninstalled");
    await expect.poll(() => here.secrets.size).toBe(0);
  });

  it("takes no installation of a whole organisation: says what to do instead and leaves no token valid", async () => {
    const here = await open({
      teams: [{ id: "T0FIRST", people: [{ name: "nora" }, { name: "ben" }], isInstalled: false }],
      settings: { botToken: null, clientId: "1111.2222", workspaces: ["T0FIRST"] },
      hasClientSecret: true,
    });
    const begun = await fetch(`${here.origin}/channels/slack/install`, { redirect: "manual" });
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const back = here.platform.consent(begun.headers.get("location") ?? "", "T0FIRST", true);
    const answered = await fetch(back, { headers: { cookie } });
    expect(answered.status).toBe(400);
    expect(await answered.text()).toMatch(/one workspace at a time.*choose a workspace/);
    expect(here.secrets.size).toBe(0);
    const given = [...here.platform.world.tokens.values()].filter(({ isOrganization }) => isOrganization);
    expect(given.map(({ isRevoked }) => isRevoked)).toEqual([true]);
  });

  it("says of an organisation's bot token that a workspace's is needed, and serves nobody by it", async () => {
    const here = await open();
    for (const [name, token] of here.platform.world.tokens)
      here.platform.world.tokens.set(name, { ...token, isOrganization: true });
    const found = (await here.channel.check()).find(({ name }) => name === "Bot token");
    expect(found).toMatchObject({
      ok: false,
      remedy: expect.stringMatching(/Install the app in one workspace/),
    });
    await here.nora.says("@steward", "hello");
    expect(here.received).toEqual([]);
  });

  it("logs no token, no secret and nothing that people wrote", async () => {
    const here = await open();
    await here.nora.says("@steward", "my very private words");
    await here.platform.revoke("silently");
    const [message] = here.received;
    if (message) await here.channel.post(answer(message.thread, "secret answer")).catch(() => undefined);
    await send(here, "{}", {});
    const logged = JSON.stringify(here.logs);
    expect(here.logs.length).toBeGreaterThan(0);
    for (const word of ["private words", "secret answer", "xoxb-", here.platform.signingSecret]) {
      expect(logged).not.toContain(word);
    }
  });

  it("describes the set-up that the manifest makes", () => {
    const guide = readFileSync(new URL("../../../docs/slack.md", import.meta.url), "utf8");
    for (const scope of BOT_SCOPES) expect(guide).toContain(`\`${scope}\``);
  });
});
