import type { Json, JsonObject } from "../../../../src/types/json.ts";
import { cardProblems } from "./card-rules.ts";
import { addMessage } from "./connector-routes.ts";
import {
  cardsOf,
  findMessage,
  newId,
  type TeamsConversation,
  type TeamsMessage,
  type TeamsState,
  type TeamsUser,
} from "./teams-state.ts";

/** What the bot answered to a post. */
export type BotAnswer = { readonly status: number; readonly body: Json };
/** A message as one person sees it: an edit's latest state, cards as they are for this person. */
export type SeenMessage = {
  readonly id: string;
  readonly place: string;
  readonly isBot: boolean;
  readonly from: string;
  readonly text: string;
  readonly cards: readonly JsonObject[];
  readonly activity: JsonObject;
  readonly isEdited: boolean;
};

type Node = { readonly [key: string]: Json | undefined };
/** A button by its title, or by what it is. */
type Which = string | ((action: Node) => boolean);
type Post = (activity: JsonObject) => Promise<BotAnswer>;

/** What people do in Teams: write, edit, react, click, look. Each tells the bot what Teams would tell it. */
export function createPeople(
  state: TeamsState,
  post: Post,
  at: { readonly serviceUrl: string; readonly port: number },
) {
  const { serviceUrl, port } = at;
  const envelope = (user: TeamsUser, conversation: TeamsConversation, place: string): JsonObject => ({
    id: state.nextId(),
    channelId: "msteams",
    serviceUrl,
    timestamp: new Date(state.now()).toISOString(),
    locale: "en-US",
    from: { id: user.id, name: user.name, aadObjectId: user.aadObjectId },
    recipient: state.bot,
    conversation: {
      id: place,
      conversationType: conversation.kind,
      tenantId: state.tenant,
      ...(conversation.kind === "personal" ? {} : { isGroup: true }),
    },
    channelData: {
      tenant: { id: user.tenantId },
      ...(conversation.team
        ? { team: conversation.team, channel: { id: conversation.id, name: conversation.name } }
        : {}),
    },
    entities: [{ type: "clientInfo", locale: "en-US", country: "US", platform: "Web" }],
  });
  const tell = (
    user: TeamsUser,
    conversation: TeamsConversation,
    place: string,
    more: JsonObject,
  ): Promise<BotAnswer> => post({ ...envelope(user, conversation, place), ...more });

  const known = (messageId: string) => {
    const found = findMessage(state, messageId);
    if (!found) throw new Error(`there is no message ${messageId}`);
    return found;
  };
  const keep = (
    id: string,
    kind: TeamsConversation["kind"],
    name: string,
    users: readonly TeamsUser[],
    team: TeamsConversation["team"],
  ) => {
    const members = new Set(users.map((user) => user.id));
    const made: TeamsConversation = {
      id,
      kind,
      name,
      members,
      team,
      messages: [],
      hasBot: true,
      isDeleted: false,
    };
    state.conversations.set(id, made);
    return made;
  };
  const addUser = (name: string, more: Partial<TeamsUser> = {}): TeamsUser => {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
    const user: TeamsUser = {
      id: `29:${newId()}`,
      name,
      aadObjectId: newId(),
      email,
      userPrincipalName: email,
      userRole: "user",
      tenantId: state.tenant,
      ...more,
    };
    state.users.set(user.id, user);
    return user;
  };
  /** The one-to-one chat with the bot; there from the start, as when the app is installed. */
  const personal = (user: TeamsUser): TeamsConversation =>
    state.conversations.get(`a:${user.aadObjectId}`) ??
    keep(`a:${user.aadObjectId}`, "personal", user.name, [user], null);

  /** Says something. In a group or channel the bot hears only what mentions it; `status` is null when it did not. */
  const say = async (
    user: TeamsUser,
    conversation: TeamsConversation,
    text: string,
    more: {
      readonly isMention?: boolean;
      readonly root?: string;
      readonly attachments?: readonly JsonObject[];
      readonly extra?: JsonObject;
    } = {},
  ): Promise<{
    readonly id: string;
    readonly place: string;
    readonly status: number | null;
    readonly activity: JsonObject;
  }> => {
    const id = state.nextId();
    const place =
      conversation.kind === "channel" ? `${conversation.id};messageid=${more.root ?? id}` : conversation.id;
    const isHeard = conversation.kind === "personal" || more.isMention === true;
    const at = `<at>${state.bot.name}</at>`;
    const base = envelope(user, conversation, place);
    const mention = { type: "mention", text: at, mentioned: state.bot };
    const activity: JsonObject = {
      ...base,
      id,
      type: "message",
      textFormat: "plain",
      text: more.isMention ? `${at} ${text}` : text,
      attachments: [...(more.attachments ?? []), { contentType: "text/html", content: `<p>${text}</p>` }],
      entities: [...(base.entities as Json[]), ...(more.isMention ? [mention] : [])],
      ...more.extra,
    };
    addMessage(state, conversation, place, user.id, activity, id);
    if (!isHeard || !conversation.hasBot) return { id, place, status: null, activity };
    return { id, place, status: (await post(activity)).status, activity };
  };

  const cardFor = (user: TeamsUser, message: TeamsMessage): JsonObject | null =>
    message.views.get(user.id) ?? cardsOf(message.activity)[0] ?? null;
  const invoke = async (
    user: TeamsUser,
    messageId: string,
    action: Node,
    inputs: JsonObject,
    trigger: "manual" | "automatic",
  ) => {
    const { conversation, message } = known(messageId);
    const data = { ...(action.data as JsonObject | undefined), ...inputs };
    const value = {
      action: { type: "Action.Execute", id: action.id ?? null, verb: action.verb ?? null, data },
      trigger,
    };
    const answer = await tell(user, conversation, message.place, {
      type: "invoke",
      name: "adaptiveCard/action",
      replyToId: message.id,
      value: JSON.parse(JSON.stringify(value)),
    });
    const body = answer.body as { statusCode?: Json; type?: Json; value?: Json } | null;
    if (answer.status === 200 && body?.type === "application/vnd.microsoft.card.adaptive") {
      const problems = cardProblems(body.value);
      if (problems.length > 0) state.problems.push(`invoke card: ${problems.join("; ")}`);
      message.views.set(user.id, body.value as JsonObject);
    } else if (answer.status === 200 && body?.type === undefined) {
      state.problems.push("an adaptiveCard/action answer without a type");
    }
    return answer;
  };
  /** Finds a button of the card as this person sees it; Teams' people cannot click what is not there. */
  const findAction = (user: TeamsUser, messageId: string, which: Which): Node => {
    const { message } = known(messageId);
    const card = cardFor(user, message);
    const fits = typeof which === "string" ? (action: Node) => action.title === which : which;
    const found = actionsOf(card).find(fits);
    if (!found)
      throw new Error(
        `no such button on ${messageId}: ${actionsOf(card)
          .map(({ title }) => String(title))
          .join(", ")}`,
      );
    return found;
  };

  return {
    addUser,
    personal,
    group(name: string, users: readonly TeamsUser[]): TeamsConversation {
      return keep(`19:${newId()}@thread.v2`, "groupChat", name, users, null);
    },
    channel(name: string, users: readonly TeamsUser[]): TeamsConversation {
      const team = { id: `19:${newId()}@thread.tacv2`, name: "Team", aadGroupId: newId() };
      return keep(`19:${newId()}@thread.tacv2`, "channel", name, users, team);
    },
    /** The app was added (or removed) where this person is. */
    async install(
      user: TeamsUser,
      conversation: TeamsConversation,
      action: "add" | "remove" = "add",
    ): Promise<BotAnswer> {
      conversation.hasBot = action === "add";
      const members: JsonObject = { [action === "add" ? "membersAdded" : "membersRemoved"]: [state.bot] };
      await tell(user, conversation, conversation.id, { type: "conversationUpdate", ...members });
      return tell(user, conversation, conversation.id, { type: "installationUpdate", action });
    },
    memberChange(
      user: TeamsUser,
      conversation: TeamsConversation,
      change: "added" | "removed",
    ): Promise<BotAnswer> {
      if (change === "added") conversation.members.add(user.id);
      else conversation.members.delete(user.id);
      const who = [{ id: user.id, aadObjectId: user.aadObjectId }];
      const members: JsonObject = { [change === "added" ? "membersAdded" : "membersRemoved"]: who };
      return tell(user, conversation, conversation.id, { type: "conversationUpdate", ...members });
    },
    say,
    /** Of what did not mention the bot before, Teams tells it when the edit does. */
    edit(user: TeamsUser, messageId: string, text: string, isMention = false): Promise<BotAnswer> {
      const { conversation, message } = known(messageId);
      const at = `<at>${state.bot.name}</at>`;
      const mention = { type: "mention", text: at, mentioned: state.bot };
      const { entities } = envelope(user, conversation, message.place);
      message.activity = {
        ...message.activity,
        ...(isMention ? { text: `${at} ${text}`, entities: [...(entities as Json[]), mention] } : { text }),
      };
      message.version++;
      const base = envelope(user, conversation, message.place);
      const channelData = { ...(base.channelData as JsonObject), eventType: "editMessage" };
      return post({ ...message.activity, type: "messageUpdate", channelData });
    },
    erase(user: TeamsUser, messageId: string): Promise<BotAnswer> {
      const { conversation, message } = known(messageId);
      message.isDeleted = true;
      const base = envelope(user, conversation, message.place);
      const channelData = { ...(base.channelData as JsonObject), eventType: "softDeleteMessage" };
      return post({ ...base, id: messageId, type: "messageDelete", channelData });
    },
    react(
      user: TeamsUser,
      messageId: string,
      type: string,
      change: "added" | "removed" = "added",
    ): Promise<BotAnswer> {
      const { conversation, message } = known(messageId);
      const reactions: JsonObject = {
        [change === "added" ? "reactionsAdded" : "reactionsRemoved"]: [{ type }],
      };
      return tell(user, conversation, message.place, {
        type: "messageReaction",
        replyToId: messageId,
        ...reactions,
      });
    },
    /** Clicks a button by its title (or by what it is) with what was typed into the card. */
    click: (user: TeamsUser, messageId: string, which: Which, inputs: JsonObject = {}) => {
      const action = findAction(user, messageId, which);
      if (action.type !== "Action.Execute")
        throw new Error(`${String(action.title)} is ${String(action.type)}`);
      return invoke(user, messageId, action, inputs, "manual");
    },
    /** As an old client that knows no Action.Execute: the fallback, or a plain Action.Submit. */
    async submit(
      user: TeamsUser,
      messageId: string,
      which: Which,
      inputs: JsonObject = {},
    ): Promise<BotAnswer> {
      const found = findAction(user, messageId, which);
      const action = found.type === "Action.Execute" ? (found.fallback as Node) : found;
      const { conversation, message } = known(messageId);
      const data = { ...(action.data as JsonObject | undefined), ...inputs };
      if ((data.msteams as JsonObject | undefined)?.type === "task/fetch") {
        return tell(user, conversation, message.place, {
          type: "invoke",
          name: "task/fetch",
          replyToId: messageId,
          value: { data, context: { theme: "default" } },
        });
      }
      return tell(user, conversation, message.place, {
        type: "message",
        text: "",
        replyToId: messageId,
        value: data,
      });
    },
    /** An invoke as it is wished: tampered values, task modules, sign-in. */
    invoke(
      user: TeamsUser,
      conversation: TeamsConversation,
      name: string,
      value: Json,
      more: JsonObject = {},
    ): Promise<BotAnswer> {
      return tell(user, conversation, String(more.place ?? conversation.id), {
        type: "invoke",
        name,
        value,
        ...more,
      });
    },
    taskSubmit(user: TeamsUser, conversation: TeamsConversation, data: JsonObject): Promise<BotAnswer> {
      return tell(user, conversation, conversation.id, {
        type: "invoke",
        name: "task/submit",
        value: { data, context: { theme: "default" } },
      });
    },
    /** What this person sees there, with the refreshes that their client makes by itself. */
    async seen(
      user: TeamsUser,
      conversation: TeamsConversation,
      place: string = conversation.id,
    ): Promise<readonly SeenMessage[]> {
      if (!conversation.members.has(user.id)) throw new Error(`${user.name} is not in ${conversation.name}`);
      const shown = conversation.messages.filter(
        (one) => !one.isDeleted && (place === conversation.id || one.place === place),
      );
      for (const message of shown) {
        const card = cardsOf(message.activity)[0];
        const refresh = card?.refresh as { userIds?: Json[]; action?: Node } | undefined;
        const isFor =
          refresh?.userIds === undefined
            ? conversation.members.size <= 60
            : refresh.userIds.includes(user.id);
        const once = `${user.id} ${message.version}`;
        if (!refresh?.action || !isFor || message.refreshed.has(once)) continue;
        message.refreshed.add(once);
        await invoke(user, message.id, refresh.action, {}, "automatic");
      }
      return shown.map((message) => {
        const own = message.views.get(user.id);
        const cards = cardsOf(message.activity);
        return {
          id: message.id,
          place: message.place,
          isBot: message.from === state.bot.id,
          from: state.users.get(message.from)?.name ?? state.bot.name,
          text: String(message.activity.text ?? ""),
          cards: own ? [own, ...cards.slice(1)] : cards,
          activity: message.activity,
          isEdited: message.version > 1,
        };
      });
    },
    /** A file as people drop it in a personal chat; it lies in SharePoint. */
    file(name: string, content: Uint8Array): JsonObject {
      const id = newId();
      state.files.set(id, { name, content, isPublic: true });
      return {
        contentType: "application/vnd.microsoft.teams.file.download.info",
        name,
        contentUrl: `https://example.sharepoint.com/${encodeURIComponent(name)}`,
        content: {
          downloadUrl: `http://localhost:${port}/files/${id}`,
          uniqueId: id,
          fileType: name.split(".").at(-1) ?? "",
        },
      };
    },
    /** A picture pasted into the message; it lies at the connector. */
    picture(name: string, content: Uint8Array): JsonObject {
      const id = newId();
      state.files.set(id, { name, content, isPublic: false });
      return {
        contentType: "image/png",
        name,
        contentUrl: `${serviceUrl}v3/attachments/${id}/views/original`,
      };
    },
  };
}

function actionsOf(node: Json | undefined): Node[] {
  if (Array.isArray(node)) return node.flatMap((child: Json) => actionsOf(child));
  if (typeof node !== "object" || node === null) return [];
  const { fallback: _not, refresh: _nor, ...rest } = node as { [key: string]: Json };
  const own = typeof rest.type === "string" && rest.type.startsWith("Action.") ? [node as Node] : [];
  return [...own, ...Object.values(rest).flatMap(actionsOf)];
}
