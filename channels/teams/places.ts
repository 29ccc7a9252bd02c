import type { ThreadRef } from "../../src/types/thread.ts";

/** Where a thread of Steward stands in Teams. `person` is set where others read along. */
export type Place = {
  readonly tenant: string;
  readonly conversation: string;
  /** Entra object id of the one whose session it is; null in a personal chat, which has one person only. */
  readonly person: string | null;
};

/**
 * The thread of a person at a place. Where several people write, each has a session of their own, so that nothing
 * read for one enters another's context. `#` cannot occur in an id of Teams.
 */
export function threadAt({ tenant, conversation, person }: Place): ThreadRef {
  return {
    channel: "teams",
    conversation: tenant,
    thread: person === null ? conversation : `${conversation}#${person}`,
  };
}

/** The way back of `threadAt`. */
export function placeOf(thread: ThreadRef): Place {
  const border = thread.thread.indexOf("#");
  if (border === -1) return { tenant: thread.conversation, conversation: thread.thread, person: null };
  return {
    tenant: thread.conversation,
    conversation: thread.thread.slice(0, border),
    person: thread.thread.slice(border + 1),
  };
}

/** The name of the outbox for what is meant for a person and no conversation. */
export const isForPerson = (thread: ThreadRef): boolean => thread.thread === "approvals";
