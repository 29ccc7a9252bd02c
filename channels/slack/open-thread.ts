import type { Outbound } from "../../src/types/channel.ts";
import { openKey } from "./note-keys.ts";
import type { PostPlace } from "./post-place.ts";
import type { Shown } from "./render-item.ts";
import type { SlackContext } from "./slack-context.ts";
import { fromThreadRef } from "./thread-ref.ts";

/**
 * Where all may see a card, those who may decide do it there: it is drawn as one of them sees it, with the buttons. Who
 * clicks without a right to is told so; the house decides that, not the drawing.
 */
export async function sharedView(
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

/** Whether cards of this thread can be decided in it. */
export async function noteOpen({ host }: SlackContext, { thread }: Outbound, isOpen: boolean): Promise<void> {
  if (thread.thread === "approvals") return;
  const key = openKey(thread.conversation, thread.thread);
  if (isOpen) await host.notes.write(key, { at: host.now().getTime() });
  else await host.notes.remove(key);
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
  if (account?.workspace !== place.team) return false;
  if ((await context.host.notes.read(openKey(thread.conversation, thread.thread))) === null) return false;
  return (await context.people.members(place.team, place.channel))?.includes(account.account) ?? false;
}
