import type { AccountPorts } from "../../api/account-ports.ts";
import type { ApiPorts } from "../../api/ports.ts";
import { createVault, rotateVault } from "../../connect/vault.ts";
import { findVaultKey, readVaultKey, type VaultKey } from "../../connect/vault-key.ts";
import { feedPlatforms } from "../../flows/add-to-outbox.ts";
import { asksAgain, fanOutCard } from "../../flows/fan-out-card.ts";
import { createLabeller } from "../../flows/label-item.ts";
import { type OutboxSender, type Prepared, startOutboxSender } from "../../flows/outbox-sender.ts";
import { threadItemAt } from "../../flows/thread-items.ts";
import { removePost } from "../../store/channels/posts.ts";
import { listKeyIds } from "../../store/channels/vault-rows.ts";
import { readEventsAfter } from "../../store/events/read-events.ts";
import type { OutboxRow } from "../../store/outbox/outbox.ts";
import type { Log } from "../../telemetry/log.ts";
import type { ChannelHost, PlatformChannel, PlatformName } from "../../types/channel-host.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { Installation } from "../installation.ts";
import { CHANNEL_ROOMS, type ChannelRooms, type Mount } from "./channel-rooms.ts";
import { closedCardAt } from "./closed-card.ts";
import { createChannelHost } from "./create-channel-host.ts";
import { createIdentities, type Identities, PLATFORM_TITLES } from "./identities.ts";
import { keepPlatforms } from "./platforms-setting.ts";
import type { ChannelSettings } from "./settings.ts";
import { startSweepingPosts } from "./sweep-old-posts.ts";

/** Hint to whichever process works on a session that its turn is to stop; payload is the session's id. */
const STOP_HINT = "steward_stop";
const POLL_MS = 1_000;
const FIRST_RESTART_MS = 5_000;
const MAX_RESTART_MS = 300_000;

export type ChannelsOptions = {
  /** Asked when it is needed: a command that needs no channel does not fail over one that is set up halfway. */
  readonly settings: () => ChannelSettings;
  readonly ports: () => ApiPorts;
  /** Address of the pages without a slash at the end; null when nobody but this machine reaches them. */
  readonly baseUrl: () => string | null;
  readonly log: Log;
  readonly rooms?: ChannelRooms;
};

export type Channels = {
  /** People's accounts, and how the platforms are, for the API and the command line. */
  readonly accounts: AccountPorts;
  /** Starts what is set up, and sending; throws when the set-up is wrong. A platform that is away is tried again. */
  start(mount: Mount): Promise<void>;
  /** There may be something to send. */
  wake(): void;
  stop(): Promise<void>;
};

type Made = { readonly channel: PlatformChannel; readonly host: ChannelHost };

/** For whoever opens an installation without its channels. */
export function accountsAlone({ db, deps }: Installation): AccountPorts {
  const allowed = { slack: [], teams: [] };
  const { directory, now } = deps;
  return {
    ...accountsOf(createIdentities({ db, directory, now, allowed: () => allowed, baseUrl: () => null })),
    checkChannel: async (name) => {
      throw new StewardError("CHN-404", `${PLATFORM_TITLES[name]} is not set up here.`);
    },
  };
}

const accountsOf = (identities: Identities): Omit<AccountPorts, "checkChannel"> => ({
  openLink: async (_as, code) => await identities.openLink(code),
  confirmLink: identities.startLink,
  accounts: identities.accounts,
  removeAccount: identities.removeAccount,
});

