import type { Call } from "./call.ts";
import { channelType } from "./call.ts";
import type { Ack } from "./deliveries.ts";
import { interactionBase, messageAction, viewAction, viewSubmission } from "./interactions.ts";
import { emitChange } from "./message-methods.ts";
import { fill, inputsOf } from "./modal-form.ts";
import { formatFile } from "./place-methods.ts";
import { type Button, buttonsOf, readBlocks } from "./render-blocks.ts";
import { type Seen, seeMessage } from "./see-message.ts";
import {
  APP_ID,
  type Block,
  type Fields,
  formatMessage,
  type SlackChannel,
  type SlackMessage,
  type SlackUser,
  type SlackView,
} from "./slack-world.ts";
import { toMarkup } from "./to-markup.ts";
import { checkView } from "./view-methods.ts";

export type SeenModal = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly labels: readonly string[];
  readonly buttons: readonly Button[];
  /** What the app or Slack complained of last, by label. */
  readonly errors: Readonly<Record<string, string>>;
};

/** What a person's hands need of the platform. */
export type PersonTools = {
  readonly call: Call;
  send(kind: "interactive" | "command", payload: Fields): Promise<Ack>;
  /** Sends an event and resolves with the first answer; null when the app has not asked for such events. */
  event(team: string, event: Fields): Promise<Ack> | null;
  responseUrl(channel: string, user: string, message: string | null): string;
  channel(name: string): SlackChannel;
};

type Where = { readonly thread?: string };

