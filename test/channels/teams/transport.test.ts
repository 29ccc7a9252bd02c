import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type InActivity, parseConversationRef } from "../../../channels/teams/transport/activity.ts";
import type { ActivityTransport, OnTurn } from "../../../channels/teams/transport/activity-transport.ts";
import { createActivityTransport } from "../../../channels/teams/transport/create-transport.ts";
import { TeamsSendError } from "../../../channels/teams/transport/teams-send-error.ts";
import { startTeamsPlatform, type TeamsPlatform, type TeamsUser } from "./fakes/teams-platform.ts";

const SDKS = ["botbuilder", "agents"] as const;
/** The clock of the platform and of the transport; `sleep` moves it. */
let clock = Date.parse("2026-03-02T09:00:00Z");

describe.each(SDKS)("Teams through %s", (sdk) => {
  let platform: TeamsPlatform;
  let transport: ActivityTransport;
  let server: Server;
  let ben: TeamsUser;
  let heard: InActivity[];
  let logged: string[];
  let slept: number[];
  let asked: string[];
  let probed: number;
  let onTurn: OnTurn;

  beforeAll(async () => {
    server = createServer((req, res) => void transport.handle(req, res, (activity) => onTurn(activity)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  beforeEach(async () => {
    heard = [];
    logged = [];
    slept = [];
    asked = [];
    probed = 401;
    onTurn = async (activity) => {
      heard.push(activity);
      return activity.type === "invoke"
        ? { status: 200, body: { statusCode: 200, type: "x", value: "done" } }
        : null;
    };
    platform = await startTeamsPlatform({ now: () => clock });
    platform.connectBot(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`);
    transport = await createActivityTransport({
      settings: platform.settings(sdk),
      isLoopback: false,
      now: () => new Date(clock),
      sleep: async (ms) => {
        slept.push(ms);
        clock += ms;
      },
      random: () => 0.5,
      probe: async (url) => {
        asked.push(url);
        return probed;
      },
      log: (_level, what, about) => logged.push(`${what} ${JSON.stringify(about ?? {})}`),
    });
    ben = platform.addUser("Ben Okafor");
  });
  afterEach(async () => {
    clock += 7_200_000;
    await platform.close();
  });

  const hello = () => {
    const chat = platform.personal(ben);
    return { chat, ref: ref(chat) };
  };
  const ref = (chat: ReturnType<TeamsPlatform["personal"]>, place?: string) => {
    const found = parseConversationRef(platform.refOf(chat, ben, place));
    if (!found) throw new Error("no reference");
    return found;
  };
  const failure = async (work: Promise<unknown>): Promise<TeamsSendError> => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TeamsSendError)) throw new Error(`no TeamsSendError but ${String(error)}`);
    return error;
  };

  describe("who may speak", () => {
    test("a message that Teams signed is heard, once its keeping is done", async () => {
      const { status } = await platform.say(ben, platform.personal(ben), "hello");
      expect(status).toBe(200);
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({
        type: "message",
        text: "hello",
        from: { id: ben.id, name: "Ben Okafor", aadObjectId: ben.aadObjectId },
        conversation: { kind: "personal", tenant: platform.tenant },
        ref: { bot: { id: platform.bot.id }, agent: { id: platform.bot.id } },
      });
    });

    test("an invoke gets what the turn answers", async () => {
      const answer = await platform.invoke(ben, platform.personal(ben), "adaptiveCard/action", {
        action: {},
      });
      expect(answer).toEqual({ status: 200, body: { statusCode: 200, type: "x", value: "done" } });
    });

    const FORGERIES = {
      "of another audience": { audience: "11111111-1111-1111-1111-111111111111" },
      "of another issuer": { issuer: "https://sts.windows.net/x/" },
      "that expired": { expiresIn: -301 },
      "that is not valid yet": { validIn: 600 },
      "of another service address": { serviceUrl: "https://smba.trafficmanager.net/emea/" },
      "without a service address": { serviceUrl: null },
      "with no signature": { alg: "none" },
      "signed with our public key as a password": { alg: "HS256" },
      "with a key id that nobody published": { kid: "unknown" },
    } as const;
    test.each(Object.entries(FORGERIES))("a token %s is refused with 401", async (_name, wish) => {
      const chat = platform.personal(ben);
      await platform.say(ben, chat, "good");
      const { activity } = await platform.say(ben, chat, "good");
      heard = [];
      const answer = await platform.post(activity, { wish });
      expect(answer.status).toBe(401);
      expect(heard).toEqual([]);
    });

    test("a stranger's key under a known key id is refused", async () => {
      const { activity } = await platform.say(ben, platform.personal(ben), "good");
      heard = [];
      const key = await platform.makeKey();
      const good = await platform.token();
      const kid = JSON.parse(Buffer.from(good.split(".")[0] ?? "", "base64url").toString()).kid as string;
      expect((await platform.post(activity, { wish: { key, kid } })).status).toBe(401);
      expect(heard).toEqual([]);
    });

    test.each([
      null,
      "",
      "Bearer",
      "Bearer x",
      "Basic YTpi",
      "Bearer a.b.c",
      `Bearer ${"a".repeat(20_000)}.b.c`,
    ])("no token at all (%j) is refused with 401", async (authorization) => {
      const { activity } = await platform.say(ben, platform.personal(ben), "good");
      heard = [];
      const answer = await platform.post(activity, { authorization });
      expect([401, 431]).toContain(answer.status);
      expect(heard).toEqual([]);
    });

    test("a key not endorsed for the channel does not speak for it", async () => {
      await platform.rotateKeys(["webchat"]);
      expect((await platform.say(ben, platform.personal(ben), "hi")).status).toBe(401);
      expect(heard).toEqual([]);
    });

    test("an endorsed channel that is not Teams is refused: there, anybody says who they are", async () => {
      const { activity } = await platform.say(ben, platform.personal(ben), "good");
      heard = [];
      expect((await platform.post({ ...activity, channelId: "webchat" })).status).toBe(403);
      expect(heard).toEqual([]);
    });

    test("an address that is not one of Teams is refused although the token names it", async () => {
      const { activity } = await platform.say(ben, platform.personal(ben), "good");
      heard = [];
      const serviceUrl = "https://evil.trafficmanager.net/";
      expect((await platform.post({ ...activity, serviceUrl }, { wish: { serviceUrl } })).status).toBe(403);
      expect(heard).toEqual([]);
    });

    test.each(["down", "garbage"] as const)(
      "metadata that is %s gives 503, and is asked again",
      async (how) => {
        platform.setMetadata(how);
        expect((await platform.say(ben, platform.personal(ben), "hi")).status).toBe(503);
        expect(heard).toEqual([]);
        platform.setMetadata("up");
        clock += 3_000;
        expect((await platform.say(ben, platform.personal(ben), "hi")).status).toBe(200);
        expect(heard).toHaveLength(1);
      },
    );

    test("known keys are believed while the metadata is down", async () => {
      await platform.say(ben, platform.personal(ben), "one");
      platform.setMetadata("down");
      clock += 30 * 3_600_000;
      expect((await platform.say(ben, platform.personal(ben), "two")).status).toBe(200);
      clock += 50 * 3_600_000;
      expect((await platform.say(ben, platform.personal(ben), "three")).status).toBe(503);
    });

    test("after a key rotation the new key is believed and the old one is not", async () => {
      const old = await platform.token({ expiresIn: 86_400 });
      const { activity } = await platform.say(ben, platform.personal(ben), "one");
      await platform.rotateKeys();
      clock += 20_000;
      expect((await platform.say(ben, platform.personal(ben), "two")).status).toBe(200);
      expect((await platform.post(activity, { authorization: `Bearer ${old}` })).status).toBe(401);
    });

    test("invented key ids do not make us ask Microsoft each time", async () => {
      const { activity } = await platform.say(ben, platform.personal(ben), "one");
      for (let i = 0; i < 20; i++) await platform.post(activity, { wish: { kid: `k${i}` } });
      expect(platform.keysAsked()).toBe(1);
    });
  });

  describe("what may be said", () => {
    test.each(["{", "", "[]", "null", "7", '{"type":"message"}', '{"a":"\ud800"'])(
      "%j is a 400",
      async (raw) => {
        expect((await platform.post(null, { raw })).status).toBe(400);
        expect(heard).toEqual([]);
      },
    );

    test("an id that would leave its path is no id", async () => {
      const { activity } = await platform.say(ben, platform.personal(ben), "good");
      heard = [];
      for (const id of ["../../v3/x", "a?b=c", "a#b", "a%2fb", "a\nb"]) {
        const conversation = { ...(activity.conversation as object), id };
        expect((await platform.post({ ...activity, conversation })).status).toBe(400);
      }
      expect(heard).toEqual([]);
    });

    test("more than one megabyte is a 413", async () => {
      const raw = JSON.stringify({ text: "x".repeat(1_100_000) });
      expect((await platform.post(null, { raw })).status).toBe(413);
    });

    test("what is no JSON post is refused by its shape", async () => {
      expect(
        (await platform.post(null, { raw: "{}", headers: { "content-type": "text/plain" } })).status,
      ).toBe(415);
      const { port } = server.address() as AddressInfo;
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405);
    });

    test("40,000 characters, every script and emoji arrive as they were", async () => {
      const text = `${"שלום 👩‍👩‍👧‍👦 `code` ".repeat(1_700)}`.slice(0, 40_000);
      await platform.say(ben, platform.personal(ben), text);
      expect(heard[0]?.text).toBe(text);
    });

    test("a turn that throws is answered with 503 and says nothing of why", async () => {
      onTurn = async () => {
        throw new Error("the secret is 42");
      };
      const chat = platform.personal(ben);
      const { activity } = await platform.say(ben, chat, "hi");
      expect(await platform.post(activity)).toEqual({ status: 503, body: null });
    });

    test("mentions, threads, edits, deletions and reactions are read", async () => {
      const ada = platform.addUser("Ada");
      const channel = platform.channel("Sales", [ben, ada]);
      const { id, place } = await platform.say(ben, channel, "hello", { isMention: true });
      expect(heard[0]).toMatchObject({
        conversation: { kind: "channel", id: place },
        mentions: [{ account: { id: platform.bot.id } }],
        team: { name: "Team" },
        channel: { id: channel.id },
      });
      expect((await platform.say(ben, channel, "not for it")).status).toBeNull();
      await platform.edit(ben, id, "hello there");
      await platform.react(ada, id, "like");
      await platform.erase(ben, id);
      expect(heard.map(({ type, eventType }) => [type, eventType])).toEqual([
        ["message", null],
        ["messageUpdate", "editMessage"],
        ["messageReaction", null],
        ["messageDelete", "softDeleteMessage"],
      ]);
      expect(heard[2]).toMatchObject({
        replyToId: id,
        reactionsAdded: [{ type: "like" }],
        from: { id: ada.id },
      });
    });
  });

  describe("writing", () => {
    const card = {
      type: "AdaptiveCard",
      version: "1.5",
      body: [{ type: "TextBlock", text: "Approve?", wrap: true }],
      actions: [
        {
          type: "Action.Execute",
          title: "Yes",
          verb: "yes",
          data: { b: "1" },
          fallback: { type: "Action.Submit", title: "Yes", data: { b: "1" } },
        },
      ],
    };
    const withCard = {
      type: "message",
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
    } as const;

    test("a message is sent, edited and deleted", async () => {
      const { chat, ref } = hello();
      const { id } = await transport.send(ref, { type: "message", text: "one", textFormat: "markdown" });
      expect((await platform.seen(ben, chat)).map(({ text }) => text)).toEqual(["one"]);
      await transport.update(ref, id, { type: "message", text: "two" });
      expect(await platform.seen(ben, chat)).toMatchObject([{ id, text: "two", isEdited: true }]);
      await transport.remove(ref, id);
      expect(await platform.seen(ben, chat)).toEqual([]);
      await transport.remove(ref, id);
      expect(platform.problems).toEqual([]);
    });

    test("a card arrives whole, in a thread where it belongs", async () => {
      const channel = platform.channel("Sales", [ben]);
      const { place } = await platform.say(ben, channel, "hi", { isMention: true });
      await transport.send(ref(channel, place), withCard);
      const seen = await platform.seen(ben, channel, place);
      expect(seen.at(-1)?.cards).toEqual([card]);
      expect(platform.problems).toEqual([]);
    });

    test("entities and channel data go through untouched", async () => {
      const { chat, ref } = hello();
      const citation = {
        type: "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        additionalType: ["AIGeneratedContent"],
        citation: [
          {
            "@type": "Claim",
            position: 1,
            appearance: { "@type": "DigitalDocument", name: "Travel", abstract: "Rooms" },
          },
        ],
      };
      await transport.send(ref, {
        type: "message",
        text: "Up to 150 [1]",
        entities: [citation],
        channelData: { feedbackLoop: { type: "default" } },
      });
      expect((await platform.seen(ben, chat))[0]?.activity).toMatchObject({
        entities: [citation],
        channelData: { feedbackLoop: { type: "default" } },
      });
      expect(platform.problems).toEqual([]);
    });

    test("a stream goes in order and ends as a message", async () => {
      const { chat, ref } = hello();
      const part = (streamType: string, more: object) => [{ type: "streaminfo", streamType, ...more }];
      const { id } = await transport.send(ref, {
        type: "typing",
        text: "Looking",
        entities: part("informative", { streamSequence: 1 }),
      });
      clock += 1_000;
      await transport.send(ref, {
        type: "typing",
        text: "Rooms are",
        entities: part("streaming", { streamId: id, streamSequence: 2 }),
      });
      clock += 1_000;
      await transport.send(ref, {
        type: "message",
        text: "Rooms are free.",
        entities: part("final", { streamId: id }),
      });
      expect((await platform.seen(ben, chat)).map(({ text }) => text)).toEqual(["Rooms are free."]);
      expect(platform.problems).toEqual([]);
      const late = transport.send(ref, {
        type: "typing",
        text: "Rooms are free. And",
        entities: part("streaming", { streamId: id, streamSequence: 3 }),
      });
      expect(await failure(late)).toMatchObject({ isPermanent: true, teamsCode: "ContentStreamNotAllowed" });
    });

    test("the conversation with one person is opened by their id", async () => {
      const { chat, ref } = hello();
      const direct = await transport.createDirect({
        serviceUrl: platform.serviceUrl,
        tenant: platform.tenant,
        user: ben.id,
        bot: ref.bot,
      });
      expect(direct.conversation).toMatchObject({ id: chat.id, conversationType: "personal" });
      await transport.send(direct, { type: "message", text: "psst" });
      expect((await platform.seen(ben, chat)).map(({ text }) => text)).toEqual(["psst"]);
    });

    test("a stored reference of the other SDK is gone on with, in writing too", async () => {
      const { chat } = hello();
      const { bot, agent, ...rest } = platform.refOf(chat, ben) as { bot: object; agent: object };
      const stored = sdk === "agents" ? { ...rest, bot } : { ...rest, agent };
      const read = parseConversationRef(JSON.parse(JSON.stringify(stored)));
      if (!read) throw new Error("not read");
      expect(read.bot).toEqual(read.agent);
      await transport.send(read, { type: "message", text: "after a month" });
      expect((await platform.seen(ben, chat)).map(({ text }) => text)).toEqual(["after a month"]);
    });

    test("everybody of a large channel is listed, and who is a guest", async () => {
      const crowd = Array.from({ length: 130 }, (_, i) => platform.addUser(`Person ${i}`));
      const guest = platform.addUser("Gil", {
        userRole: "guest",
        userPrincipalName: "gil_x.com#EXT#@example.com",
      });
      const foreign = platform.addUser("Fay", { tenantId: "22222222-2222-2222-2222-222222222222" });
      const channel = platform.channel("All", [ben, ...crowd, guest, foreign]);
      const members = await transport.members(ref(channel));
      expect(members).toHaveLength(133);
      expect(members[0]).toEqual({
        id: ben.id,
        aadObjectId: ben.aadObjectId,
        name: "Ben Okafor",
        email: "ben.okafor@example.com",
        userPrincipalName: "ben.okafor@example.com",
        role: "user",
        tenant: platform.tenant,
        isGuest: false,
      });
      expect(members.filter(({ isGuest }) => isGuest).map(({ name }) => name)).toEqual(["Gil", "Fay"]);
      expect(await transport.member(ref(channel), ben.id)).toMatchObject({ email: "ben.okafor@example.com" });
      expect(await transport.member(ref(channel), platform.addUser("Eve").id)).toBeNull();
    });

    test("our token is asked for once and renewed when Teams no longer takes it", async () => {
      const { ref } = hello();
      await Promise.all([1, 2, 3].map((n) => transport.send(ref, { type: "message", text: `${n}` })));
      expect(platform.tokensGiven()).toBe(1);
      await platform.revokeTokens();
      await transport.send(ref, { type: "message", text: "again" });
      expect(platform.tokensGiven()).toBe(2);
    });

    test("a wrong secret says so without telling it, and is not tried again at once", async () => {
      const { ref } = hello();
      const wrong = await createActivityTransport({
        settings: { ...platform.settings(sdk), appPassword: "hunter2-wrong" },
        isLoopback: false,
        log: () => {},
        now: () => new Date(clock),
        probe: async () => 401,
      });
      const error = await failure(wrong.send(ref, { type: "message", text: "x" }));
      expect(error.message).toContain("invalid_client");
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("hunter2");
      await failure(wrong.send(ref, { type: "message", text: "x" }));
      expect(platform.state.calls.filter(({ path }) => path.startsWith("/login"))).toHaveLength(1);
      const checks = await wrong.check();
      expect(checks.find(({ name }) => name === "sign-in")).toMatchObject({ ok: false });
    });

    test("that the app is not let in is said once, and again when it is; what waits is not given up soon", async () => {
      const { ref } = hello();
      const said: string[] = [];
      const settings = { ...platform.settings(sdk), appPassword: "hunter2-wrong" };
      const made = await createActivityTransport({
        settings,
        isLoopback: false,
        log: (level, what, about) => said.push(JSON.stringify([level, what, about])),
        now: () => new Date(clock),
        probe: async () => 401,
      });
      const outboxTries = 12;
      for (let n = 0; n < 3; n++) {
        const error = await failure(made.send(ref, { type: "message", text: "x" }));
        expect(error.isPermanent).toBe(false);
        expect((error.retryAfterMs ?? 0) * outboxTries).toBeGreaterThan(3_600_000);
        clock += 600_000;
      }
      expect(said.filter((line) => line.includes("does not let the app sign in"))).toHaveLength(1);
      expect(said.join()).not.toContain("hunter2");
    });

    test("our token goes to nobody else, whatever a reference says", async () => {
      const { ref } = hello();
      for (const serviceUrl of [
        "https://evil.example.com/",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.com/",
      ]) {
        expect(
          await failure(transport.send({ ...ref, serviceUrl }, { type: "message", text: "x" })),
        ).toMatchObject({ isPermanent: true });
        expect(await failure(transport.members({ ...ref, serviceUrl }))).toMatchObject({ isPermanent: true });
      }
      expect(platform.tokensGiven()).toBe(0);
    });

    test("files come from SharePoint without our token and from the connector with it, and from nowhere else", async () => {
      const { ref } = hello();
      const content = new Uint8Array([1, 2, 3]);
      const file = platform.file("invoice.pdf", content).content as { downloadUrl: string };
      expect([...(await transport.download(ref, file.downloadUrl, 100)).content]).toEqual([1, 2, 3]);
      const picture = platform.picture("x.png", content);
      expect([...(await transport.download(ref, String(picture.contentUrl), 100)).content]).toEqual([
        1, 2, 3,
      ]);
      expect(platform.problems).toEqual([]);
      expect(await failure(transport.download(ref, file.downloadUrl, 2))).toMatchObject({
        isPermanent: true,
      });
      for (const url of [
        "http://169.254.169.254/x",
        "file:///etc/passwd",
        "https://evil.example.com/",
        "x",
      ]) {
        expect(await failure(transport.download(ref, url, 100))).toMatchObject({ isPermanent: true });
      }
    });

    test("a token of single sign-on is traded, or null when consent is missing", async () => {
      const trade = { user: ben.id, connection: "graph", token: "abc" };
      expect(await transport.exchangeToken(trade)).toMatchObject({ token: "exchanged:abc" });
      platform.setExchange(() => null);
      expect(await transport.exchangeToken(trade)).toBeNull();
    });

    test("the doctor finds all well", async () => {
      expect((await transport.check()).map(({ name, ok }) => [name, ok])).toEqual([
        ["sign-in", true],
        ["signing keys", true],
        ["public address", true],
      ]);
      expect(asked).toEqual(["https://steward.example.com/channels/teams/messages"]);
    });

    test("the doctor says what stands in the way", async () => {
      platform.setMetadata("down");
      probed = 200;
      const checks = await transport.check();
      expect(checks.map(({ name, ok, remedy }) => [name, ok, remedy !== null])).toEqual([
        ["sign-in", true, false],
        ["signing keys", false, true],
        ["public address", false, true],
      ]);
    });
  });

  describe("when Teams is unwell", () => {
    test.each([412, 429, 502, 504])("%i is tried again, with jitter", async (status) => {
      const { chat, ref } = hello();
      platform.fault({ on: /POST .*activities/, status, times: 2 });
      await transport.send(ref, { type: "message", text: "kept" });
      expect((await platform.seen(ben, chat)).map(({ text }) => text)).toEqual(["kept"]);
      expect(platform.state.calls.filter(({ path }) => path.includes("activities"))).toHaveLength(3);
      expect(slept.length).toBeGreaterThanOrEqual(2);
    });

    test("Retry-After is honoured, and a long one is handed on", async () => {
      const { ref } = hello();
      platform.fault({ on: /POST .*activities/, status: 429, retryAfterS: 3 });
      const before = clock;
      await transport.send(ref, { type: "message", text: "kept" });
      expect(clock - before).toBeGreaterThanOrEqual(3_000);
      platform.fault({ on: /POST .*activities/, status: 429, retryAfterS: 120 });
      expect(await failure(transport.send(ref, { type: "message", text: "later" }))).toMatchObject({
        retryAfterMs: 120_000,
        isPermanent: false,
      });
    });

    test("it gives up after a bounded number of tries", async () => {
      const { ref } = hello();
      platform.fault({ on: /POST .*activities/, status: 502, times: 100 });
      expect(await failure(transport.send(ref, { type: "message", text: "x" }))).toMatchObject({
        teamsStatus: 502,
        isPermanent: false,
      });
      expect(
        platform.state.calls.filter(({ path }) => path.includes("activities")).length,
      ).toBeLessThanOrEqual(4);
    });

    test.each([500, 503])("%i and a broken connection are left to the outbox", async (status) => {
      const { ref } = hello();
      platform.fault({ on: /POST .*activities/, status });
      expect(await failure(transport.send(ref, { type: "message", text: "x" }))).toMatchObject({
        teamsStatus: status,
        isPermanent: false,
      });
      platform.fault({ on: /POST .*activities/, isDropped: true });
      expect(await failure(transport.send(ref, { type: "message", text: "x" }))).toMatchObject({
        teamsStatus: null,
        isPermanent: false,
      });
      expect(platform.state.calls.filter(({ path }) => path.includes("activities"))).toHaveLength(2);
    });

    test("a removed bot, a conversation that is gone and a bad card are permanent", async () => {
      const { chat, ref } = hello();
      const bad = {
        ...{ type: "message" as const },
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: { type: "AdaptiveCard", version: "1.5", body: [{ type: "Nonsense" }] },
          },
        ],
      };
      expect(await failure(transport.send(ref, bad))).toMatchObject({
        teamsStatus: 400,
        isPermanent: true,
        code: "TMS-410",
      });
      chat.hasBot = false;
      expect(await failure(transport.send(ref, { type: "message", text: "x" }))).toMatchObject({
        teamsStatus: 403,
        teamsCode: "BotNotInConversationRoster",
        isPermanent: true,
      });
      chat.hasBot = true;
      chat.isDeleted = true;
      expect(await failure(transport.send(ref, { type: "message", text: "x" }))).toMatchObject({
        teamsStatus: 404,
        isPermanent: true,
      });
      await transport.remove(ref, "1");
    });

    test("two hundred messages at once break no limit of Teams and keep their order", async () => {
      const { chat, ref } = hello();
      const work = await Promise.allSettled(
        Array.from({ length: 200 }, (_, i) => transport.send(ref, { type: "message", text: `${i}` })),
      );
      const failed = work
        .filter(({ status }) => status === "rejected")
        .map((one) => (one as PromiseRejectedResult).reason);
      expect(failed.every((error) => error instanceof TeamsSendError && (error.retryAfterMs ?? 0) > 0)).toBe(
        true,
      );
      expect(platform.ledger.violations).toEqual([]);
      const shown = (await platform.seen(ben, chat)).map(({ text }) => Number(text));
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
      expect(shown.length).toBeGreaterThan(20);
    });
  });
});
