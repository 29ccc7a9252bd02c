import type { Citation } from "../../../src/types/passage.ts";
import { remember } from "./state/remembered.ts";

/** What a link from another channel is to open: `/?session=ID`, `/?document=ID&passage=ID`. */
export type Address = { readonly session: string | null; readonly source: Citation | null };

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
  const [session, document, passage, quote] = [
    take("session"),
    take("document"),
    take("passage"),
    take("quote"),
  ];
  if (`?${query}` !== (location.search || "?"))
    history.replaceState(null, "", query.size > 0 ? `?${query}` : location.pathname);
  const isSource = ID.test(document) && PASSAGE.test(passage);
  return {
    session: ID.test(session) ? session : null,
    source: isSource ? { document, passage, title: "", quote: quote.slice(0, MAX_QUOTE) } : null,
  };
}

/** Makes a conversation the one that the chat of this person begins with. `who`: a persona's id, or "me". */
export function beginWith(session: string | null, who: string): void {
  if (session !== null) remember(`session:${who}`, session);
}
