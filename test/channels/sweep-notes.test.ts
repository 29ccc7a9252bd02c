import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "../../channels/digest-of.ts";
import * as slackKeys from "../../channels/slack/note-keys.ts";
import { createSlackChannel } from "../../channels/slack/slack-channel.ts";
import { sweepNotes } from "../../channels/sweep-notes.ts";
import * as teamsKeys from "../../channels/teams/note-keys.ts";
import { createTeamsChannel } from "../../channels/teams/teams-channel.ts";
import type { ActivityTransport } from "../../channels/teams/transport/activity-transport.ts";
import type { PlatformChannel } from "../../src/types/channel-host.ts";
import { createRecordingHost } from "./slack/recording-host.ts";

const DAY_MS = 86_400_000;
const START = new Date("2026-11-23T09:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what a channel noted", () => {
  test("is removed when its time is over, however many notes there are, and nothing else is", async () => {
    const { host, notes } = createRecordingHost();
    for (let n = 0; n < 4_500; n++)
      notes.set(`sent/${digestOf(String(n))}`, { at: START.getTime() - (n % 3) * DAY_MS });
    notes.set("sender/1", { at: 0 });
    const removed = await sweepNotes(host, [{ prefix: "sent/", keepMs: 1.5 * DAY_MS }]);
    expect(removed).toBe(1_500);
    expect(notes.size).toBe(3_001);
    expect(Math.min(...[...notes.values()].map(({ at }) => Number(at)).filter((at) => at > 0))).toBe(
      START.getTime() - DAY_MS,
    );
  });

  test("is looked through in bounded work; what is left goes on another day", async () => {
    const { host, notes } = createRecordingHost();
    let lists = 0;
    const full = Array.from({ length: 1_000 }, (_, n) => ({ key: `sent/${n}`, value: { at: 0 } }));
    const endless = {
      ...host,
      notes: {
        ...host.notes,
        list: async () => {
          lists += 1;
          return full;
        },
      },
    };
    const first = sweepNotes(endless, [{ prefix: "sent/", keepMs: 0 }]);
    await first;
    expect(lists).toBeLessThanOrEqual(1_500);
    expect(notes.size).toBe(0);
  });

  test("without a time has ended", async () => {
    const { host, notes } = createRecordingHost();
    notes.set("sent/ab", {});
    notes.set("sent/ac", { at: "not a time" });
    notes.set("sent/ad", { at: START.toISOString() });
    await sweepNotes(host, [{ prefix: "sent/", keepMs: 1_000 }]);
    expect([...notes.keys()]).toEqual(["sent/ad"]);
  });
});

const CHANNELS = [
  [
    "Slack",
    slackKeys.ENDING_NOTES,
    ["user:T1:U1", "direct:T1:U1", "workspace:T1", "home:T1:U1"],
    async (host) =>
      await createSlackChannel(
        {
          ...{ mode: "http", botToken: "xoxb-1", appToken: null, signingSecret: "x".repeat(32) },
          ...{ clientId: null, clientSecret: null, workspaces: [], apiUrl: null, publicUrl: null },
        },
        host,
        () => undefined,
      ),
  ],
  [
    "Teams",
    teamsKeys.ENDING_NOTES,
    ["teams/conversation/ab", "teams/person/ab", "teams/welcomed/ab"],
    async (host) =>
      await createTeamsChannel(
        {
          ...{ appId: null, appPassword: null, tenantId: null, sdk: "botbuilder", isLocal: true },
          ...{ endpoints: {}, publicUrl: null },
        },
        host,
        () => undefined,
        { transport: {} as ActivityTransport },
      ),
  ],
] as const satisfies readonly (readonly [
  string,
  readonly { prefix: string; keepMs: number }[],
  readonly string[],
  (host: ReturnType<typeof createRecordingHost>["host"]) => Promise<PlatformChannel>,
])[];

describe.each(CHANNELS)("the notes of %s", (_, ending, kept, make) => {
  test("are swept when it starts and every day after that, by their age", async () => {
    const { host, notes } = createRecordingHost();
    for (const { prefix, keepMs } of ending) {
      notes.set(`${prefix}${digestOf("old")}`, { at: START.getTime() - keepMs - 1 });
      notes.set(`${prefix}${digestOf("young")}`, { at: START.getTime() - keepMs + DAY_MS / 2 });
    }
    for (const key of kept) notes.set(key, { at: 0 });
    const young = () => [...notes.keys()].filter((key) => key.endsWith(digestOf("young"))).length;
    const old = () => [...notes.keys()].filter((key) => key.endsWith(digestOf("old"))).length;
    const channel = await make(host);
    await channel.start(host.receive);
    await vi.waitFor(() => expect(old()).toBe(0));
    expect(young()).toBe(ending.length);
    await vi.advanceTimersByTimeAsync(DAY_MS - 3_600_001);
    expect(young()).toBe(ending.length);
    await vi.advanceTimersByTimeAsync(2 * 3_600_000);
    expect(young()).toBe(0);
    expect([...notes.keys()]).toEqual(kept);
    await channel.stop();
  });
});
