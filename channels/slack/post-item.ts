import type { Card } from "../../src/types/card.ts";
import type { Outbound } from "../../src/types/channel.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { IdFor } from "./blocks/button-intent.ts";
import { cardBlocks } from "./blocks/card-blocks.ts";
import { messageBlocks } from "./blocks/message-blocks.ts";
import { privateAnswerNotice, problemNotice } from "./blocks/notices.ts";
import type { Reader, SlackMessage } from "./blocks/slack-message.ts";
import { type Copy, copySchema, findLeftBehind, newCopyId, showCopy } from "./copies.ts";
import { mayShowHere } from "./may-show.ts";
import { type PostPlace, placeOfPost } from "./post-place.ts";
import { showDone, showWorking } from "./show-status.ts";
import type { SlackContext } from "./slack-context.ts";
import { SlackFailure } from "./slack-failure.ts";
import type { Streams } from "./stream-turn.ts";
import { tell } from "./tell.ts";
import { fromThreadRef } from "./thread-ref.ts";

const ANYBODY: Reader = { locale: "en-GB", zone: "UTC" };
const MAX_PRIVATE = 25_000;
type Shown = Extract<Outbound["item"], { readonly kind: "message" | "card" }>;

export type PostItem = (outbound: Outbound) => Promise<void>;

/**
 * Shows an item where it belongs: once, however often it comes, and in the place of what stood there. Where others
 * read along who may not see what it draws on, only its viewer gets to see it.
 */
export function createPostItem(context: SlackContext, streams: Streams): PostItem {
  const { host } = context;
  const busy = new Map<string, Promise<void>>();

  const showItem = async (outbound: Outbound, item: Shown): Promise<void> => {
    const place = await placeOfPost(context, outbound);
    const posts = postsOf(context, outbound, place);
    const known = await posts.find();
    if (known?.out === outbound.id) return;
    const before = known ?? (await firstCopy(item, place));
    if (known === null) await posts.save(before);
    else if (before.out === null && before.ts.length === 0) {
      before.ts.push(...(await findLeftBehind(context, place.team, before)));
    }
    const viewer = outbound.viewer ?? personOf(outbound) ?? (await personAt(context, place));
    const isOpen = !place.isShared || (await mayShowHere(context, place.team, place.channel, outbound.label));
    const sheet = context.sheets.open(place.team, place.isShared && isOpen ? null : viewer);
    const shownFor = isOpen
      ? await sharedView(context, item, viewer ?? "", place)
      : { item, viewer: viewer ?? "" };
    const messages = isOpen
      ? await renderItem(context, shownFor.item, shownFor.viewer, place, sheet.idFor)
      : await renderNotice(context, item, viewer, place, sheet.idFor);
    const saved = await sheet.save();
    const shown = await showCopy(context, place.team, item.id, before, messages, posts.save).catch(
      async (error: unknown) => {
        await context.sheets.close(saved);
        throw error;
      },
    );
    await posts.save({ ...shown, out: outbound.id, sheet: saved });
    await context.sheets.close(before.sheet);
    if (item.kind === "card" && place.isShared) await noteOpen(context, outbound, isOpen);
    if (outbound.isReminder && known !== null) await remind(context, outbound, place, shown);
    if (item.kind === "message" && item.turn !== null) await host.notes.remove(`stream:${item.turn}`);
    const own = fromThreadRef(outbound.thread);
    if (own)
      showDone(
        context,
        own,
        item.kind === "card" && item.card.items.some(({ status }) => status === "awaiting"),
      );
  };

  const firstCopy = async (item: Shown, place: PostPlace): Promise<Copy> => {
    const turn = item.kind === "message" ? item.turn : null;
    const streamed = turn !== null && !place.isShared ? await streams.finish(turn, place.team) : null;
    const ts = streamed?.channel === place.channel ? [...streamed.ts] : [];
    const { channel, root } = place;
    return { copy: newCopyId(), channel, root, ts, out: null, at: host.now().getTime(), sheet: null };
  };

  const post: PostItem = async (outbound) => {
    const { item } = outbound;
    if (item.kind === "turn") return await showTurn(context, outbound);
    if (item.kind === "message" && !item.author.isAssistant) return;
    await showItem(outbound, item);
  };

  // One after the other for each item, so that two copies for one common place do not miss each other.
  return async (outbound) => {
    const key = `${outbound.item.kind} ${outbound.item.id}`;
    const work = (busy.get(key) ?? Promise.resolve()).catch(() => undefined).then(() => post(outbound));
    busy.set(key, work);
    await work.finally(() => {
      if (busy.get(key) === work) busy.delete(key);
    });
  };
}