/** The platform channels of an installation. */
export function createChannels(house: Installation, options: ChannelsOptions): Channels {
  const { db, deps, directory } = house;
  const { log, rooms = CHANNEL_ROOMS } = options;
  const on = new Map<PlatformName, PlatformChannel>();
  const ends: (() => Promise<void> | void)[] = [];
  let sender: OutboxSender | null = null;
  let isStopped = false;

  const identities = createIdentities({
    db,
    directory: deps.directory,
    now: deps.now,
    allowed: () => options.settings().allowed,
    baseUrl: options.baseUrl,
  });
  let key: VaultKey | null = null;
  const vaultKey = (): VaultKey => {
    key ??= findVaultKey({ given: options.settings().vaultKey, directory, kind: db.kind });
    return key;
  };

  const make = async (name: PlatformName, mount: Mount): Promise<Made | null> => {
    const settings = options.settings();
    const host = createChannelHost(house, options.ports(), {
      channel: name,
      identities,
      vault: createVault(db, vaultKey, name),
      baseUrl: options.baseUrl,
      stopTurn: async (session) => {
        await db.query("select pg_notify($1, $2)", [STOP_HINT, session]);
      },
      log,
    });
    const channel =
      name === "slack"
        ? settings.slack && (await rooms.slack(settings.slack, host, mount))
        : settings.teams && (await rooms.teams(settings.teams, host, mount));
    return channel && { channel, host };
  };

  const begin = async (made: Made, waitMs = FIRST_RESTART_MS): Promise<void> => {
    const { channel, host } = made;
    try {
      await channel.start(host.receive);
      log.info(`${PLATFORM_TITLES[channel.name as PlatformName]} is connected`);
    } catch (error) {
      if (error instanceof StewardError && error.status < 500) throw error;
      log.error(`${channel.name} could not be started and is tried again`, { error, waitMs });
      const again = setTimeout(() => {
        if (!isStopped) void begin(made, Math.min(MAX_RESTART_MS, waitMs * 2)).catch(tell(channel.name));
      }, waitMs).unref();
      ends.push(() => clearTimeout(again));
    }
  };
  const tell = (name: string) => (error: unknown) => log.error(`${name} could not be started`, { error });

  const labelOf = createLabeller(deps);
  const prepare = async (row: OutboxRow): Promise<Prepared | null> => {
    const viewer = deps.directory().find(row.viewer);
    // An account that was taken off, or is another person's now: its places get nothing more of what was asked there.
    const { channel } = row.thread;
    const platform = channel === "slack" || channel === "teams" ? channel : null;
    if (viewer && platform && (await identities.accountOf(platform, viewer.id)) === null) return null;
    const item =
      viewer &&
      ((await threadItemAt(deps, row.session, viewer, row.seq)) ?? (await closedCardAt(deps, row, viewer)));
    if (!item) return null;
    const label = await labelOf(row.session, item);
    return {
      item,
      viewer: viewer.id,
      label,
      ...((await isAskedAgain(row, item)) ? { isReminder: true } : {}),
    };
  };
  const isAskedAgain = async (row: OutboxRow, item: Prepared["item"]): Promise<boolean> => {
    if (item.kind !== "card" || !item.card.items.some(({ mayDecide }) => mayDecide)) return false;
    const [event] = await readEventsAfter(db, row.session, row.seq - 1, 1);
    return event?.type === "card.changed" && asksAgain(event);
  };

  return {
    accounts: {
      ...accountsOf(identities),
      checkChannel: async (name) => {
        const channel = on.get(name) ?? (await make(name, () => {}))?.channel;
        if (!channel) throw new StewardError("CHN-404", `${PLATFORM_TITLES[name]} is not set up here.`);
        return await channel.check();
      },
    },
    start: async (mount) => {
      const settings = options.settings();
      const names = (["slack", "teams"] as const).filter((name) => settings[name] !== null);
      ends.push(
        await keepPlatforms(db, names, (error) => log.warn("The platforms could not be told", { error })),
      );
      if (names.length > 0 || settings.formerVaultKey !== null)
        await openVault(house, settings, vaultKey, log);
      if (names.length === 0) return;
      feedPlatforms(db);
      const all: Made[] = [];
      for (const name of names) {
        const made = await make(name, mount);
        if (!made) continue;
        on.set(name, made.channel);
        all.push(made);
      }
      for (const made of all) await begin(made);
      house.onDelta((delta) => {
        for (const channel of on.values()) channel.stream?.(delta);
      });
      sender = startOutboxSender(db, [...on.values()], {
        pollMs: POLL_MS,
        prepare,
        fanOut: async (row) => await fanOutCard({ ...deps, platforms: on }, row),
        lost: async (thread, item) => await removePost(db, thread, item),
        onError: (error) => log.error("The outbox could not be sent", { error }),
      });
      ends.push(
        startSweepingPosts(
          db,
          deps.now,
          (posts) => log.info("The places of old cards and answers were forgotten", { posts }),
          (error) => log.warn("The places of old cards could not be swept", { error }),
        ),
        await db.listen(STOP_HINT, (session) => void house.worker.stopTurn(session)),
      );
    },
    wake: () => sender?.wake(),
    stop: async () => {
      isStopped = true;
      await sender?.stop();
      const ended = (error: unknown) => log.warn("A channel did not end well", { error });
      for (const channel of on.values()) await channel.stop().catch(ended);
      for (const end of ends) await Promise.resolve(end()).catch(ended);
    },
  };
}

/** Seals anew what is under the former key, and finds out now whether the rest opens, not when somebody waits. */
async function openVault(
  { db }: Installation,
  settings: ChannelSettings,
  vaultKey: () => VaultKey,
  log: Log,
): Promise<void> {
  if ((await listKeyIds(db)).length === 0) return;
  const key = vaultKey();
  if (settings.formerVaultKey !== null) {
    const former = readVaultKey(settings.formerVaultKey, "STEWARD_VAULT_KEY_OLD");
    const rotated = await rotateVault(db, former, key);
    if (rotated > 0) log.info("The vault is sealed under the new key", { secrets: rotated });
  }
  if ((await listKeyIds(db)).some((id) => id !== key.id)) throw new StewardError("VLT-403");
}
