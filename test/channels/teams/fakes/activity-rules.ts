import type { Json, JsonObject } from "../../../../src/types/json.ts";
import { cardProblems } from "./card-rules.ts";
import { cardsOf, type Stream, type TeamsConversation, type TeamsState } from "./teams-state.ts";

/** Teams refuses with these; `code` is in the body. */
export type Refusal = { readonly status: number; readonly code: string; readonly message: string };

const MAX_MESSAGE_BYTES = 40_000;
const MAX_STREAM_MS = 120_000;
const MIN_STREAM_GAP_MS = 900;
const FORMATS = [undefined, "plain", "markdown", "xml"];
const CONTENT_TYPES = [
  "application/vnd.microsoft.card.adaptive",
  "application/vnd.microsoft.card.hero",
  "application/vnd.microsoft.teams.card.file.consent",
  "application/vnd.microsoft.teams.card.file.info",
];
const KNOWN_FIELDS = new Set([
  "type",
  "text",
  "textFormat",
  "summary",
  "replyToId",
  "attachments",
  "entities",
  "suggestedActions",
  "channelData",
  "channelId",
  "serviceUrl",
  "conversation",
  "from",
  "recipient",
  "id",
  "locale",
  "importance",
  "inputHint",
  "attachmentLayout",
  "timestamp",
  "localTimestamp",
  "value",
  "name",
  "membersAdded",
  "membersRemoved",
  "reactionsAdded",
  "reactionsRemoved",
  "textHighlights",
]);

const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message });
const list = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value)
    ? (value.filter((one) => typeof one === "object" && one !== null) as JsonObject[])
    : [];

/** What Teams would say to a message of the bot; null when it takes it. Stricter than Teams where Teams fails silently. */
export function checkActivity(
  state: TeamsState,
  conversation: TeamsConversation,
  place: string,
  activity: JsonObject,
): Refusal | null {
  const bad = (message: string) => refusal(400, "BadSyntax", message);
  const bytes = Buffer.byteLength(JSON.stringify(activity));
  if (bytes > MAX_MESSAGE_BYTES) return refusal(413, "MessageSizeTooBig", `${bytes} bytes`);
  for (const field of Object.keys(activity))
    if (!KNOWN_FIELDS.has(field)) return bad(`unknown field ${field}`);
  if (activity.type !== "message" && activity.type !== "typing")
    return bad(`activity type ${String(activity.type)}`);
  if ((activity.from as JsonObject | undefined)?.id !== state.bot.id) return bad("not from the bot");
  if ((activity.conversation as JsonObject | undefined)?.id !== place)
    return bad("another conversation in the body");
  if (!FORMATS.some((format) => format === activity.textFormat))
    return bad(`text format ${String(activity.textFormat)}`);
  const attachments = list(activity.attachments);
  if (activity.type === "message" && !activity.text && attachments.length === 0)
    return bad("an empty message");
  for (const { contentType } of attachments) {
    if (!CONTENT_TYPES.includes(String(contentType)) && !String(contentType).startsWith("image/"))
      return bad(`attachment ${String(contentType)}`);
  }
  for (const card of cardsOf(activity)) {
    const problems = cardProblems(card);
    if (problems.length > 0) return bad(`card: ${problems.join("; ")}`);
  }
  return checkEntities(state, conversation, activity) ?? checkSuggestions(conversation, activity);
}

function checkSuggestions(conversation: TeamsConversation, activity: JsonObject): Refusal | null {
  const suggested = activity.suggestedActions as JsonObject | undefined;
  if (!suggested) return null;
  if (conversation.kind !== "personal")
    return refusal(400, "BadSyntax", "suggested actions outside a personal chat");
  const actions = list(suggested.actions);
  if (actions.length > 6) return refusal(400, "BadSyntax", "more than six suggested actions");
  const isFine = actions.every(
    (one) => one.type === "imBack" && typeof one.title === "string" && typeof one.value === "string",
  );
  return isFine ? null : refusal(400, "BadSyntax", "a suggested action that is no imBack");
}

