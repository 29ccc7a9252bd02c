import type { Outbound } from "../../src/types/channel.ts";
import type { ApprovalPlace, ChannelHost } from "../../src/types/channel-host.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import type { Buttons } from "./buttons.ts";
import { cardAttachment } from "./cards/elements.ts";
import { foreignLine } from "./cards/foreign-text.ts";
import { messageActivities } from "./cards/message-activity.ts";
import { privateNotice } from "./cards/notice-cards.ts";
import { literalLine } from "./cards/teams-markdown.ts";
import type { Conversations } from "./conversations.ts";
import { sentKey } from "./note-keys.ts";
import type { People, Readers } from "./people.ts";
import { isForPerson, placeOf, threadAt } from "./places.ts";
import type { RenderCard } from "./render-card.ts";
import type { SendQueue } from "./send-queue.ts";
import type { ShowParts } from "./show-parts.ts";
import type { Streams } from "./streams.ts";
import type { ConversationRef, OutActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";
import type { Working } from "./working.ts";

/** A sign of life that is older tells nobody anything. */
const FRESH_MS = 60_000;

export type PostItemDeps = {
  readonly host: ChannelHost;
  readonly transport: ActivityTransport;
  readonly conversations: Conversations;
  readonly people: People;
  readonly buttons: Buttons;
  readonly render: RenderCard;
  readonly show: ShowParts;
  readonly streams: Streams;
  readonly working: Working;
  readonly queue: SendQueue;
};

export type PostItem = {
  post(message: Outbound): Promise<void>;
  /** Shows to its viewer alone, in their personal chat; false when there is no way to them. */
  postPrivately(message: Outbound, viewer: string): Promise<boolean>;
};

/** Shows what the house has to say where it belongs, and nobody what they may not see. */
export function createPostItem(deps: PostItemDeps): PostItem {
  const { host, conversations, people, queue } = deps;

  const postAt = async (message: Outbound, ref: ConversationRef, wanted: string | null): Promise<void> => {
    const viewer = wanted ?? (ref.conversation.isGroup ? null : await onlyReader(ref));
    const parts = ref.conversation.isGroup
      ? await sharedParts(deps, message, ref, viewer)
      : await personalParts(deps, message, ref, viewer);
    if (parts === null) return await signOfLife(deps, message, ref);
    if (parts.length === 0) return;
    const { item, thread } = message;
    const turn = item.kind === "message" ? item.turn : item.kind === "turn" ? turnOf(item) : null;
    const at = { ref, thread };
    let isNew = false;
    const ids = await deps.show({ ...at, item: item.id, viewer: viewer ?? "" }, parts, async (first) => {
      isNew = true;
      return ref.conversation.isGroup
        ? await deps.working.take(at, first)
        : await deps.streams.finish(at, turn, first);
    });
    if (isNew) await deps.working.settle(at, ids);
    if (message.isReminder === true && item.kind === "card") await remind(message, ref, viewer);
    if (item.kind !== "message") return;
    for (const id of ids)
      await host.notes.write(sentKey(ref.conversation.id, id), {
        item: item.id,
        viewer: viewer ?? "",
        at: host.now().toISOString(),
      });
  };

  const onlyReader = async (ref: ConversationRef): Promise<string | null> => {
    const { principals } = await people.readersOf(ref);
    return principals.length === 1 ? (principals[0] ?? null) : null;
  };

  /** An edit notifies nobody: a line of its own does, once for each reminder. What it is about only its reader sees. */
  const remind = async (message: Outbound, ref: ConversationRef, viewer: string | null): Promise<void> => {
    const { item, thread } = message;
    if (item.kind !== "card" || viewer === null) return;
    const line = item.card.items.find(({ status, mayDecide }) => status === "awaiting" && mayDecide)?.line;
    const name = (await people.principal(viewer))?.name ?? "";
    const text = ref.conversation.isGroup
      ? `${literalLine(name)}: a decision still waits for you here.`
      : `This still waits for you: ${literalLine(foreignLine(line ?? item.card.request, 300))}`;
    const place = { ref, thread, item: `${item.id}:reminder:${message.id}`, viewer };
    await deps.show(place, [{ type: "message", text, textFormat: "markdown" }], null);
  };

  const directOf = async (viewer: string): Promise<ConversationRef | null> => {
    const account = await host.accountOf("teams", viewer);
    return account === null ? null : await conversations.directOf(account.workspace, account.account);
  };

  const postPrivately = async (message: Outbound, viewer: string): Promise<boolean> => {
    const ref = await directOf(viewer);
    if (ref === null) return false;
    const tenant = ref.conversation.tenantId ?? "";
    // A copy of its own: its own thread, so that it is found again and edited.
    const thread = isForPerson(message.thread)
      ? message.thread
      : threadAt({ tenant, conversation: ref.conversation.id, person: null });
    await queue.run(ref.conversation.id, () => postAt({ ...message, thread }, ref, viewer));
    return true;
  };

  /** False when Steward is not in that channel (any more). */
  const postedAt = async (message: Outbound, ref: ConversationRef, viewer: string): Promise<boolean> => {
    try {
      await queue.run(ref.conversation.id, () => postAt(message, ref, viewer));
      return true;
    } catch (error) {
      if (error instanceof TeamsSendError && error.isPermanent) return false;
      throw error;
    }
  };

  const postForPerson = async (message: Outbound, viewer: string): Promise<void> => {
    const place: ApprovalPlace = await host.approvalPlace(viewer);
    const channel = place.kind === "channel" && place.channel === "teams" ? place.id : null;
    if (channel !== null) {
      const account = await host.accountOf("teams", viewer);
      const ref =
        account === null ? null : await conversations.channelOf(account.workspace, channel, account.account);
      if (ref !== null && (await postedAt(message, ref, viewer))) return;
    }
    if (await postPrivately(message, viewer)) return;
    throw new TeamsSendError("This person has not spoken with Steward in Teams yet.", {
      status: null,
      isPermanent: true,
    });
  };

  return {
    async post(message) {
      if (isForPerson(message.thread))
        return await postForPerson(message, message.viewer ?? message.thread.conversation);
      const place = placeOf(message.thread);
      const ref = await conversations.refOf(place.tenant, place.conversation);
      if (ref === null)
        throw new TeamsSendError("There is no way back to this conversation.", {
          status: null,
          isPermanent: true,
        });
      await queue.run(place.conversation, async () => {
        const viewer = message.viewer ?? null;
        await postAt(message, ref, viewer);
      });
    },
    postPrivately,
  };

  async function personalParts(
    { render }: PostItemDeps,
    { item }: Outbound,
    ref: ConversationRef,
    viewer: string | null,
  ): Promise<readonly OutActivity[] | null> {
    if (item.kind === "message") return item.author.isAssistant ? answer(host, item) : [];
    if (item.kind === "turn") return failure(item);
    if (viewer === null) return [];
    const at = { conversation: ref.conversation.id, item: item.id };
    return [cardMessage(await render.forViewer(item.card, viewer, at), item)];
  }

  async function sharedParts(
    { render, buttons }: PostItemDeps,
    message: Outbound,
    ref: ConversationRef,
    viewer: string | null,
  ): Promise<readonly OutActivity[] | null> {
    const { item } = message;
    if (item.kind === "message" && !item.author.isAssistant) return [];
    if (item.kind === "turn" && item.error === null) return null;
    const readers = await people.readersOf(ref);
    if (mayShow(host, message, readers)) {
      if (item.kind === "message") return answer(host, item);
      if (item.kind === "turn") return failure(item);
      const at = { conversation: ref.conversation.id, item: item.id, viewer };
      return [cardMessage(await render.forAll(item.card, at, readers), item)];
    }
    const principal = viewer === null ? null : await people.principal(viewer);
    const kept = JSON.parse(JSON.stringify(message)) as JsonObject;
    const notice = await buttons.card(
      { conversation: ref.conversation.id, item: item.id, viewer, turn: null, kept: { ...kept } },
      (buttonSet) => ({
        card: privateNotice(
          principal?.name ?? "you",
          item.kind === "card" ? "card" : "answer",
          `${buttonSet}.0`,
        ),
        buttons: [{ verb: "show-private", approval: null, digest: null, action: null }],
      }),
    );
    return [{ type: "message", attachments: [cardAttachment(notice)], summary: "There is an answer" }];
  }
}

/** Without a label nobody can say who may see it; somebody unknown counts as a stranger. */
function mayShow(host: Pick<ChannelHost, "mayAllSee">, { label }: Outbound, readers: Readers): boolean {
  return (
    label !== undefined &&
    host.mayAllSee(label, [...readers.principals, ...(readers.isComplete ? [] : [null])])
  );
}

function answer(
  host: Pick<ChannelHost, "linkTo">,
  item: Extract<ThreadItem, { kind: "message" }>,
): readonly OutActivity[] {
  return messageActivities(item.text, item.citations, {
    linkTo: ({ document, passage }) => host.linkTo({ document, passage }),
    hasFeedback: true,
    note: item.note,
  });
}

const turnOf = ({ id }: { readonly id: string }): string => id.replace(/:turn$/, "");

function failure(item: Extract<ThreadItem, { kind: "turn" }>): readonly OutActivity[] | null {
  if (item.error === null) return null;
  const text = `${literalLine(item.error.message)} (${item.error.code})`;
  return [{ type: "message", text, textFormat: "markdown" }];
}

function cardMessage(card: JsonObject, item: Extract<ThreadItem, { kind: "card" }>): OutActivity {
  const line = item.card.items[0]?.line ?? item.card.request;
  return { type: "message", attachments: [cardAttachment(card)], summary: foreignLine(line, 150) };
}

/** Working, or over: nothing that stays, and nothing that has to be told twice. */
async function signOfLife(
  { transport, streams, host }: PostItemDeps,
  { item, thread }: Outbound,
  ref: ConversationRef,
): Promise<void> {
  if (item.kind !== "turn") return;
  if (item.status !== "running") {
    const words =
      item.status === "waiting" ? "It waits for a decision: the card says whose." : "That is all for now.";
    if (!ref.conversation.isGroup) await streams.close({ ref, thread }, turnOf(item), words);
    return;
  }
  // Channels do not show it.
  if (ref.conversation.conversationType === "channel") return;
  if (host.now().getTime() - Date.parse(item.at) > FRESH_MS) return;
  await transport.send(ref, { type: "typing" }, { isOnce: true }).catch(() => undefined);
}
