import { randomBytes } from "node:crypto";
import { type Method, readable, requireScope, text } from "./call.ts";
import { SlackApiError } from "./slack-api-error.ts";
import { APP_ID, type Fields } from "./slack-world.ts";

const STATUSES = new Set(["active", "processing", "suspended", "closed"]);
const MOST_TITLE = 200;
const MOST_PROMPTS = 4;

const authTest: Method = ({ team, token }) => ({
  url: `https://${team.domain}.slack.com/`,
  team: team.name,
  user: "steward",
  team_id: team.id,
  user_id: team.botUser,
  ...(token.kind === "bot" ? { bot_id: team.botId } : {}),
  is_enterprise_install: token.isOrganization === true,
});

/** The thread of an agent's session or status: the place must be the app's, and the root must be there. */
const threadKey: (call: Parameters<Method>[0]) => string = (call) => {
  const channel = readable(call, call.args.channel_id);
  const ts = call.args.thread_ts;
  if (typeof ts !== "string" || ts === "") throw new SlackApiError("invalid_thread_ts");
  const root = call.world.find(channel.id, ts);
  if (!root) throw new SlackApiError("thread_not_found");
  return `${channel.id} ${root.threadTs ?? root.ts}`;
};

const setSessionStatus: Method = (call) => {
  requireScope(call, "chat:write");
  const { args, world } = call;
  const status = text(args.status);
  if (!STATUSES.has(status)) throw new SlackApiError("invalid_arguments");
  if (text(args.title).length > MOST_TITLE) throw new SlackApiError("invalid_arguments");
  if (["icon_emoji", "icon_url", "username"].some((name) => args[name]))
    requireScope(call, "chat:write.customize");
  const key = threadKey(call);
  const session = world.sessions.get(key) ?? {
    status,
    title: text(args.title) || null,
    initiator: text(args.initiator_user_id) || null,
  };
  session.status = status;
  world.sessions.set(key, session);
  const isStopShown = status !== "processing" || call.options.isStopSubscribed();
  return {
    status,
    agent_status: status,
    title: session.title ?? "",
    ...(isStopShown ? {} : { warning: "missing_agent_session_stopped_event_subscription" }),
  };
};

const renameSession: Method = (call) => {
  requireScope(call, "chat:write");
  const title = text(call.args.title);
  if (title === "" || title.length > MOST_TITLE) throw new SlackApiError("invalid_arguments");
  const session = call.world.sessions.get(threadKey(call));
  if (!session) throw new SlackApiError("session_not_found");
  session.title = title;
  return { title };
};

const setStatus: Method = (call) => {
  if (!call.token.scopes.includes("assistant:write")) requireScope(call, "chat:write");
  const key = threadKey(call);
  const status = text(call.args.status);
  if (status) call.world.threadStatus.set(key, status);
  else call.world.threadStatus.delete(key);
  return {};
};

const setTitle: Method = (call) => {
  requireScope(call, "assistant:write");
  const key = threadKey(call);
  const title = text(call.args.title);
  if (!title) throw new SlackApiError("invalid_arguments");
  const session = call.world.sessions.get(key);
  if (session) session.title = title;
  else call.world.sessions.set(key, { status: "active", title, initiator: null });
  return {};
};

const setSuggestedPrompts: Method = (call) => {
  requireScope(call, "assistant:write");
  const { args, world } = call;
  const channel = readable(call, args.channel_id);
  const prompts = (
    typeof args.prompts === "string" ? JSON.parse(args.prompts) : args.prompts
  ) as readonly Fields[];
  const isRight =
    Array.isArray(prompts) &&
    prompts.length > 0 &&
    prompts.length <= MOST_PROMPTS &&
    prompts.every((prompt) => text(prompt.title) !== "" && text(prompt.message) !== "");
  if (!isRight) throw new SlackApiError("invalid_arguments");
  world.prompts.set(args.thread_ts ? threadKey(call) : channel.id, prompts);
  return {};
};

const connectionsOpen: Method = (call) => {
  requireScope(call, "connections:write");
  const url = new URL(call.options.origin());
  return { url: `ws://${url.host}/link/?ticket=${randomBytes(12).toString("hex")}&app_id=${APP_ID}` };
};

const uninstall: Method = (call) => {
  for (const token of call.world.tokens.values())
    if (token.team === call.team.id && token.kind === "bot") token.isRevoked = true;
  call.team.isInstalled = false;
  return {};
};

const revoke: Method = (call) => {
  if (call.args.test) return { revoked: false };
  call.token.isRevoked = true;
  return { revoked: true };
};

export const APP_METHODS: Readonly<Record<string, Method>> = {
  "agents.sessions.rename": renameSession,
  "agents.sessions.setStatus": setSessionStatus,
  "apps.connections.open": connectionsOpen,
  "apps.uninstall": uninstall,
  "assistant.threads.setStatus": setStatus,
  "assistant.threads.setSuggestedPrompts": setSuggestedPrompts,
  "assistant.threads.setTitle": setTitle,
  "auth.revoke": revoke,
  "auth.test": authTest,
};