/**
 * Where all may see a card, those who may decide do it there: it is drawn as one of them sees it, with the buttons. Who
 * clicks without a right to is told so; the house decides that, not the drawing.
 */
async function sharedView(
  context: SlackContext,
  item: Shown,
  viewer: string,
  place: PostPlace,
): Promise<{ readonly item: Shown; readonly viewer: string }> {
  if (!place.isShared || item.kind !== "card" || item.card.items.some(({ mayDecide }) => mayDecide)) {
    return { item, viewer };
  }
  const awaiting = item.card.items.filter(({ status }) => status === "awaiting");
  const candidates = awaiting.flatMap(({ approvers }) => approvers.flatMap((each) => each.candidates));
  const readers = new Set(
    candidates.length === 0 ? [] : await context.people.readers(place.team, place.channel),
  );
  const decider = candidates.find(({ id }) => id !== viewer && readers.has(id));
  if (!decider) return { item, viewer };
  return { item: { ...item, card: await context.host.card(decider.id, item.card.id) }, viewer: decider.id };
}

const openKey = ({ conversation, thread }: Outbound["thread"]) =>
  `open:${conversation}:${thread}`.slice(0, 300);

/** Whether cards of this thread can be decided in it. */
async function noteOpen({ host }: SlackContext, { thread }: Outbound, isOpen: boolean): Promise<void> {
  if (thread.thread === "approvals") return;
  if (isOpen) await host.notes.write(openKey(thread), {});
  else await host.notes.remove(openKey(thread));
}

/** Whether a person reads along in a thread in which cards are shown to all. */
export async function isOpenTo(
  context: SlackContext,
  thread: Outbound["thread"],
  person: string,
): Promise<boolean> {
  const place = fromThreadRef(thread);
  if (place === null || place.user === null) return false;
  const account = await context.host.accountOf("slack", person);
  if (account?.workspace !== place.team || (await context.host.notes.read(openKey(thread))) === null)
    return false;
  return (await context.people.members(place.team, place.channel))?.includes(account.account) ?? false;
}

/** A line under the card that makes its viewer look; the card itself was only edited, which nobody notices. */
async function remind(
  context: SlackContext,
  outbound: Outbound,
  place: PostPlace,
  copy: Copy,
): Promise<void> {
  const [ts] = copy.ts;
  if (ts === undefined || place.user === null) return;
  if (!(await context.host.notes.writeOnce(`reminded:${outbound.id}`, {}))) return;
  const text = `<@${place.user}> This still waits for your decision.`;
  const root = place.root ?? ts;
  const args = { channel: place.channel, thread_ts: root, text, blocks: [section(text)] };
  await context.call(place.team, "chat.postMessage", args, { conversation: place.channel });
}

const section = (text: string) => ({ type: "section" as const, text: { type: "mrkdwn" as const, text } });

const personOf = ({ thread }: Outbound) => (thread.thread === "approvals" ? thread.conversation : null);

/** Whose session stands at a place; null when that is not known. */
async function personAt(context: SlackContext, { team, user }: PostPlace): Promise<string | null> {
  if (user === null) return null;
  const who = await context.people.identify(team, user);
  return who.kind === "known" ? who.principal.id : null;
}

type CopyStore = { find(): Promise<Copy | null>; save(copy: Copy): Promise<void> };

