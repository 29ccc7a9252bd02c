import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { ChannelHost, PlatformChannel } from "../../src/types/channel-host.ts";
import type { TeamsSettings } from "../../src/types/channel-settings.ts";
import { createDailySweep } from "../sweep-notes.ts";
import { createButtons } from "./buttons.ts";
import { createPress } from "./card-invoke.ts";
import { cardAttachment } from "./cards/elements.ts";
import { plainMessage } from "./cards/message-activity.ts";
import { helpCard } from "./cards/notice-cards.ts";
import { literalLine } from "./cards/teams-markdown.ts";
import { createConversations } from "./conversations.ts";
import { createInvokes } from "./invokes.ts";
import { createLoopGuard } from "./loop-guard.ts";
import { ENDING_NOTES } from "./note-keys.ts";
import { createPeople } from "./people.ts";
import { isForPerson, placeOf } from "./places.ts";
import { createPostItem } from "./post-item.ts";
import { createReceive } from "./receive-message.ts";
import { createRenderCard } from "./render-card.ts";
import { createSendQueue } from "./send-queue.ts";
import { createShowParts } from "./show-parts.ts";
import { createStreams } from "./streams.ts";
import type { InActivity } from "./transport/activity.ts";
import type { ActivityTransport, InvokeAnswer } from "./transport/activity-transport.ts";
import { ssoConnectionOf } from "./transport/endpoints.ts";
import { createWorking } from "./working.ts";

export const MESSAGES_PATH = "/channels/teams/messages";
const CLEAN_MS = 3_600_000;
const submitted = z.object({ b: z.string() }).loose();

type Mount = (path: string, handler: (req: IncomingMessage, res: ServerResponse) => void) => void;

/**
 * Microsoft Teams: receives at `MESSAGES_PATH`, sends through the connector of either SDK (loaded here and not
 * before). Throws TMS-403 without an app id (but for the local trial) and TMS-400 for settings that do not fit.
 */
