import type { Open } from "./parts/open-panel.tsx";
import type { Api } from "./state/api.ts";
import { remember } from "./state/remembered.ts";

/** What a link is to open: `/?session=ID&turn=ID`, `/?document=ID&passage=ID`. */
export type Address = {
  readonly session: string | null;
  /** The request in that conversation that the link was about. */
  readonly turn: string | null;
  /** What lies over the chat at first. */
  readonly first: Open | null;
};

const ID = /^[a-z]{3}_[\w:.~-]{1,120}$/i;
const PASSAGE = /^[\w:.~#-]{0,160}$/;
const MAX_QUOTE = 1_000;

/**
 * Reads what the page's address asks for and takes it out of there, so that a later reload does not go back to it.
 * To be called once somebody is signed in: until then the address keeps it.
 */
export function takeAddress(): Address {
  const query = new URLSearchParams(location.search);
  const take = (name: string) => {
    const value = query.get(name) ?? "";
    query.delete(name);
    return value;
  };
  const [session, turn, document, passage, quote] = [
    take("session"),
    take("turn"),
    take("document"),
    take("passage"),
    take("quote"),
  ];
  if (`?${query}` !== (location.search || "?"))
    history.replaceState(null, "", query.size > 0 ? `?${query}` : location.pathname);
  const isSource = ID.test(document) && PASSAGE.test(passage);
  return {
    session: ID.test(session) ? session : null,
    turn: ID.test(turn) ? turn : null,
    first: isSource
      ? { kind: "source", citation: { document, passage, title: "", quote: quote.slice(0, MAX_QUOTE) } }
      : null,
  };
}

/**
 * Where a link leads this person: into their own conversation, or, in somebody else's, to the request that they decide
 * and nothing else of it. A link without a request leads to the one of that conversation that waits for them.
 */
export async function followAddress(
  address: Address,
  api: Pick<Api, "me" | "card" | "approvals">,
): Promise<Address> {
  const { session, turn } = address;
  if (session === null) return address;
  try {
    const about =
      turn === null ? api.approvals().then((all) => all.approvals) : api.card(turn).then((one) => [one]);
    const [{ principal }, cards] = await Promise.all([api.me(), about]);
    const found = cards.find(({ card }) => card.session === session && card.requester.id !== principal.id);
    if (found) return { session: null, turn, first: { kind: "request", card: found.card } };
  } catch {
    // Not theirs to see, or not reached: the chat itself says which.
  }
  return address;
}

/** Makes a conversation the one that the chat of this person begins with. `who`: a persona's id, or "me". */
export function beginWith(session: string | null, who: string): void {
  if (session !== null) remember(`session:${who}`, session);
}