function checkEntities(
  state: TeamsState,
  conversation: TeamsConversation,
  activity: JsonObject,
): Refusal | null {
  const bad = (message: string) => refusal(400, "BadSyntax", message);
  const text = String(activity.text ?? "");
  for (const entity of list(activity.entities)) {
    if (entity.type === "mention") {
      const who = String((entity.mentioned as JsonObject | undefined)?.id);
      const isMember = [...state.users.values()].some(
        (user) =>
          (user.id === who || user.aadObjectId === who || user.userPrincipalName === who) &&
          conversation.members.has(user.id),
      );
      if (!isMember) return bad("a mention of somebody who is not here");
      if (!text.includes(String(entity.text))) return bad("a mention that is not in the text");
    } else if (entity.type === "https://schema.org/Message") {
      const citations = list(entity.citation);
      if (citations.length > 20) return bad("more than 20 citations");
      for (const { position, appearance } of citations) {
        const shown = appearance as JsonObject | undefined;
        if (!text.includes(`[${String(position)}]`))
          return bad(`citation ${String(position)} is not in the text`);
        if (typeof shown?.name !== "string" || shown.name === "" || shown.name.length > 80)
          return bad("a citation's name");
        if (typeof shown.abstract !== "string" || shown.abstract.length > 160)
          return bad("a citation's abstract");
        if (shown.url !== undefined && !/^https?:/.test(String(shown.url)))
          return bad("a citation's address");
      }
    } else if (entity.type !== "streaminfo" && entity.type !== "clientInfo") {
      return bad(`entity ${String(entity.type)}`);
    }
  }
  return null;
}

/** The stream that an activity belongs to, or what is wrong; null when it is no part of one. */
export function checkStream(
  state: TeamsState,
  conversation: TeamsConversation,
  place: string,
  activity: JsonObject,
): { readonly stream: Stream; readonly id: string; readonly isFinal: boolean } | Refusal | null {
  const info = list(activity.entities).find((entity) => entity.type === "streaminfo");
  if (!info) return null;
  const bad = (message: string) => refusal(403, "ContentStreamNotAllowed", message);
  if (conversation.kind !== "personal") return bad("streaming outside a personal chat");
  const { streamId, streamType, streamSequence } = info;
  const text = String(activity.text ?? "");
  const isFinal = streamType === "final";
  if (!["informative", "streaming", "final"].includes(String(streamType)))
    return bad(`stream type ${String(streamType)}`);
  if (isFinal !== (activity.type === "message"))
    return bad("a final part is a message, every other is typing");
  if (isFinal ? streamSequence !== undefined : !Number.isInteger(streamSequence))
    return bad("stream sequence");
  if (!isFinal && text === "") return refusal(400, "BadSyntax", "an empty part of a stream");
  if (streamId === undefined) {
    if (isFinal || streamSequence !== 1) return bad("a stream starts with sequence 1");
    const id = state.nextId();
    const at = state.now();
    const stream: Stream = {
      place,
      sequence: 1,
      text: streamType === "streaming" ? text : "",
      isDone: false,
      startedAt: at,
      lastAt: at,
    };
    state.streams.set(id, stream);
    return { stream, id, isFinal: false };
  }
  const stream = state.streams.get(String(streamId));
  if (!stream || stream.place !== place) return bad("no such stream");
  if (stream.isDone) return bad("the stream is over");
  if (state.now() - stream.startedAt > MAX_STREAM_MS) return bad("the stream exceeded two minutes");
  if (!isFinal && state.now() - stream.lastAt < MIN_STREAM_GAP_MS)
    return refusal(429, "RateLimitExceeded", "one part a second");
  if (!isFinal && Number(streamSequence) <= stream.sequence)
    return refusal(202, "ContentStreamSequenceOrderPreConditionFailed", "late part");
  if (streamType === "streaming" && !text.startsWith(stream.text)) return bad("what was shown may only grow");
  stream.sequence = isFinal ? stream.sequence : Number(streamSequence);
  if (streamType !== "informative") stream.text = text;
  stream.isDone = isFinal;
  stream.lastAt = state.now();
  return { stream, id: String(streamId), isFinal };
}