/** Somebody of a workspace with Slack open in front of them. */
export function createPerson(user: SlackUser, tools: PersonTools) {
  const { call } = tools;
  const { world, team } = call;
  let errors: Record<string, string> = {};
  let draft: Readonly<Record<string, string>> = {};

  const names = (id: string) => world.users.get(id)?.realName ?? world.channels.get(id)?.name ?? id;
  /** `@steward` is the direct conversation with the app. */
  const place = (name: string): SlackChannel =>
    name === "@steward" ? world.direct(team.id, [team.botUser, user.id]) : tools.channel(name);
  const withMentions = (text: string) =>
    toMarkup(
      text,
      (name) => [...world.users.values()].find((one) => one.team === team.id && one.name === name)?.id,
    );
  const seen = (name: string, where: Where = {}): readonly Seen[] => {
    const channel = place(name);
    if (channel.kind !== "public" && !channel.members.has(user.id)) return [];
    return world
      .messagesOf(channel.id)
      .filter((one) => one.onlyFor === null || one.onlyFor === user.id)
      .filter((one) => where.thread === undefined || one.ts === where.thread || one.threadTs === where.thread)
      .map((one) => seeMessage(one, names));
  };
  const openView = (kind: SlackView["kind"]): SlackView | null =>
    [...world.views.values()].findLast((one) => one.user === user.id && one.kind === kind && one.isOpen) ??
    null;
  const modal = (): SlackView => {
    const found = openView("modal");
    if (!found) throw new Error(`${user.name} has no modal open.`);
    return found;
  };
  const pick = (buttons: readonly Button[], label: string, where: string): Button => {
    const found = buttons.find((one) => one.label === label);
    if (found) return found;
    const there = buttons.map((one) => `"${one.label}"`).join(", ");
    throw new Error(
      `${user.name} sees no button "${label}" in ${where}: there ${there ? `are ${there}` : "is none"}.`,
    );
  };
  const ownMessage = (channel: SlackChannel, ts: string): SlackMessage => {
    const message = world.find(channel.id, ts);
    if (!message) throw new Error(`There is no message ${ts} in ${channel.name}.`);
    return message;
  };
  const react = async (name: string, ts: string, emoji: string, isAdded: boolean) => {
    const channel = place(name);
    const message = ownMessage(channel, ts);
    const by = message.reactions.get(emoji) ?? new Set<string>();
    if (isAdded) message.reactions.set(emoji, by.add(user.id));
    else by.delete(user.id);
    return await tools.event(team.id, {
      type: isAdded ? "reaction_added" : "reaction_removed",
      user: user.id,
      reaction: emoji,
      item: { type: "message", channel: channel.id, ts },
      item_user: message.user,
      event_ts: world.newTs(),
    });
  };

  return {
    id: user.id,
    account: user,
    seen,
    /** The newest message that has such a text, or such a button. */
    sees(name: string, part: string): Seen | null {
      return (
        seen(name).findLast((one) => one.text.includes(part) || one.buttons.some((b) => b.label === part)) ??
        null
      );
    },
    /** "is thinking…" under a thread, and what the session is called and does. */
    status: (name: string, thread: string): string | null =>
      world.threadStatus.get(`${place(name).id} ${thread}`) ?? null,
    session: (name: string, thread: string) => world.sessions.get(`${place(name).id} ${thread}`) ?? null,
    prompts: (name: string, thread?: string): readonly Fields[] =>
      world.prompts.get(thread ? `${place(name).id} ${thread}` : place(name).id) ?? [],

    /** Writes a message; resolves when the app has answered Slack, with its ts and the event. */
    async says(
      name: string,
      text: string,
      more: Where & {
        readonly files?: readonly {
          readonly name: string;
          readonly content: Uint8Array;
          readonly type?: string;
        }[];
      } = {},
    ): Promise<{ readonly ts: string; readonly channel: string; readonly acks: readonly Ack[] }> {
      const channel = place(name);
      if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in ${channel.name}.`);
      const files = (more.files ?? []).map((file) => {
        const id = world.newId("F");
        world.files.set(id, {
          id,
          team: team.id,
          name: file.name,
          mimetype: file.type ?? "application/octet-stream",
          content: file.content,
          user: user.id,
          channel: channel.id,
          isDeleted: false,
        });
        return id;
      });
      const message = world.add({
        channel: channel.id,
        user: user.id,
        text: withMentions(text),
        threadTs: more.thread ?? null,
        files,
      });
      const event = {
        ...formatMessage(message, world),
        client_msg_id: crypto.randomUUID(),
        ...(files.length > 0
          ? {
              subtype: "file_share",
              upload: true,
              files: files.map((id) => formatFile(call.options.origin(), id, call)),
            }
          : {}),
        channel: channel.id,
        event_ts: message.ts,
      };
      const sent = [tools.event(team.id, { ...event, channel_type: channelType(channel) })];
      const isMention = channel.kind !== "im" && message.text.includes(`<@${team.botUser}>`);
      if (isMention && channel.members.has(team.botUser)) {
        const { channel_type: _, ...mention } = event as Fields;
        sent.push(tools.event(team.id, { ...mention, type: "app_mention" }));
      }
      const acks = await Promise.all(sent.filter((one) => one !== null));
      return { ts: message.ts, channel: channel.id, acks };
    },
    async edits(name: string, ts: string, text: string): Promise<void> {
      const channel = place(name);
      const message = ownMessage(channel, ts);
      const before = formatMessage(message, world);
      message.text = withMentions(text);
      message.editedTs = world.newTs();
      emitChange(call, channel, "message_changed", formatMessage(message, world), before);
    },
    async deletes(name: string, ts: string): Promise<void> {
      const channel = place(name);
      const message = ownMessage(channel, ts);
      const before = formatMessage(message, world);
      world.remove(message);
      emitChange(call, channel, "message_deleted", {}, before);
    },
    reacts: async (name: string, ts: string, emoji: string) => await react(name, ts, emoji, true),
    unreacts: async (name: string, ts: string, emoji: string) => await react(name, ts, emoji, false),

    /** Clicks the button with this label in the newest message that has it, or in the one that `ts` names. */
    async clicks(name: string, label: string, at: { readonly ts?: string } = {}): Promise<Ack> {
      const channel = place(name);
      const all = seen(name).filter((one) => at.ts === undefined || one.ts === at.ts);
      const found = all.findLast((one) => one.buttons.some((button) => button.label === label));
      const button = pick(found?.buttons ?? all.flatMap((one) => one.buttons), label, channel.name);
      const message = ownMessage(channel, found?.ts ?? "");
      const url = tools.responseUrl(channel.id, user.id, message.ts);
      return await tools.send("interactive", messageAction(call, user, message, button, url));
    },
    /**
     * Sends the click of a button that this person was never shown, or is not shown any more; on the message that `ts`
     * names, else on the newest of a place.
     */
    async presses(name: string, button: Button, ts?: string): Promise<Ack> {
      const channel = place(name);
      const message = world
        .messagesOf(channel.id)
        .findLast((one) => one.user === team.botUser && (ts === undefined || one.ts === ts));
      if (!message) throw new Error(`There is no message to pretend on in ${channel.name}.`);
      const url = tools.responseUrl(channel.id, user.id, message.ts);
      return await tools.send("interactive", messageAction(call, user, message, button, url));
    },
    /** Clicks in the modal in front, with what was typed there. */
    async clicksInModal(label: string): Promise<Ack> {
      const view = modal();
      const button = pick(buttonsOf(view.view.blocks as readonly Block[]), label, "the modal");
      const filled = fill(view, draft);
      return await tools.send(
        "interactive",
        viewAction(call, user, view, filled.isSent ? filled.values : {}, button),
      );
    },
    modal(): SeenModal | null {
      const view = openView("modal");
      if (!view) return null;
      const blocks = view.view.blocks as readonly Block[];
      return {
        id: view.id,
        title: String((view.view.title as Fields | undefined)?.text ?? ""),
        text: readBlocks(blocks, names),
        labels: inputsOf(view).map((input) => input.label),
        buttons: buttonsOf(blocks),
        errors,
      };
    },
    /** Fills the modal in front by label and submits it. Slack's own checks come first, as in the real thing. */
    async submits(typed: Readonly<Record<string, string>> = {}): Promise<Ack | null> {
      const view = modal();
      draft = { ...draft, ...typed };
      errors = {};
      const filled = fill(view, draft);
      if (!filled.isSent) {
        errors = { ...filled.errors };
        return null;
      }
      const ack = await tools.send("interactive", viewSubmission(call, user, view, filled.values));
      if (!ack.isAcked) {
        errors = { "": "We had some trouble connecting. Try again?" };
        return ack;
      }
      const answer = ack.body?.response_action;
      if (answer === "errors") {
        const inputs = inputsOf(view);
        for (const [block, words] of Object.entries((ack.body?.errors ?? {}) as Record<string, string>)) {
          const input = inputs.find((one) => one.blockId === block);
          if (!input)
            throw new Error(`The app complains of a block "${block}" that the modal does not have.`);
          errors[input.label] = words;
        }
      } else if (answer === "update") {
        view.view = checkView(call, ack.body?.view, "modal");
        view.hash = `${world.newTs()}.hash`;
      } else if (answer === "push") {
        const pushed = checkView(call, ack.body?.view, "modal");
        const id = world.newId("V");
        world.views.set(id, { ...view, id, view: pushed, hash: `${world.newTs()}.hash`, previous: view.id });
      } else if (answer === "clear") {
        for (const one of world.views.values())
          if (one.user === user.id && one.kind === "modal") one.isOpen = false;
      } else if (answer === undefined) view.isOpen = false;
      else throw new Error(`Unknown response_action "${String(answer)}".`);
      if (answer !== "errors") draft = {};
      return ack;
    },
    async closes(): Promise<Ack | null> {
      const view = modal();
      view.isOpen = false;
      draft = {};
      if (view.view.notify_on_close !== true) return null;
      const { trigger_id: _, ...base } = viewSubmission(call, user, view, {});
      return await tools.send("interactive", { ...base, type: "view_closed", is_cleared: false });
    },

    async command(command: string, text: string, name = "@steward"): Promise<Ack> {
      const channel = place(name);
      return await tools.send("command", {
        token: "deprecated",
        team_id: team.id,
        team_domain: team.domain,
        channel_id: channel.id,
        channel_name: channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text: withMentions(text),
        api_app_id: APP_ID,
        is_enterprise_install: "false",
        response_url: tools.responseUrl(channel.id, user.id, null),
        trigger_id: world.newTrigger(user.id),
      });
    },
    /** "More actions" on a message. */
    async messageShortcut(callbackId: string, name: string, ts: string): Promise<Ack> {
      const channel = place(name);
      return await tools.send("interactive", {
        type: "message_action",
        ...interactionBase(call, user),
        callback_id: callbackId,
        action_ts: world.newTs(),
        message_ts: ts,
        channel: { id: channel.id, name: channel.name },
        message: formatMessage(ownMessage(channel, ts), world),
        response_url: tools.responseUrl(channel.id, user.id, null),
      });
    },
    async shortcut(callbackId: string): Promise<Ack> {
      return await tools.send("interactive", {
        type: "shortcut",
        ...interactionBase(call, user),
        callback_id: callbackId,
        action_ts: world.newTs(),
      });
    },
    async opensHome(tab: "home" | "messages" = "home"): Promise<void> {
      const view = openView("home");
      await tools.event(team.id, {
        type: "app_home_opened",
        user: user.id,
        channel: place("@steward").id,
        tab,
        event_ts: world.newTs(),
        ...(view && tab === "home"
          ? { view: { id: view.id, team_id: team.id, hash: view.hash, ...view.view } }
          : {}),
      });
    },
    home(): { readonly text: string; readonly buttons: readonly Button[] } | null {
      const blocks = openView("home")?.view.blocks as readonly Block[] | undefined;
      return blocks ? { text: readBlocks(blocks, names), buttons: buttonsOf(blocks) } : null;
    },
    async clicksAtHome(label: string): Promise<Ack> {
      const view = openView("home");
      if (!view) throw new Error(`${user.name} sees nothing on the app's home.`);
      const button = pick(buttonsOf(view.view.blocks as readonly Block[]), label, "the app's home");
      return await tools.send("interactive", viewAction(call, user, view, {}, button));
    },
    /** Opens the assistant beside a channel: a thread of its own in the direct conversation. */
    async opensAssistant(): Promise<string> {
      const channel = place("@steward");
      const root = world.add({
        channel: channel.id,
        user: team.botUser,
        botId: team.botId,
        text: "New assistant thread",
      });
      await tools.event(team.id, {
        type: "assistant_thread_started",
        assistant_thread: { user_id: user.id, context: {}, channel_id: channel.id, thread_ts: root.ts },
        event_ts: world.newTs(),
      });
      return root.ts;
    },
    /** Slack's own stop button: running streams end, and the app is told. */
    async stops(name: string, thread: string): Promise<void> {
      const channel = place(name);
      const stopped: string[] = [];
      for (const message of world.messagesOf(channel.id)) {
        if (message.threadTs !== thread || message.streaming?.state !== "in_progress") continue;
        message.streaming.state = "stopped";
        stopped.push(message.ts);
      }
      await tools.event(team.id, {
        type: "agent_session_stopped",
        channel: channel.id,
        thread_ts: thread,
        user: user.id,
        streaming_message_ts: stopped,
        event_ts: world.newTs(),
      });
    },
  };
}

export type SlackPerson = ReturnType<typeof createPerson>;
