import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject } from "../../../../src/types/json.ts";
import { checkActivity, checkStream, type Refusal } from "./activity-rules.ts";
import type { RateLedger } from "./rate-ledger.ts";
import {
  basePlace,
  type TeamsConversation,
  type TeamsMessage,
  type TeamsState,
  type TeamsUser,
} from "./teams-state.ts";

/** What goes wrong on purpose: the next calls whose "METHOD /path" fits. */
export type Fault = {
  readonly on: RegExp;
  readonly status?: number;
  readonly retryAfterS?: number;
  /** Carried out all the same: only the answer is lost. */
  readonly isAfter?: boolean;
  /** The connection breaks instead of an answer. */
  readonly isDropped?: boolean;
  readonly delayMs?: number;
  times: number;
};

export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Asked = {
  readonly method: string;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
};

const PAGE = 50;
const refused = ({ status, code, message }: Refusal): Reply => ({
  status,
  body: { error: { code, message } },
});
const notFound = (code: string): Reply => refused({ status: 404, code, message: "It is not here." });

/** `/v3/…` of the connector, for a caller who proved to be the bot. */
export function connectorReply(state: TeamsState, ledger: RateLedger, asked: Asked): Reply {
  const [, first, id = "", what, item] = asked.parts;
  if (first === "attachments") return attachment(state, id);
  if (first !== "conversations") return notFound("NotFound");
  if (id === "")
    return asked.method === "POST" ? createConversation(state, ledger, asked.body) : notFound("NotFound");
  const conversation = state.conversations.get(basePlace(id));
  const waitMs = ledger.count(what === "activities" ? "send" : "read", basePlace(id));
  if (waitMs !== null) {
    const headers = { "retry-after": String(Math.ceil(waitMs / 1000)) };
    return { ...refused({ status: 429, code: "RateLimitExceeded", message: "Too many." }), headers };
  }
  if (!conversation || conversation.isDeleted) return notFound("ConversationNotFound");
  if (!conversation.hasBot) {
    return refused({
      status: 403,
      code: "BotNotInConversationRoster",
      message: "The bot is not part of it.",
    });
  }
  if (what === "activities") return activities(state, conversation, id, item, asked);
  if (what === "pagedmembers" && asked.method === "GET") return members(state, conversation, asked.query);
  if (what === "members" && asked.method === "GET" && item) {
    const user = state.users.get(item) ?? [...state.users.values()].find((one) => one.aadObjectId === item);
    return user && conversation.members.has(user.id)
      ? { status: 200, body: asMember(user) }
      : notFound("MemberNotFoundInConversation");
  }
  return notFound("NotFound");
}

function activities(
  state: TeamsState,
  conversation: TeamsConversation,
  place: string,
  item: string | undefined,
  asked: Asked,
): Reply {
  const { method, body } = asked;
  const root = place.split(";messageid=")[1];
  if (root && !conversation.messages.some(({ id }) => id === root)) return notFound("ConversationNotFound");
  const message = item ? conversation.messages.find(({ id }) => id === item) : undefined;
  if (method === "DELETE") {
    if (!message || message.isDeleted) return notFound("ActivityNotFoundInConversation");
    if (message.from !== state.bot.id)
      return refused({ status: 403, code: "Forbidden", message: "Not the bot's own." });
    message.isDeleted = true;
    return { status: 200 };
  }
  const problem = checkActivity(state, conversation, place, body);
  if (problem) {
    state.problems.push(`${method} ${problem.status}: ${problem.message}`);
    return refused(problem);
  }
  if (method === "PUT") {
    if (!message || message.isDeleted) return notFound("ActivityNotFoundInConversation");
    if (message.from !== state.bot.id)
      return refused({ status: 403, code: "Forbidden", message: "Not the bot's own." });
    if (body.type !== "message")
      return refused({ status: 400, code: "BadSyntax", message: "only messages are edited" });
    message.activity = body;
    message.version++;
    message.views.clear();
    return { status: 200, body: { id: message.id } };
  }
  if (method !== "POST") return notFound("NotFound");
  const stream = checkStream(state, conversation, place, body);
  if (stream && "code" in stream) {
    state.problems.push(`stream ${stream.status}: ${stream.message}`);
    return refused(stream);
  }
  if (stream) {
    if (stream.isFinal) addMessage(state, conversation, place, state.bot.id, body, stream.id);
    return { status: stream.isFinal ? 200 : 201, body: { id: stream.id } };
  }
  if (body.type === "typing") return { status: 201, body: { id: state.nextId() } };
  return { status: 201, body: { id: addMessage(state, conversation, place, state.bot.id, body).id } };
}

export function addMessage(
  state: TeamsState,
  conversation: TeamsConversation,
  place: string,
  from: string,
  activity: JsonObject,
  id: string = state.nextId(),
): TeamsMessage {
  const message: TeamsMessage = {
    id,
    from,
    at: state.now(),
    place,
    activity,
    version: 1,
    isDeleted: false,
    views: new Map(),
    refreshed: new Set(),
  };
  conversation.messages.push(message);
  return message;
}

function createConversation(state: TeamsState, ledger: RateLedger, body: JsonObject): Reply {
  const members = Array.isArray(body.members) ? (body.members as { id?: unknown }[]) : [];
  const user = state.users.get(String(members[0]?.id));
  const tenant =
    body.tenantId ?? ((body.channelData as JsonObject | undefined)?.tenant as JsonObject | undefined)?.id;
  if (members.length !== 1 || body.isGroup === true)
    return refused({ status: 400, code: "BadSyntax", message: "one member" });
  if (tenant !== state.tenant) return refused({ status: 400, code: "BadSyntax", message: "tenant" });
  if ((body.bot as JsonObject | undefined)?.id !== state.bot.id)
    return refused({ status: 400, code: "BadSyntax", message: "bot" });
  if (!user)
    return refused({
      status: 403,
      code: "BotNotInConversationRoster",
      message: "The app is not installed for them.",
    });
  if (ledger.count("send", `create ${user.id}`) !== null)
    return { status: 429, headers: { "retry-after": "1" } };
  const found = [...state.conversations.values()].find(
    (one) => one.kind === "personal" && one.members.has(user.id),
  );
  if (!found?.hasBot)
    return refused({
      status: 403,
      code: "BotNotInConversationRoster",
      message: "The app is not installed for them.",
    });
  return { status: 201, body: { id: found.id } };
}

function members(state: TeamsState, conversation: TeamsConversation, query: URLSearchParams): Reply {
  const all = [...conversation.members].flatMap((id) => state.users.get(id) ?? []);
  const start = Number(query.get("continuationToken") ?? 0);
  const size = Math.min(Number(query.get("pageSize") ?? PAGE), PAGE);
  const next = start + size < all.length ? { continuationToken: String(start + size) } : {};
  return { status: 200, body: { members: all.slice(start, start + size).map(asMember), ...next } };
}

function asMember(user: TeamsUser): object {
  const { aadObjectId, ...rest } = user;
  return {
    ...rest,
    objectId: aadObjectId,
    givenName: user.name.split(" ")[0],
    surname: user.name.split(" ").at(-1),
  };
}

function attachment(state: TeamsState, id: string): Reply {
  const file = state.files.get(id);
  if (!file) return notFound("NotFound");
  return { status: 200, body: file.content, headers: { "content-type": "application/octet-stream" } };
}

export async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

export function writeReply(res: ServerResponse, { status, body, headers }: Reply): void {
  if (body instanceof Uint8Array) {
    res.writeHead(status, { ...headers }).end(body);
    return;
  }
  res.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  res.end(body === undefined ? "" : JSON.stringify(body));
}
