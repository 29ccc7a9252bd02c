import type { Inbound } from "../../src/types/channel.ts";
import type { ChannelHost, PlatformChannel } from "../../src/types/channel-host.ts";
import { answer, openSlackRoom } from "./slack/slack-room.ts";
import { textOf } from "./slack/text-of.ts";
import { wordsOf } from "./teams/check-card.ts";
import { readMessage } from "./teams/read-message.ts";
import { startTeamsHouse } from "./teams/teams-house.ts";

export type Attached = { readonly name: string; readonly content: Uint8Array };

/** One person and Steward on a platform, seen from outside: what goes in, and what the person then reads. */
export type BadInputRoom = {
  readonly channel: PlatformChannel;
  /** May be changed by a test. */
  readonly host: { -readonly [Name in keyof ChannelHost]: ChannelHost[Name] };
  readonly maxFileBytes: number;
  readonly received: readonly Inbound[];
  /** What stands in the log, as text. */
  logged(): readonly string[];
  /** Says something in the person's own chat; true when the platform need not send it again. */
  say(text: string, files?: readonly Attached[]): Promise<boolean>;
  /** Says something in a channel that the person shares with another. */
  sayInChannel(text: string): Promise<void>;
  post(text: string, more?: { readonly id?: string; readonly out?: string }): Promise<void>;
  /** What the person reads of Steward's in their own chat, message by message. */
  reads(): Promise<readonly string[]>;
  /** The channel of `sayInChannel` is deleted. */
  deleteChannel(): void;
  /** The person deletes the newest message of Steward's in their own chat. */
  deleteNewest(): Promise<void>;
  /** The app's secret is worth nothing any more, or again. */
  revoke(): Promise<void>;
  restore(): Promise<void>;
  /** What the platform would not have taken. */
  wrong(): readonly string[];
  close(): Promise<void>;
};

const PUBLIC = { sensitivity: "internal", readers: ["everyone"] } as const;
let clock = 0;

export async function openSlackBadInput(): Promise<BadInputRoom> {
  const room = await openSlackRoom();
  const own = () => room.nora.seen("@steward").filter(({ author }) => author === "Steward");
  return {
    channel: room.channel,
    host: room.host,
    maxFileBytes: room.host.maxFileBytes,
    received: room.received,
    logged: () => room.logs.map((line) => JSON.stringify(line)),
    async say(text, files = []) {
      const { acks } = await room.nora.says("@steward", text, { files });
      return acks.every(({ isAcked }) => isAcked);
    },
    async sayInChannel(text) {
      await room.nora.says("sales", `@steward ${text}`);
    },
    async post(text, { id, out } = {}) {
      const last = room.received.at(-1);
      if (!last) throw new Error("Nothing was received.");
      const made = answer(last.thread, text, { viewer: last.principal, label: PUBLIC });
      const item = id === undefined ? made.item : { ...made.item, id };
      await room.channel.post({ ...made, id: out ?? made.id, item });
    },
    reads: async () => own().map(({ blocks }) => textOf(blocks)),
    deleteChannel: () => {
      room.platform.world.channels.delete(room.platform.channel("sales").id);
    },
    async deleteNewest() {
      const { ts } = own().at(-1) ?? { ts: "" };
      const [channel] = room.received.map(({ thread }) => thread.conversation.split("/")[1] ?? "");
      const message = room.platform.world.find(channel ?? "", ts);
      if (message) room.platform.world.remove(message);
    },
    revoke: async () => await room.platform.revoke("silently"),
    restore: async () => room.platform.restore(),
    wrong: () =>
      room.platform.calls
        .filter(({ answer: code }) => /^invalid_|too_long|no_text/.test(code))
        .map(({ method, answer: code }) => `${method}: ${code}`),
    close: async () => await room.close(),
  };
}

export async function openTeamsBadInput(sdk: "botbuilder" | "agents"): Promise<BadInputRoom> {
  clock = 0;
  const house = await startTeamsHouse(sdk, { now: () => new Date(Date.now() + clock) });
  const { teams, ada, mia } = house;
  const chat = teams.personal(ada);
  const channel = teams.channel("Sales", [ada, mia]);
  const own = async () => (await teams.seen(ada, chat)).filter(({ isBot }) => isBot);
  return {
    channel: house.channel,
    host: house.host,
    maxFileBytes: house.host.maxFileBytes,
    received: house.received,
    logged: () =>
      house.calls.filter(({ what }) => what.startsWith("log ")).map((line) => JSON.stringify(line)),
    async say(text, files = []) {
      const attachments = files.map(({ name, content }) => teams.file(name, content));
      return (await teams.say(ada, chat, text, { attachments })).status === 200;
    },
    async sayInChannel(text) {
      await teams.say(ada, channel, text, { isMention: true });
    },
    async post(text, { id, out } = {}) {
      const item = house.answer(text, id === undefined ? {} : { id });
      await house.post(item, { label: PUBLIC, ...(out === undefined ? {} : { id: out }) });
    },
    reads: async () =>
      (await own()).map(({ text, cards }) => [readMessage(text), ...cards.map(wordsOf)].join("\n")),
    deleteChannel: () => {
      channel.isDeleted = true;
    },
    async deleteNewest() {
      const newest = (await own()).at(-1);
      const message = chat.messages.find(({ id }) => id === newest?.id);
      if (message) message.isDeleted = true;
    },
    async revoke() {
      teams.fault({ on: /POST \/login/, status: 401, times: 1 });
      await teams.revokeTokens();
    },
    async restore() {
      // Who was refused asks again after a while.
      clock += 700_000;
    },
    wrong: () => [...teams.problems, ...teams.ledger.violations.map((one) => JSON.stringify(one))],
    close: async () => await house.close(),
  };
}
