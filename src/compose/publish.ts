import { threadItems } from "../flows/thread-items.ts";
import { findSession } from "../store/sessions/find-session.ts";
import type { Channel } from "../types/channel.ts";
import { newId } from "../types/ids.ts";
import type { Principal } from "../types/principal.ts";
import type { Session } from "../types/session.ts";
import type { ThreadItem } from "../types/thread-item.ts";
import type { Installation } from "./installation.ts";

/** Sessions whose last published sequence is remembered; others are published from their last few events. */
const MAX_REMEMBERED = 5_000;

/**
 * Tells a channel that replays from the log (the web) what is new in a session, one session at a time, and people who
 * may decide that their list changed. A hint that is lost is made good when the client asks by sequence.
 */
export function createPublisher(
  house: Installation,
  channel: Channel,
  onError: (error: unknown) => void,
): (session: string, head: number) => void {
  type Seen = { readonly session: Session; readonly requester: Principal; readonly after: number };
  const seen = new Map<string, Seen>();
  const work = new Map<string, Promise<void>>();
  /** Sessions whose next publishing has not begun: it will see what further hints tell of. */
  const waiting = new Set<string>();

  /** Whose session it is and what was published of it; a session changes neither. Null when it is not this channel's. */
  const placeOf = async (id: string, head: number): Promise<Seen | null> => {
    const known = seen.get(id);
    if (known) return known;
    const session = await findSession(house.db, id);
    const requester = session && house.deps.directory().find(session.principal);
    if (session?.thread.channel !== channel.name || !requester) return null;
    return { session, requester, after: Math.max(0, head - 20) };
  };

  const publish = async (id: string, head: number): Promise<void> => {
    const place = await placeOf(id, head);
    if (!place) return;
    const { session, requester, after } = place;
    const { items, head: last } = await threadItems(house.deps, id, requester, after);
    seen.delete(id);
    seen.set(id, { ...place, after: Math.max(last, after) });
    const [oldest] = seen.keys();
    if (seen.size > MAX_REMEMBERED && oldest) seen.delete(oldest);
    const approvers = new Set<string>();
    for (const item of items) {
      await channel.post({ id: newId("out"), thread: session.thread, item });
      for (const person of decidersOf(item)) approvers.add(person);
    }
    for (const person of approvers) {
      const [item] = items;
      if (!item) break;
      await channel.post({
        id: newId("out"),
        thread: { channel: channel.name, conversation: person, thread: "approvals" },
        item,
      });
    }
  };

  return (session, head) => {
    if (waiting.has(session)) return;
    waiting.add(session);
    const mine = (work.get(session) ?? Promise.resolve())
      .then(async () => {
        waiting.delete(session);
        await publish(session, head);
      })
      .catch(onError)
      .finally(() => {
        if (work.get(session) === mine) work.delete(session);
      });
    work.set(session, mine);
  };
}

/** Everybody whose list of approvals a card may change. */
function decidersOf(item: ThreadItem): readonly string[] {
  if (item.kind !== "card") return [];
  return item.card.items.flatMap((one) => [
    ...one.approvers.flatMap((group) => group.candidates.map((person) => person.id)),
    ...one.decidedBy.map((person) => person.id),
  ]);
}
