import { readdirSync, readFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type InActivity,
  parseActivity,
  parseConversationRef,
} from "../../../channels/teams/transport/activity.ts";
import { createActivityTransport } from "../../../channels/teams/transport/create-transport.ts";
import { isHostAllowed, isSafeAddress, readEndpoints } from "../../../channels/teams/transport/endpoints.ts";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import { startTeamsPlatform, type TeamsPlatform } from "./fakes/teams-platform.ts";

const FULL: TeamsSettings = {
  appId: "a",
  appPassword: "b",
  tenantId: "c",
  sdk: "botbuilder",
  isLocal: false,
  endpoints: {},
  publicUrl: null,
};
const start = (settings: TeamsSettings, isLoopback = true) =>
  createActivityTransport({ settings, isLoopback, log: () => {} });

describe("starting", () => {
  test.each(["botbuilder", "agents"] as const)("%s without an app id does not start", async (sdk) => {
    const settings = { ...FULL, sdk, appId: null };
    await expect(start(settings)).rejects.toMatchObject({ code: "TMS-403" });
    await expect(start({ ...settings, appId: "" })).rejects.toMatchObject({ code: "TMS-403" });
  });

  test("the local trial starts on loopback and nowhere else", async () => {
    const settings = { ...FULL, appId: null, appPassword: null, tenantId: null, isLocal: true };
    await expect(start(settings, false)).rejects.toMatchObject({ code: "TMS-403" });
    const transport = await start(settings, true);
    expect(await transport.check()).toMatchObject([{ name: "registration", ok: true }]);
  });

  test("half a registration says which half is missing", async () => {
    await expect(start({ ...FULL, appPassword: null })).rejects.toMatchObject({
      code: "TMS-400",
      message: /secret/,
    });
    await expect(start({ ...FULL, tenantId: null })).rejects.toMatchObject({
      code: "TMS-400",
      message: /tenant/,
    });
  });

  test("an endpoint that is unknown or not https is refused by name", async () => {
    await expect(start({ ...FULL, endpoints: { LoginUrl: "https://x.example" } })).rejects.toThrow(
      "LoginUrl",
    );
    await expect(start({ ...FULL, endpoints: { OAuthUrl: "http://x.example" } })).rejects.toThrow("OAuthUrl");
  });

  test("neither SDK is loaded before Teams is on", () => {
    const folder = new URL("../../../channels/teams/transport/", import.meta.url);
    const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
    const eager = texts.flatMap((text) => [
      ...text.matchAll(/^import (?!type\b)[^;]*from "(botbuilder|@microsoft[^"]*)"/gm),
    ]);
    expect(texts.length).toBeGreaterThan(10);
    expect(eager).toEqual([]);
  });
});

