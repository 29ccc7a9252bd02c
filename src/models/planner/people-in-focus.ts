import type { Json } from "../../types/json.ts";
import type { Directory, Principal } from "../../types/principal.ts";
import type { Conversation } from "./conversation.ts";
import type { PersonSpan } from "./people.ts";

const PRONOUN = /\b(?:he|him|his|she|her|hers)\b/gi;
/** More than that were a list, and nobody in it is meant by "her". */
const MAX_MEANT = 5;

/**
 * Whom "her" or "him" means: the people that the newest outcome with any was about, by what was asked for or by what
 * came of it. Several must be asked about.
 */
export function peopleInFocus(
  { earlier }: Pick<Conversation, "earlier">,
  directory: Directory,
  principal: Principal,
): readonly Principal[] {
  for (const { args, records } of earlier) {
    // Somebody at a customer was spoken of since: "her" is no colleague.
    if (records.some(({ kind }) => kind.endsWith(".contact"))) return [];
    const asked = idsIn(args);
    const found = records.filter(({ kind }) => kind === "person").map(({ id }) => id);
    for (const ids of [asked, found.length > MAX_MEANT ? [] : found]) {
      const people = [...new Set(ids)].flatMap((id) => directory.find(id) ?? []);
      const others = people.filter(({ id }) => id !== principal.id);
      if (others.length > 0) return others;
    }
  }
  return [];
}

/** Whether the newest person spoken of is somebody at a customer. */
export const isContactInFocus = ({ earlier }: Pick<Conversation, "earlier">): boolean =>
  earlier.find(({ records }) => records.length > 0)?.records.some(({ kind }) => kind.endsWith(".contact")) ===
  true;

/** Words for a person who was named before; none where the text itself names somebody, since they are meant then. */
export function findPronouns(text: string, people: readonly Principal[]): readonly PersonSpan[] {
  const [first] = text.matchAll(PRONOUN);
  if (!first) return [];
  const [from, to] = [first.index, first.index + first[0].length];
  return [{ from, to, text: first[0], people, address: null, how: "pronoun" }];
}

function idsIn(value: Json): readonly string[] {
  if (typeof value === "string") return value.includes("@") ? [value.toLowerCase()] : [];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap((each) => idsIn(each as Json));
}
