import { WebClient } from "@slack/web-api";
import { afterEach, describe, expect, it } from "vitest";
import { type SlackPlatform, startSlackPlatform } from "./fakes/slack-platform.ts";

const TEAM = {
  people: [{ name: "nora", realName: "Nora Berg" }, { name: "omar" }, { name: "guest", guest: "restricted" as const }],
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
    expect(platform.person("nora").seen("sales").map((one) => one.text)).toEqual(["Hello @U0", "For you"]);
    expect(platform.person("omar").seen("sales").map((one) => one.text)).toEqual(["Hello @U0"]);
  });

  it("refuses as Slack does", async () => {
    const { platform, client } = await start();
    const post = async (channel: string, text = "x") => await codeOf(client.chat.postMessage({ channel, text }));
    expect(await post("C000")).toBe("channel_not_found");
    expect(await post(platform.channel("board").id)).toBe("channel_not_found");
    expect(await post(platform.channel("lounge").id)).toBe("not_in_channel");
    expect(await post(platform.channel("sales").id, "")).toBe("no_text");
    platform.channel("sales").isArchived = true;
    expect(await post(platform.channel("sales").id)).toBe("is_archived");
    expect(await codeOf(client.users.info({ user: "U000" }))).toBe("user_not_found");
    await platform.revoke("silently");
    expect(await codeOf(client.auth.test())).toBe("token_revoked");
    expect(await codeOf(new WebClient("xoxb-no", { slackApiUrl: platform.apiUrl }).auth.test())).toBe("invalid_auth");
  });
});