describe("the local trial", () => {
  let platform: TeamsPlatform;
  let server: Server;
  let heard: InActivity[];
  let port: number;

  beforeEach(async () => {
    heard = [];
    platform = await startTeamsPlatform({ isLocal: true });
    const transport = await createActivityTransport({
      settings: platform.settings(),
      isLoopback: true,
      log: () => {},
    });
    server = createServer(
      (req, res) =>
        void transport.handle(req, res, async (activity) => {
          heard.push(activity);
          await transport.send(activity.ref, { type: "message", text: "hello" });
          return null;
        }),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
    platform.connectBot(`http://127.0.0.1:${port}/`);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await platform.close();
  });

  test("answers this machine without any token", async () => {
    const ben = platform.addUser("Ben");
    expect((await platform.say(ben, platform.personal(ben), "hi")).status).toBe(200);
    expect((await platform.seen(ben, platform.personal(ben))).map(({ text }) => text)).toEqual([
      "hi",
      "hello",
    ]);
    expect(platform.tokensGiven()).toBe(0);
  });

  test("believes no proxy, no web page and no other host name", async () => {
    const ben = platform.addUser("Ben");
    const { activity } = await platform.say(ben, platform.personal(ben), "hi");
    heard = [];
    const disguises: Record<string, string>[] = [
      { "x-forwarded-for": "127.0.0.1" },
      { forwarded: "for=127.0.0.1" },
      { origin: "https://evil.example.com" },
    ];
    for (const headers of disguises) {
      expect((await platform.post(activity, { headers })).status).toBe(403);
    }
    const status = await new Promise<number | undefined>((resolve) => {
      const headers = { host: "rebound.example.com", "content-type": "application/json" };
      const sent = request({ port, host: "127.0.0.1", method: "POST", headers }, (res) =>
        resolve(res.statusCode),
      );
      sent.end(JSON.stringify(activity));
    });
    expect(status).toBe(403);
    expect(heard).toEqual([]);
  });

  test("writes to this machine only", async () => {
    const ben = platform.addUser("Ben");
    const { activity } = await platform.say(ben, platform.personal(ben), "hi");
    heard = [];
    expect(
      (await platform.post({ ...activity, serviceUrl: "https://smba.trafficmanager.net/" })).status,
    ).toBe(403);
    expect(heard).toEqual([]);
  });
});

describe("addresses", () => {
  const hosts = readEndpoints(FULL).serviceHosts;

  test.each([
    "https://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net/teams",
    "https://europe.botframework.com/",
    "https://smba.infra.gov.teams.microsoft.us/x",
  ])("%s is Teams", (address) => {
    expect(isHostAllowed(address, hosts)).toBe(true);
  });

  test.each([
    "http://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net.evil.com/",
    "https://evil.trafficmanager.net/",
    "https://botframework.com.evil.com/",
    "https://xbotframework.com/",
    "https://user@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net@evil.com/",
    "https://smba.trafficmanager.net:8443/",
    "https://127.0.0.1/",
    "ftp://smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    "",
  ])("%s is not", (address) => {
    expect(isHostAllowed(address, hosts)).toBe(false);
  });

  test("http is only ever for this machine", () => {
    expect(isSafeAddress("http://127.0.0.1:4100/login")).toBe(true);
    expect(isSafeAddress("http://[::1]/")).toBe(true);
    expect(isSafeAddress("http://127.0.0.1.evil.com/")).toBe(false);
    expect(isSafeAddress("http://10.0.0.1/")).toBe(false);
  });
});

describe("reading", () => {
  test("whatever is posted is read or refused, never thrown over", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(parseActivity(value)).toBeNull();
        expect(parseConversationRef(value)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  const good = {
    type: "message",
    channelId: "msteams",
    serviceUrl: "https://smba.trafficmanager.net/emea/",
    from: { id: "29:x" },
    recipient: { id: "28:y" },
    conversation: { id: "a:1" },
  };

  test("one broken field of a good activity never brings down the reader", () => {
    const key = fc.constantFrom(
      "type",
      "id",
      "from",
      "entities",
      "attachments",
      "channelData",
      "value",
      "conversation",
      "text",
    );
    fc.assert(
      fc.property(key, fc.jsonValue(), (name, value) => {
        const read = parseActivity({ ...good, [name]: value });
        if (read !== null) expect(read.from.id.length + read.conversation.id.length).toBeGreaterThan(1);
      }),
      { numRuns: 300 },
    );
  });

  test("what Teams leaves out is filled in with what it means", () => {
    expect(parseActivity(good)).toMatchObject({
      text: "",
      conversation: { kind: "personal", tenant: null },
      mentions: [],
    });
    const team = { ...good, channelData: { team: { id: "t" }, tenant: { id: "n" } } };
    expect(parseActivity(team)).toMatchObject({ conversation: { kind: "channel", tenant: "n" } });
    const group = { ...good, conversation: { id: "19:x@thread.v2", isGroup: true } };
    expect(parseActivity(group)).toMatchObject({ conversation: { kind: "groupChat" } });
  });
});