export async function createTeamsChannel(
  settings: TeamsSettings,
  host: ChannelHost,
  mount: Mount,
  given?: { readonly transport?: ActivityTransport; readonly isLoopback?: boolean },
): Promise<PlatformChannel> {
  const transport = given?.transport ?? (await loadTransport(settings, host, given?.isLoopback));
  const queue = createSendQueue();
  const guard = createLoopGuard(host.now);
  const conversations = createConversations(host, transport);
  const people = createPeople(host, transport, settings.tenantId);
  const buttons = createButtons(host);
  const render = createRenderCard(host, buttons, people);
  const streams = createStreams(transport, {
    now: host.now,
    notes: host.notes,
    onStopped: (thread) => void stopTurn(thread),
  });
  const working = createWorking(host, transport, queue);
  const showParts = createShowParts(host, transport);
  const posting = createPostItem({
    host,
    transport,
    conversations,
    people,
    buttons,
    render,
    show: async (where, parts, sendFirst) => {
      const ids = await showParts(where, parts, sendFirst);
      guard.said(where.thread.thread);
      return ids;
    },
    streams,
    working,
    queue,
  });
  const receive = createReceive({ host, transport, conversations, people, streams, working, guard });
  const press = createPress({ host, buttons, people, render, post: posting, tellLater });
  const invoke = createInvokes({
    host,
    transport,
    buttons,
    people,
    press,
    ssoConnection: ssoConnectionOf(settings),
  });
  const sweep = createDailySweep(host, ENDING_NOTES);
  let isRunning = false;
  let cleaning: NodeJS.Timeout | null = null;

  async function stopTurn(thread: Parameters<ChannelHost["stop"]>[1]): Promise<void> {
    const account = await personAt(thread);
    if (account !== null) await host.stop(account, thread).catch(() => false);
  }

  async function personAt(thread: Parameters<ChannelHost["stop"]>[1]): Promise<string | null> {
    const ref = await conversations.refOf(thread.conversation, thread.thread);
    if (ref === null) return null;
    const { principals } = await people.readersOf(ref);
    return principals.length === 1 ? (principals[0] ?? null) : null;
  }

  async function tellLater(activity: InActivity, text: string): Promise<void> {
    const { tenant } = activity.conversation;
    const ref =
      activity.conversation.kind === "personal" || tenant === null || activity.from.aadObjectId === null
        ? activity.ref
        : await conversations.directOf(tenant, activity.from.aadObjectId);
    if (ref !== null) await transport.send(ref, plainMessage(literalLine(text))).catch(() => undefined);
  }

  /** A click of a client that knows no `Action.Execute`: it comes as a message with the same data. */
  async function clicked(activity: InActivity): Promise<void> {
    const { b, ...inputs } = submitted.parse(activity.value);
    const answer = await press.press(activity, b, inputs);
    if (answer.kind === "message") return await tellLater(activity, answer.text);
    const message = { type: "message" as const, attachments: [cardAttachment(answer.card)] };
    const { tenant } = activity.conversation;
    if (activity.conversation.kind === "personal") {
      if (activity.replyToId !== null) await transport.update(activity.ref, activity.replyToId, message);
      else await transport.send(activity.ref, message);
      return;
    }
    // A copy of one's own must not stand where all read.
    const direct =
      tenant === null || activity.from.aadObjectId === null
        ? null
        : await conversations.directOf(tenant, activity.from.aadObjectId);
    if (direct !== null) await transport.send(direct, message);
  }

  async function installed(activity: InActivity): Promise<void> {
    const isGone = activity.action?.startsWith("remove") ?? false;
    if (isGone && activity.conversation.tenant !== null)
      return await conversations.forget(activity.conversation.tenant, activity.conversation.id);
    if (activity.conversation.kind !== "personal") return;
    const who = await people.identify(activity);
    if (who.kind !== "known") return;
    const key = `teams/welcomed/${activity.from.aadObjectId}`;
    if (!(await host.notes.writeOnce(key, { at: host.now().toISOString() }))) return;
    const suggestions = await host.suggestions(who.principal.id);
    await transport
      .send(activity.ref, { type: "message", attachments: [cardAttachment(helpCard(suggestions, true))] })
      .catch(() => undefined);
  }

  async function onTurn(activity: InActivity): Promise<InvokeAnswer | null> {
    const isOwn = activity.from.id === activity.recipient.id;
    if (isOwn) return null;
    if (activity.type === "invoke") return await invoke(activity);
    if (activity.action?.startsWith("remove") !== true) await conversations.remember(activity);
    switch (activity.type) {
      case "message":
        if (submitted.safeParse(activity.value).success) await clicked(activity);
        else await receive.message(activity);
        break;
      case "messageUpdate":
        await receive.edited(activity);
        break;
      case "messageDelete":
        await receive.deleted(activity);
        break;
      case "messageReaction":
        await receive.reacted(activity);
        break;
      case "installationUpdate":
        await installed(activity);
        break;
      case "conversationUpdate":
        people.forgetReaders(activity.conversation.id);
        break;
    }
    return null;
  }

  mount(MESSAGES_PATH, (req, res) => {
    if (!isRunning) {
      res.writeHead(503, { "retry-after": "5" }).end();
      return;
    }
    void transport.handle(req, res, onTurn);
  });

  return {
    name: "teams",
    capabilities: { streaming: true, edits: true },
    async start() {
      isRunning = true;
      const clean = () => {
        const failed = (error: unknown) =>
          host.log("warn", "teams: old notes could not be removed", { error: String(error) });
        void buttons.clean().catch(failed);
        void sweep().catch(failed);
      };
      clean();
      cleaning = setInterval(clean, CLEAN_MS);
      cleaning.unref();
    },
    post: (message) => posting.post(message),
    stream: (delta) => {
      streams.add(delta);
      working.stir(delta);
    },
    async stop() {
      isRunning = false;
      if (cleaning) clearInterval(cleaning);
      working.stop();
      await streams.stop();
      await queue.idle();
    },
    async isOpenTo(thread, principal) {
      const place = placeOf(thread);
      const ref = isForPerson(thread) ? null : await conversations.refOf(place.tenant, place.conversation);
      return ref !== null && (await people.readersOf(ref)).principals.includes(principal);
    },
    async check() {
      const own = {
        name: "Messaging endpoint",
        ok: settings.publicUrl !== null,
        detail:
          settings.publicUrl === null
            ? "Steward does not know by which address Teams reaches it."
            : `In the bot's registration the messaging endpoint is ${settings.publicUrl}${MESSAGES_PATH}.`,
        remedy:
          settings.publicUrl === null
            ? `Set the public address (https). The bot's messaging endpoint is that address with ${MESSAGES_PATH}.`
            : null,
      };
      return [...(await transport.check()), ...(settings.isLocal ? [] : [own])];
    },
  };
}

async function loadTransport(
  settings: TeamsSettings,
  host: ChannelHost,
  isLoopback = settings.isLocal && settings.publicUrl === null,
): Promise<ActivityTransport> {
  const { createActivityTransport } = await import("./transport/create-transport.ts");
  return await createActivityTransport({
    settings,
    isLoopback,
    now: host.now,
    log: (level, what, about) => host.log(level, what, about),
  });
}
