import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiPorts } from "../../src/api/ports.ts";
import { createSessionHints } from "../../src/compose/await-turn.ts";
import { type Channels, createChannels } from "../../src/compose/channels/create-channels.ts";
import { type ChannelSettings, readChannelSettings } from "../../src/compose/channels/settings.ts";
import { createDirectory } from "../../src/compose/create-directory.ts";
import { createPorts } from "../../src/compose/create-ports.ts";
import type { Installation } from "../../src/compose/installation.ts";
import { SESSION_HINT } from "../../src/store/events/append-events.ts";
import { INBOX_HINT } from "../../src/store/inbox/add-inbox.ts";
import { createLog } from "../../src/telemetry/log.ts";
import type { Identified, PlatformAccount, PlatformName } from "../../src/types/channel-host.ts";
import type { Principal } from "../../src/types/principal.ts";
import { createRuledGate, loadRules, openDirectory } from "../approvals/company.ts";
import { type House, openHouse } from "../flows/harness.ts";
import { type DbKind, freshDatabase } from "../setup/database.ts";
import { createRecorders, type Recorder } from "./recorder.ts";

export const WORKSPACE = "T0ACME";
export const TENANT = "11111111-2222-3333-4444-555555555555";

export const SETTINGS: ChannelSettings = readChannelSettings(
  {
    STEWARD_SLACK_WORKSPACES: WORKSPACE,
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_APP_TOKEN: "xapp-test",
    TEAMS_APP_ID: TENANT,
    TEAMS_APP_PASSWORD: "secret",
    TEAMS_TENANT_ID: TENANT,
    STEWARD_VAULT_KEY: Buffer.alloc(32, 7).toString("base64"),
  },
  { host: "127.0.0.1", publicUrl: "https://steward.acme.example/" },
);

export type Platforms = {
  readonly house: House;
  readonly ports: ApiPorts;
  readonly channels: Channels;
  readonly slack: Recorder;
  readonly teams: Recorder;
  readonly directory: ReturnType<typeof openDirectory>;
  /** People who have left the company. */
  readonly removed: Set<string>;
  /** The account of a person on a platform, as the platform vouches for it. */
  account(
    channel: PlatformName,
    person: Pick<Principal, "id">,
    over?: Partial<PlatformAccount>,
  ): PlatformAccount;
  /** Makes these people known on a platform. */
  meet(channel: PlatformName, ...people: readonly Pick<Principal, "id">[]): Promise<void>;
  /** Signs in with an account's link as a person and says the number as that account; what the house answers. */
  tie(account: PlatformAccount, person: Pick<Principal, "id">): Promise<Identified | null>;
  /** Says something on a platform as a person; resolves to the session when its turn is over. */
  say(recorder: Recorder, person: Pick<Principal, "id">, text: string, thread?: string): Promise<string>;
  /** Waits until no work and nothing to send is left. */
  quiet(): Promise<void>;
  close(): Promise<void>;
};

/** A house with recorders for both platforms, over a fresh database. */
export async function openPlatforms(
  kind: DbKind,
  over: { readonly settings?: ChannelSettings; readonly now?: () => Date } = {},
): Promise<Platforms> {
  const db = await freshDatabase(kind);
  const directory = openDirectory();
  const removed = new Set<string>();
  const now = () => {
    const whole = directory.now();
    const left = whole.people.filter(({ id }) => !removed.has(id));
    return removed.size === 0 ? whole : createDirectory(left, { ...whole, name: "Acme", about: "" });
  };
  const rules = loadRules();
  const house = openHouse(
    db,
    { runs: 0 },
    { gate: createRuledGate(() => rules), directory: now, leaseMs: 10_000 },
  );
  const home = mkdtempSync(join(tmpdir(), "steward-platforms-"));
  const deps = over.now ? { ...house.deps, now: over.now } : house.deps;
  const installation = {
    db,
    deps,
    worker: house.worker,
    owner: "test",
    leaseMs: 10_000,
    directory: home,
    isDemo: false,
    company: () => ({ name: "Acme", about: "", domains: [], groupTitles: {} }),
    routes: [],
    onDelta: () => {},
    refreshPeople: async () => {},
  } as unknown as Installation;
  const hints = createSessionHints();
  const { rooms, slack, teams } = createRecorders();
  const settings = over.settings ?? SETTINGS;
  const channels = createChannels(installation, {
    settings: () => settings,
    ports: () => ports,
    baseUrl: () => "https://steward.acme.example",
    log: createLog("silent"),
    rooms,
  });
  const ports = createPorts(installation, hints, channels.accounts);
  await channels.start(() => {});
  const stops = [
    await db.listen(SESSION_HINT, (payload) => {
      hints.hear(payload.slice(0, payload.lastIndexOf(":")));
      channels.wake();
    }),
    await db.listen(INBOX_HINT, (session) => house.worker.wake(session)),
  ];

  const account: Platforms["account"] = (channel, { id }, more = {}) => ({
    channel,
    workspace: channel === "slack" ? WORKSPACE : TENANT,
    account: `U-${id.split("@")[0]}`,
    email: id,
    isGuest: false,
    ...more,
  });
  const busy = async () => {
    const rows = await db.query(
      `select 1 as one from inbox where state = 'new'
       union all select 1 from outbox where state = 'new' and next_at < now() + interval '30 seconds'
       union all select 1 from outbox where state = 'new' and attempts > 0
       union all select 1 from sessions where owner is not null limit 1`,
    );
    return rows.length > 0;
  };
  const quiet = async () => {
    await house.until(async () => !(await busy()) || null);
  };
  let count = 0;
  return {
    house,
    ports,
    channels,
    slack,
    teams,
    directory,
    removed,
    account,
    meet: async (channel, ...people) => {
      const recorder = channel === "slack" ? slack : teams;
      for (const person of people) {
        const who = await recorder.host().identify(account(channel, person));
        if (who.kind !== "known") throw new Error(who.message);
      }
    },
    tie: async (of, person) => {
      const host = (of.channel === "slack" ? slack : teams).host();
      const who = await host.identify(of);
      const code = who.kind === "unmapped" ? (who.linkUrl?.split("/link/")[1] ?? "") : "";
      const { number = "" } = await ports.confirmLink(person.id, code);
      return await host.confirmLink(of, number);
    },
    say: async (recorder, person, text, thread = "main") => {
      count += 1;
      const { session } = await recorder.host().receive({
        dedupe: `m${count}`,
        thread: { channel: recorder.name, conversation: "C1", thread: `${thread}/${person.id}` },
        session: null,
        principal: person.id,
        text,
        files: [],
      });
      await quiet();
      return session;
    },
    quiet,
    close: async () => {
      for (const stop of stops) await stop();
      await channels.stop();
      await house.worker.close();
      await db.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
