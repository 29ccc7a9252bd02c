import type { PersonSpan } from "./people.ts";

/** Shorter messages are read as they are. */
const RAMBLING = 26;
const OPENER =
  /\b(?:(?:can|could|would|will) you(?! (?:believe|imagine))|please|i was wondering (?:if|whether)|any chance|i(?:['’]d| would) like you to|i (?:need|want) you to|(?:my|the) question is|what i (?:want|need) to know is)\b/giu;
/** Words of the request that stand for people named before it. */
const POINTS = /\b(?:the two of us|both of us|the three of us|for us|us|him|her|them)\b/iu;
const MOST_PEOPLE = 3;

/**
 * What a long message asks for: the part from where the request begins ("…, anyway, could you …"), with the people who
 * are meant by "the two of us" or "her". A short message, or one without such a place, comes back as it is.
 * @param peopleOf finds the colleagues whom a text names
 */
export function focusRequest(text: string, peopleOf: (text: string) => readonly PersonSpan[]): string {
  if (text.split(/\s+/).length < RAMBLING || /["“„«]/.test(text)) return text;
  const openers = [...text.matchAll(OPENER)];
  const opener = openers.find((m) => m.index > text.length * 0.25);
  if (!opener) return text;
  const request = text.slice(opener.index).trim();
  if (request.split(/\s+/).length < 4 || /:\s/.test(text.slice(0, opener.index))) return text;
  const isNamed = peopleOf(request).some((p) => p.how !== "self");
  if (isNamed || !POINTS.test(request)) return request;
  const before = peopleOf(text.slice(0, opener.index)).filter((p) => p.how === "name");
  const names = [...new Set(before.map((p) => p.text))];
  if (names.length === 0 || names.length > MOST_PEOPLE) return request;
  const whom = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");
  return request.replace(POINTS, (said) => (/us$/i.test(said) ? `me and ${whom}` : whom));
}