/** Where the copy's place is kept: with the house; for a message that several people share, in a note as well. */
function postsOf({ host }: SlackContext, outbound: Outbound, place: PostPlace): CopyStore {
  const { thread, item } = outbound;
  const common = place.isCommon ? `common:${place.team}:${place.channel}:${item.id}` : null;
  const viewer = outbound.viewer ?? personOf(outbound) ?? "";
  return {
    find: async () => {
      const kept = (await host.posts.find(thread, item.id))?.ref ?? null;
      const ref = common === null ? kept : ((await host.notes.read(common)) ?? kept);
      const read = copySchema.safeParse(ref);
      // A place that was changed since (another channel chosen) begins anew.
      if (read.success) return read.data.channel === place.channel ? read.data : null;
      if (common === null || (await host.notes.writeOnce(`${common}:claim`, { at: host.now().getTime() })))
        return null;
      const claimed = (await host.notes.read(`${common}:claim`))?.at;
      if (typeof claimed === "number" && host.now().getTime() - claimed > 60_000) return null;
      throw new SlackFailure("busy", { retryAfterMs: 3_000 });
    },
    save: async (copy) => {
      const ref: JsonObject = { ...copy };
      if (common !== null) await host.notes.write(common, ref);
      await host.posts.save({ thread, item: item.id, viewer, ref });
    },
  };
}

/** An item as messages for this viewer, with its buttons. */
export async function renderItem(
  context: SlackContext,
  item: Shown,
  viewer: string,
  place: Pick<PostPlace, "team" | "user">,
  idFor: IdFor,
): Promise<readonly SlackMessage[]> {
  const { host } = context;
  if (item.kind === "card") return [await renderCard(context, item.card, viewer, place, idFor)];
  const { text, citations, note, id } = item;
  return messageBlocks(text, citations, { linkTo: host.linkTo, note, feedback: { message: id, idFor } });
}

/** A card as this viewer may see it. */
export async function renderCard(
  context: SlackContext,
  card: Card,
  viewer: string,
  { team, user }: Pick<PostPlace, "team" | "user">,
  idFor: IdFor,
): Promise<SlackMessage> {
  const reader = user === null ? ANYBODY : ((await context.people.user(team, user))?.reader ?? ANYBODY);
  return cardBlocks(card, viewer, { idFor, reader, linkTo: context.host.linkTo, now: context.host.now() });
}

/** What stands in a shared place instead; the item itself is kept for its viewer. */
async function renderNotice(
  context: SlackContext,
  item: Shown,
  viewer: string | null,
  place: PostPlace,
  idFor: IdFor,
): Promise<readonly SlackMessage[]> {
  if (item.kind === "message") {
    const { id, text, citations, note, turn } = item;
    const kept = {
      ...{ viewer, id, note, turn },
      // A note holds 64,000 characters at most.
      text: text.length > MAX_PRIVATE ? `${text.slice(0, MAX_PRIVATE)} …\n\nThe rest is on the web.` : text,
      citations: citations.slice(0, 20).map((one) => ({ ...one, quote: one.quote.slice(0, 300) })),
    };
    await context.host.notes.write(`private:${id}`, kept as unknown as JsonObject);
  } else {
    const kept = { viewer, id: item.id, card: item.card.id };
    await context.host.notes.write(`private:${item.id}`, kept);
  }
  const notice = privateAnswerNotice(item.id, idFor);
  if (place.user === null) return [notice];
  return [{ text: notice.text, blocks: [section(`<@${place.user}>`), ...notice.blocks] }];
}

async function showTurn(context: SlackContext, outbound: Outbound): Promise<void> {
  const place = fromThreadRef(outbound.thread);
  const { item } = outbound;
  if (place === null || item.kind !== "turn") return;
  if (item.status === "running") return showWorking(context, place, item.step);
  showDone(context, place, item.status === "waiting");
  if (item.error === null) return;
  const { team, channel, user, root } = place;
  if (!(await context.host.notes.writeOnce(`failed:${item.id}`, {}))) return;
  await tell(context, { team, channel, user: user ?? "", root }, problemNotice(item.error));
}
