import { deciders, readElectorate, voteOf } from "../actions/eligible.ts";
import type { ExecutorDeps } from "../actions/executor-deps.ts";
import { findTurnActions } from "../store/actions/find-actions.ts";
import { findActionApprovals } from "../store/approvals/find-approvals.ts";
import { findApprovalPlaces } from "../store/channels/approval-places.ts";
import { findAccounts } from "../store/channels/identities.ts";
import { findPosts } from "../store/channels/posts.ts";
import { readEventsAfter } from "../store/events/read-events.ts";
import type { OutboxRow } from "../store/outbox/outbox.ts";
import { findDeadPlaces, isOvertaken, spreadOutbox, type Target } from "../store/outbox/spread-outbox.ts";
import { findSession } from "../store/sessions/find-session.ts";
import type { ApprovalPlace, PlatformChannel, PlatformName, PostRef } from "../types/channel-host.ts";
import type { SessionEvent } from "../types/session-event.ts";
import type { ThreadRef } from "../types/thread.ts";

/** People told of one card who may decide it; of more, the first: enough to decide, and nobody tells a whole company. */
const MAX_TOLD = 50;
/** Where a person's own place is named in an outbound (src/types/channel.ts). */
const APPROVALS = "approvals";

export type FanOutDeps = Pick<ExecutorDeps, "db" | "gate" | "directory" | "now"> & {
  /** The platforms that are on. */
  readonly platforms: ReadonlyMap<PlatformName, Pick<PlatformChannel, "isOpenTo">>;
};

type CardChange = Extract<SessionEvent, { type: "card.changed" }>;

/**
 * Works out where a card that changed has to be shown: wherever a copy of it stands, and at the approval places of
 * those who may decide it and have no copy yet. What it finds goes into the outbox in exchange for the row. The
 * session's own thread is not among it: it has its row already.
 */
export async function fanOutCard(deps: FanOutDeps, row: OutboxRow): Promise<void> {
  await spreadOutbox(deps.db, row, await findTargets(deps, row));
}

async function findTargets(deps: FanOutDeps, row: OutboxRow): Promise<readonly Target[]> {
  const [event] = await readEventsAfter(deps.db, row.session, row.seq - 1, 1);
  const session = await findSession(deps.db, row.session);
  if (event?.type !== "card.changed" || event.seq !== row.seq || !session) return [];
  const isReminder = asksAgain(event);
  if (!isReminder && (await isOvertaken(deps.db, row))) return [];

  const posts = (await findPosts(deps.db, `${event.data.turn}:card`)).filter(
    ({ thread }) => deps.platforms.has(thread.channel as PlatformName) && !isSame(thread, session.thread),
  );
  const copies = posts.map(({ viewer, thread }): Target => ({ viewer, thread }));
  const people = (await findSilent(deps, event)).filter((id) => isReminder || id !== session.principal);
  const told = await placesOf(deps, people.slice(0, MAX_TOLD), session.thread, posts);
  const dead = new Set((await findDeadPlaces(deps.db, row.session)).map(keyOf));
  const isNew = told.filter(({ thread }) => !dead.has(keyOf(thread)) && !isSame(thread, session.thread));
  return [...new Map([...copies, ...isNew].map((target) => [keyOf(target.thread), target])).values()];
}

/** Whether a change of a card is there to be noticed by those who have not decided. */
export function asksAgain({ data }: CardChange): boolean {
  return data.why === "reminded" || data.why === "escalated";
}

/** Who could decide something on the card and has not. */
async function findSilent(deps: FanOutDeps, { data }: CardChange): Promise<readonly string[]> {
  const awaiting = (await findTurnActions(deps.db, data.turn)).filter(({ status }) => status === "awaiting");
  if (awaiting.length === 0) return [];
  const approvals = await findActionApprovals(
    deps.db,
    awaiting.map(({ id }) => id),
  );
  const electorate = await readElectorate(deps);
  const silent = new Set<string>();
  for (const approval of approvals) {
    const action = awaiting.find(({ id }) => id === approval.action);
    if (!action || approval.status !== "pending" || approval.expiresAt <= deps.now()) continue;
    for (const { id } of deciders(electorate, approval, action)) {
      if (voteOf(electorate, id, approval, action) === null) silent.add(id);
    }
  }
  return [...silent];
}

/** Where each of these people is told, on each platform where they are known and have no copy yet. */
async function placesOf(
  deps: FanOutDeps,
  people: readonly string[],
  asked: ThreadRef,
  posts: readonly PostRef[],
): Promise<readonly Target[]> {
  if (people.length === 0) return [];
  const accounts = await findAccounts(deps.db, people, [...deps.platforms.keys()]);
  const places = await findApprovalPlaces(deps.db, [...people, ...posts.map(({ viewer }) => viewer)]);
  const hasCopy = new Set(posts.map(({ viewer, thread }) => `${viewer} ${thread.channel}`));
  const known = new Set(accounts.map(({ principal, channel }) => `${principal} ${channel}`));
  const placeOf = (person: string) =>
    usable(places.get(person), (name) => known.has(`${person} ${name}`) || hasCopy.has(`${person} ${name}`));
  // One card in a channel is for everybody who wants it there.
  const channels = new Set(
    posts.flatMap(({ viewer, thread }) => {
      const place = placeOf(viewer);
      return thread.thread === APPROVALS && place.kind === "channel" ? [`${place.channel} ${place.id}`] : [];
    }),
  );
  const targets: Target[] = [];
  for (const one of known) {
    const at = one.lastIndexOf(" ");
    const [person, channel] = [one.slice(0, at), one.slice(at + 1) as PlatformName];
    if (hasCopy.has(one)) continue;
    const place = placeOf(person);
    if (place.kind === "channel") {
      const name = `${place.channel} ${place.id}`;
      if (place.channel !== channel || channels.has(name)) continue;
      channels.add(name);
    }
    if (place.kind === "thread" && (await isOpenTo(deps, asked, person))) continue;
    targets.push({ viewer: person, thread: { channel, conversation: person, thread: APPROVALS } });
  }
  return targets;
}

/** A channel of a platform on which the person is not known (any more) is no place for them. */
function usable(place: ApprovalPlace | undefined, isKnownOn: (name: PlatformName) => boolean): ApprovalPlace {
  if (place === undefined || (place.kind === "channel" && !isKnownOn(place.channel)))
    return { kind: "direct" };
  return place;
}

async function isOpenTo(deps: FanOutDeps, thread: ThreadRef, person: string): Promise<boolean> {
  const platform = deps.platforms.get(thread.channel as PlatformName);
  try {
    return (await platform?.isOpenTo?.(thread, person)) ?? false;
  } catch {
    // Not known: told twice is better than not at all.
    return false;
  }
}

const keyOf = ({ channel, conversation, thread }: ThreadRef): string =>
  JSON.stringify([channel, conversation, thread]);
const isSame = (a: ThreadRef, b: ThreadRef): boolean => keyOf(a) === keyOf(b);
