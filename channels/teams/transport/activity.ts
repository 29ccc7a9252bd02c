import { z } from "zod";
import type { Json, JsonObject } from "../../../src/types/json.ts";

/** Somebody or something in Teams. `id` is Teams' own (`29:…` a person, `28:…` a bot); `aadObjectId` is Entra's. */
export type Account = {
  readonly id: string;
  readonly name: string | null;
  readonly aadObjectId: string | null;
};

export type ConversationKind = "personal" | "groupChat" | "channel";

export type Conversation = {
  /** In a channel's thread with `;messageid=` and the id of its first message. */
  readonly id: string;
  readonly kind: ConversationKind;
  readonly tenant: string | null;
  readonly name: string | null;
};

/**
 * Where to write, stored as it is: both `bot` (Bot Framework SDK) and `agent` (Agents SDK) name the same account,
 * so that what one SDK left behind the other can go on with.
 */
export type ConversationRef = {
  readonly serviceUrl: string;
  readonly channelId: string;
  readonly conversation: {
    readonly id: string;
    readonly conversationType: ConversationKind;
    readonly tenantId: string | null;
    readonly isGroup: boolean;
    readonly name: string | null;
  };
  readonly bot: Account;
  readonly agent: Account;
  readonly user: Account | null;
  /** The message it was taken from. */
  readonly activityId: string | null;
};

export type Attachment = {
  readonly contentType: string;
  readonly contentUrl: string | null;
  readonly name: string | null;
  readonly content: Json;
};

export type Mention = { readonly account: Account; readonly text: string };
export type Reaction = { readonly type: string };

/** What Teams told us, verified and read; fields that are not used here are dropped. */
export type InActivity = {
  /** message, messageUpdate, messageDelete, messageReaction, invoke, conversationUpdate, installationUpdate, … */
  readonly type: string;
  readonly id: string;
  readonly channelId: string;
  /** Invoke and event names: `adaptiveCard/action`, `task/fetch`, `signin/tokenExchange`, … */
  readonly name: string | null;
  readonly from: Account;
  readonly recipient: Account;
  readonly conversation: Conversation;
  readonly text: string;
  readonly textFormat: string | null;
  readonly locale: string | null;
  readonly replyToId: string | null;
  readonly value: Json;
  readonly attachments: readonly Attachment[];
  readonly mentions: readonly Mention[];
  readonly membersAdded: readonly Account[];
  readonly membersRemoved: readonly Account[];
  readonly reactionsAdded: readonly Reaction[];
  readonly reactionsRemoved: readonly Reaction[];
  /** Of an installationUpdate: add, remove, add-upgrade, remove-upgrade. */
  readonly action: string | null;
  readonly team: {
    readonly id: string;
    readonly aadGroupId: string | null;
    readonly name: string | null;
  } | null;
  readonly channel: { readonly id: string; readonly name: string | null } | null;
  /** editMessage, softDeleteMessage, undeleteMessage, channelDeleted, … */
  readonly eventType: string | null;
  readonly sentAt: string | null;
  readonly ref: ConversationRef;
};

/** What we send. Adaptive Cards are attachments with content type `application/vnd.microsoft.card.adaptive`. */
export type OutActivity = {
  readonly type: "message" | "typing";
  readonly text?: string;
  readonly textFormat?: "plain" | "markdown" | "xml";
  /** What a notification shows. */
  readonly summary?: string;
  readonly replyToId?: string;
  readonly attachments?: readonly {
    readonly contentType: string;
    readonly content?: Json;
    readonly name?: string;
    readonly contentUrl?: string;
  }[];
  /** Mentions, citations, the AI label, `streaminfo`. */
  readonly entities?: readonly JsonObject[];
  readonly suggestedActions?: { readonly to: readonly string[]; readonly actions: readonly JsonObject[] };
  readonly channelData?: JsonObject;
};

