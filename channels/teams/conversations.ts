import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { conversationKey, personKey } from "./note-keys.ts";
import { type ConversationRef, type InActivity, parseConversationRef } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";

const MAX_REMEMBERED = 5_000;

const personNote = z.object({
  user: z.string().min(1).max(1024),
  direct: z.unknown(),
  /** Any conversation with the person, for where to write and as whom. */
  any: z.unknown(),
});

/** Where Steward was spoken to, kept so that it can write first, with either SDK. */
export type Conversations = {
  /** Keeps what an activity tells about its place and its person; writes only what is new. */
  remember(activity: InActivity): Promise<void>;
  forget(tenant: string, conversation: string): Promise<void>;
  refOf(tenant: string, conversation: string): Promise<ConversationRef | null>;
  /** A channel, also one in which nobody has spoken yet, as somebody of the tenant is reached. */
  channelOf(tenant: string, channel: string, person: string): Promise<ConversationRef | null>;
  /** The personal chat with somebody, made when there is none; null when they were never met. */
  directOf(tenant: string, person: string): Promise<ConversationRef | null>;
};

export function createConversations(
  host: Pick<ChannelHost, "notes">,
  transport: Pick<ActivityTransport, "createDirect">,
): Conversations {
  const known = new Map<string, string>();
  const keep = (key: string, value: string) => {
    known.delete(key);
    known.set(key, value);
    const oldest = known.size > MAX_REMEMBERED ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
  };
  const read = async (key: string): Promise<JsonObject | null> => {
    const cached = known.get(key);
    if (cached !== undefined) return JSON.parse(cached) as JsonObject;
    const note = await host.notes.read(key);
    if (note !== null) keep(key, JSON.stringify(note));
    return note;
  };
  const write = async (key: string, value: JsonObject): Promise<void> => {
    // As the database gives it back: keys in an order of their own.
    if (sorted(await read(key)) === sorted(value)) return;
    await host.notes.write(key, value);
    keep(key, JSON.stringify(value));
  };

  const readPerson = async (tenant: string, person: string) => {
    const note = personNote.safeParse(await read(personKey(tenant, person)));
    if (!note.success) return null;
    return {
      user: note.data.user,
      direct: parseConversationRef(note.data.direct),
      any: parseConversationRef(note.data.any),
    };
  };

  return {
    async remember(activity) {
      const { conversation, from, ref } = activity;
      if (conversation.tenant === null) return;
      const stored = storedRef(ref);
      await write(conversationKey(conversation.tenant, conversation.id), stored);
      if (from.aadObjectId === null || from.id.startsWith("28:")) return;
      const before = await readPerson(conversation.tenant, from.aadObjectId);
      const direct = conversation.kind === "personal" ? stored : before?.direct && storedRef(before.direct);
      await write(personKey(conversation.tenant, from.aadObjectId), {
        user: from.id,
        direct: direct ?? null,
        any: direct ?? (before?.any ? storedRef(before.any) : stored),
      });
    },

    async forget(tenant, conversation) {
      const key = conversationKey(tenant, conversation);
      known.delete(key);
      await host.notes.remove(key);
    },

    async refOf(tenant, conversation) {
      return parseConversationRef(await read(conversationKey(tenant, conversation)));
    },

    async channelOf(tenant, channel, person) {
      const spoken = parseConversationRef(await read(conversationKey(tenant, channel)));
      if (spoken !== null || !/^19:[^#;]{1,300}@thread/.test(channel)) return spoken;
      const found = await readPerson(tenant, person);
      const like = found?.any ?? found?.direct ?? null;
      return like && { ...like, user: null, conversation: channelPlace(tenant, channel) };
    },

    async directOf(tenant, person) {
      const found = await readPerson(tenant, person);
      if (found === null) return null;
      if (found.direct) return found.direct;
      if (!found.any) return null;
      try {
        const direct = await transport.createDirect({
          serviceUrl: found.any.serviceUrl,
          tenant,
          user: found.user,
          bot: found.any.bot,
        });
        const stored = storedRef(direct);
        await write(conversationKey(tenant, direct.conversation.id), stored);
        await write(personKey(tenant, person), { user: found.user, direct: stored, any: stored });
        return direct;
      } catch (error) {
        // Without the app in their Teams nobody can be written to; everything else may pass.
        if (error instanceof TeamsSendError && error.isPermanent) return null;
        throw error;
      }
    },
  };
}

const channelPlace = (tenant: string, id: string): ConversationRef["conversation"] => ({
  id,
  conversationType: "channel",
  tenantId: tenant,
  isGroup: true,
  name: null,
});

/** Without what differs from message to message. */
const storedRef = (ref: ConversationRef): JsonObject => ({
  ...ref,
  bot: { ...ref.bot },
  agent: { ...ref.agent },
  user: ref.user === null || ref.conversation.isGroup ? null : { ...ref.user },
  activityId: null,
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
