import type { ChannelRooms } from "../../src/compose/channels/channel-rooms.ts";
import type { Delta, Inbound, Outbound } from "../../src/types/channel.ts";
import type { ChannelHost, PlatformChannel, PlatformName } from "../../src/types/channel-host.ts";
import type { ThreadRef } from "../../src/types/thread.ts";

/** One message that stands on the platform. */
export type Standing = { readonly message: number; outbound: Outbound; edits: number };

/**
 * A platform kept in memory that takes nothing but what the contract says: each copy of an item once in a thread,
 * edited where it stands, always with its viewer and its label.
 */
export type Recorder = {
  readonly name: PlatformName;
  readonly host: () => ChannelHost;
  readonly posts: Outbound[];
  readonly deltas: Delta[];
  readonly channel: PlatformChannel;
  /** What stands in a thread, top to bottom. */
  shown(thread: Pick<ThreadRef, "conversation" | "thread">): readonly Standing[];
  /** Called before a post; may throw as a platform does. */
  before: (outbound: Outbound) => void | Promise<void>;
  /** Called after a post stands and before the outbox hears of it. */
  after: (outbound: Outbound) => void | Promise<void>;
  /** Places that a person reads along at. */
  readonly open: Set<string>;
};

export function createRecorders(): {
  readonly rooms: ChannelRooms;
  readonly slack: Recorder;
  readonly teams: Recorder;
} {
  const slack = createRecorder("slack");
  const teams = createRecorder("teams");
  const { channel: slackChannel } = slack;
  return {
    slack,
    teams,
    rooms: {
      slack: async (_settings, host) => {
        slack.use(host);
        return slackChannel;
      },
      teams: async (_settings, host) => {
        teams.use(host);
        return teams.channel;
      },
    },
  };
}

function createRecorder(name: PlatformName): Recorder & { use(host: ChannelHost): void } {
  let host: ChannelHost | null = null;
  let next = 0;
  const places = new Map<string, Standing[]>();
  const key = ({ conversation, thread }: Pick<ThreadRef, "conversation" | "thread">) =>
    `${conversation}\n${thread}`;
  const recorder: Recorder & { use(host: ChannelHost): void } = {
    name,
    host: () => {
      if (!host) throw new Error("not made yet");
      return host;
    },
    use: (given) => {
      host = given;
    },
    posts: [],
    deltas: [],
    open: new Set(),
    before: () => {},
    after: () => {},
    shown: (thread) => places.get(key(thread)) ?? [],
    channel: {
      name,
      capabilities: { streaming: true, edits: true },
      start: async (_receive: (message: Inbound) => Promise<{ readonly session: string }>) => {},
      stop: async () => {},
      stream: (delta) => void recorder.deltas.push(delta),
      check: async () => [{ name: "token", ok: true, detail: "It is valid.", remedy: null }],
      isOpenTo: async (thread, person) => recorder.open.has(`${key(thread)}\n${person}`),
      post: async (outbound) => {
        await recorder.before(outbound);
        if (outbound.thread.channel !== name) throw new Error("posted to the wrong platform");
        if (!outbound.viewer || !outbound.label) throw new Error("nobody said for whom, or what it draws on");
        recorder.posts.push(outbound);
        const at = places.get(key(outbound.thread)) ?? [];
        places.set(key(outbound.thread), at);
        const known = await recorder.host().posts.find(outbound.thread, outbound.item.id);
        const standing = known && at.find(({ message }) => message === known.ref.message);
        if (standing) {
          standing.outbound = outbound;
          standing.edits += 1;
        } else {
          if (at.some((one) => one.outbound.item.id === outbound.item.id)) throw new Error("shown twice");
          next += 1;
          at.push({ message: next, outbound, edits: 0 });
          const { thread, item, viewer } = outbound;
          await recorder.host().posts.save({ thread, item: item.id, viewer, ref: { message: next } });
        }
        await recorder.after(outbound);
      },
    },
  };
  return recorder;
}