const MAX_ID = 1024;
/** An id goes into a path of the connector: what could end or leave the path is no id. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE_ID = /[\u0000-\u0020\u007f?#\\%]|\.\.|^\.|\/\//;
const id = z
  .string()
  .min(1)
  .max(MAX_ID)
  .refine((text) => !UNSAFE_ID.test(text), "not an id");
const name = z.string().max(1024).nullish().transform(orNull);
const word = z.string().max(256).nullish().transform(orNull);
const json = z
  .json()
  .nullish()
  .transform((value) => (value ?? null) as Json);

const account = z
  .object({ id, name, aadObjectId: z.string().max(64).nullish().transform(orNull) })
  .transform((read): Account => read);
const kind = z.enum(["personal", "groupChat", "channel"]);
const list = <T extends z.ZodType>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .nullish()
    .transform((items) => items ?? []);

const activity = z.object({
  type: z.string().min(1).max(64),
  id: id.nullish().transform(orNull),
  channelId: z.string().min(1).max(64),
  serviceUrl: z.url().max(2048),
  name: word,
  from: account,
  recipient: account,
  conversation: z.object({
    id,
    conversationType: kind.nullish(),
    isGroup: z.boolean().nullish(),
    tenantId: z.string().max(64).nullish().transform(orNull),
    name,
  }),
  text: z.string().max(400_000).nullish(),
  textFormat: word,
  locale: word,
  replyToId: id.nullish().transform(orNull),
  value: json,
  attachments: list(
    z.object({
      contentType: z.string().max(256),
      contentUrl: z.string().max(8192).nullish().transform(orNull),
      name,
      content: json,
    }),
    100,
  ),
  entities: list(z.looseObject({ type: z.string().max(256).nullish() }), 1000),
  membersAdded: list(account, 5000),
  membersRemoved: list(account, 5000),
  reactionsAdded: list(z.object({ type: z.string().max(256) }), 100),
  reactionsRemoved: list(z.object({ type: z.string().max(256) }), 100),
  action: word,
  timestamp: word,
  channelData: z
    .object({
      tenant: z.object({ id: z.string().max(64) }).nullish(),
      team: z.object({ id: z.string().max(MAX_ID), aadGroupId: word, name }).nullish(),
      channel: z.object({ id: z.string().max(MAX_ID), name }).nullish(),
      eventType: word,
    })
    .nullish(),
});

const mention = z.object({
  type: z.literal("mention"),
  text: z.string().max(4096).default(""),
  mentioned: account,
});

/**
 * Reads an activity of the Bot Framework protocol. Null when it is none: no sender, an id that is no id, lists
 * without end. Unknown fields are dropped.
 */
export function parseActivity(body: unknown): (InActivity & { readonly serviceUrl: string }) | null {
  const read = activity.safeParse(body);
  if (!read.success) return null;
  const a = read.data;
  const tenant = a.conversation.tenantId ?? a.channelData?.tenant?.id ?? null;
  const guess: ConversationKind = a.channelData?.team
    ? "channel"
    : a.conversation.isGroup
      ? "groupChat"
      : "personal";
  const conversationType = a.conversation.conversationType ?? guess;
  return {
    type: a.type,
    // Some events carry no id; what they tell is told again by the next one.
    id: a.id ?? "",
    channelId: a.channelId,
    serviceUrl: a.serviceUrl,
    name: a.name,
    from: a.from,
    recipient: a.recipient,
    conversation: { id: a.conversation.id, kind: conversationType, tenant, name: a.conversation.name },
    text: a.text ?? "",
    textFormat: a.textFormat,
    locale: a.locale,
    replyToId: a.replyToId,
    value: a.value,
    attachments: a.attachments,
    mentions: a.entities.flatMap((entity) => {
      const found = mention.safeParse(entity);
      return found.success ? [{ account: found.data.mentioned, text: found.data.text }] : [];
    }),
    membersAdded: a.membersAdded,
    membersRemoved: a.membersRemoved,
    reactionsAdded: a.reactionsAdded,
    reactionsRemoved: a.reactionsRemoved,
    action: a.action,
    team: a.channelData?.team ?? null,
    channel: a.channelData?.channel ?? null,
    eventType: a.channelData?.eventType ?? null,
    sentAt: a.timestamp,
    ref: {
      serviceUrl: a.serviceUrl,
      channelId: a.channelId,
      conversation: {
        id: a.conversation.id,
        conversationType,
        tenantId: tenant,
        isGroup: conversationType !== "personal",
        name: a.conversation.name,
      },
      bot: a.recipient,
      agent: a.recipient,
      user: a.from,
      activityId: a.id,
    },
  };
}

const storedRef = z.object({
  serviceUrl: z.url().max(2048),
  channelId: z.string().min(1).max(64),
  conversation: z.object({
    id,
    conversationType: kind.nullish(),
    tenantId: z.string().max(64).nullish().transform(orNull),
    isGroup: z.boolean().nullish(),
    name,
  }),
  bot: account.nullish(),
  agent: account.nullish(),
  user: account.nullish(),
  activityId: id.nullish().transform(orNull),
});

/** Reads a stored reference, of this program or of either SDK (which keep only `bot` or only `agent`); null when it is none. */
export function parseConversationRef(stored: unknown): ConversationRef | null {
  const read = storedRef.safeParse(stored);
  if (!read.success) return null;
  const ref = read.data;
  const bot = ref.bot ?? ref.agent;
  if (!bot) return null;
  const isGroup = ref.conversation.isGroup ?? false;
  const conversationType = ref.conversation.conversationType ?? (isGroup ? "groupChat" : "personal");
  return {
    serviceUrl: ref.serviceUrl,
    channelId: ref.channelId,
    conversation: { ...ref.conversation, conversationType, isGroup: conversationType !== "personal" },
    bot,
    agent: ref.agent ?? bot,
    user: ref.user ?? null,
    activityId: ref.activityId,
  };
}

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}
