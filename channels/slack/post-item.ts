import type { Outbound } from "../../src/types/channel.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { problemNotice } from "./blocks/notices.ts";
import { type Copy, copySchema, findLeftBehind, newCopyId, showCopy } from "./copies.ts";
import type { DueIn } from "./due-in.ts";
import { mayShowHere } from "./may-show.ts";
import { claimKey, commonKey, failedKey, streamKey } from "./note-keys.ts";
import { noteOpen, sharedView } from "./open-thread.ts";
import { type PostPlace, placeOfPost } from "./post-place.ts";
import { remind } from "./remind.ts";
import { renderItem, renderNotice, type Shown } from "./render-item.ts";
import { showDone, showWorking } from "./show-status.ts";
import type { SlackContext } from "./slack-context.ts";
import { codeOf, SlackFailure } from "./slack-failure.ts";
import type { Streams } from "./stream-turn.ts";
import { tell } from "./tell.ts";
import { fromThreadRef } from "./thread-ref.ts";

export type PostItem = (outbound: Outbound) => Promise<void>;

/**
 * Shows an item where it belongs: once, however often it comes, and in the place of what stood there. Where others
 * read along who may not see what it draws on, only its viewer gets to see it.
 */
export function createPostItem(
  context: SlackContext,
  streams: Streams,
  dueIn: Pick<DueIn, "note">,
): PostItem {
  const { host } = context;
  const busy = new Map<string, Promise<void>>();

  const showItem = async (outbound: Outbound, item: Shown): Promise<void> => {
    const place = await placeOfPost(context, outbound);
    if (outbound.thread.thread === "approvals") dueIn.note(outbound.thread, place);
    const posts = postsOf(context, outbound, place);
    const known = await posts.find();
    if (known?.out === outbound.id) return;
    const isOpen = !place.isShared || (await mayShowHere(context, place.team, place.channel, outbound.label));
    const before = known ?? (await firstCopy(item, place));
    if (known === null) await posts.save(before);
    else if (before.out === null) {
      const left = await findLeftBehind(context, place.team, before);
      before.ts.push(...left.slice(before.ts.length));
    }
    const viewer = outbound.viewer ?? personOf(outbound) ?? (await personAt(context, place));
    const sheet = context.sheets.open(place.team, place.isShared && isOpen ? null : viewer);
    const shownFor = isOpen
      ? await sharedView(context, item, viewer ?? "", place)
      : { item, viewer: viewer ?? "" };
    const messages = isOpen
      ? await renderItem(context, shownFor.item, shownFor.viewer, place, sheet.idFor)
      : await renderNotice(context, item, viewer, place, sheet.idFor);
    const saved = await sheet.save();
    if (before.out !== null && messages.length > before.ts.length) {
      // More messages than before: a crash among them must not show one twice.
      before.out = null;
      before.at = host.now().getTime();
      await posts.save(before);
    }
    const shown = await showCopy(context, place.team, item.id, before, messages, posts.save).catch(
      async (error: unknown) => {
        await context.sheets.close(saved);
        // Nothing went out, so nothing has to be looked for next time.
        if (known === null && codeOf(error) === "rate_limited" && before.ts.length === 0)
          await posts.forget();
        throw error;
      },
    );
    await posts.save({ ...shown, out: outbound.id, sheet: saved });
    await context.sheets.close(before.sheet);
    if (item.kind === "card" && place.isShared) await noteOpen(context, outbound, isOpen);
    if (outbound.isReminder && known !== null) await remind(context, outbound, place, shown);
    if (item.kind === "message" && item.turn !== null) await host.notes.remove(streamKey(item.turn));
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

const personOf = ({ thread }: Outbound) => (thread.thread === "approvals" ? thread.conversation : null);

/** Whose session stands at a place; null when that is not known. */
async function personAt(context: SlackContext, { team, user }: PostPlace): Promise<string | null> {
  if (user === null) return null;
  const who = await context.people.identify(team, user);
  return who.kind === "known" ? who.principal.id : null;
}

type CopyStore = { find(): Promise<Copy | null>; save(copy: Copy): Promise<void>; forget(): Promise<void> };

/** Where the copy's place is kept: with the house; for a message that several people share, in a note as well. */
function postsOf({ host }: SlackContext, outbound: Outbound, place: PostPlace): CopyStore {
  const { thread, item } = outbound;
  const common = place.isCommon ? commonKey(place.team, place.channel, item.id) : null;
  const claim = claimKey(place.team, place.channel, item.id);
  const viewer = outbound.viewer ?? personOf(outbound) ?? "";
  return {
    find: async () => {
      const kept = (await host.posts.find(thread, item.id))?.ref ?? null;
      const ref = common === null ? kept : ((await host.notes.read(common)) ?? kept);
      const read = copySchema.safeParse(ref);
      // A place that was changed since (another channel chosen) begins anew.
      if (read.success) return read.data.channel === place.channel ? read.data : null;
      if (common === null || (await host.notes.writeOnce(claim, { at: host.now().getTime() }))) return null;
      const claimed = (await host.notes.read(claim))?.at;
      if (typeof claimed === "number" && host.now().getTime() - claimed > 60_000) return null;
      throw new SlackFailure("busy", { retryAfterMs: 3_000 });
    },
    save: async (copy) => {
      const ref: JsonObject = { ...copy };
      if (common !== null) await host.notes.write(common, ref);
      await host.posts.save({ thread, item: item.id, viewer, ref });
    },
    forget: async () => {
      if (common === null) await host.posts.remove(thread, item.id);
    },
  };
}

async function showTurn(context: SlackContext, outbound: Outbound): Promise<void> {
  const place = fromThreadRef(outbound.thread);
  const { item } = outbound;
  if (place === null || item.kind !== "turn") return;
  if (item.status === "running") return showWorking(context, place, item.step);
  showDone(context, place, item.status === "waiting");
  if (item.error === null) return;
  const { team, channel, user, root } = place;
  if (!(await context.host.notes.writeOnce(failedKey(item.id), { at: context.host.now().getTime() }))) return;
  await tell(context, { team, channel, user: user ?? "", root }, problemNotice(item.error));
}
