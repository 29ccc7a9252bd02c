import type { Conversation } from "./conversation.ts";

/** "Do not forget" asks for the opposite; "don't you think" asks a question. */
const NEGATED =
  /^\s*(?:(?:no|nope|oh|ok|okay|wait|stop|hey|please|and|but|so|actually|sorry)[\s,.!]+)*(?:please\s+)?(?:do\s*n[o'’]t|dont|do not|never)\s+(?!(?:forget|let|worry|hesitate|you|we|i|they|miss|know|understand|have|need|want|think|like|see|mind)\b)(\p{L}+)/iu;
/** "Forget about the change": what is forgotten is a wish, unless it is a reminder. */
const FORGET = /^\s*(?:(?:ok|okay|no|actually|please)[\s,]+)*forget (?:about|the)\b(?!.*\bremind)/iu;
/** Where a request of its own follows what is not wanted. */
const INSTEAD =
  /(?:[,;:.–—-]\s*|\s)(?:but|just|only|instead|rather)\s+(?=\p{L})|,\s+(?=(?:i|please|can|could|what|when|where|who|which|tell|show)\b)|[;.!]\s+(?=\p{L})/iu;

/** What a message says is not to be done, and what it asks for besides. */
export type Negated = { readonly instead: string | null };

/** Whether a message asks for something not to be done ("no, don't send it"); null when it does not. */
export function readNegated(text: string): Negated | null {
  const m = NEGATED.exec(text) ?? FORGET.exec(text);
  if (!m) return null;
  const rest = text.slice(m[0].length);
  const cut = INSTEAD.exec(rest);
  const instead = cut ? rest.slice(cut.index + cut[0].length).trim() : "";
  return { instead: instead.split(/\s+/).length >= 2 ? instead : null };
}

/** What is so of the request that somebody wants no more: it waits, it is done, or nothing was begun. */
export function sayLeft(
  { earlier }: Pick<Conversation, "earlier">,
  isRead: (tool: string) => boolean,
): string {
  const newest = earlier.find(({ tool }) => !isRead(tool));
  if (newest?.outcome.status === "waiting")
    return "All right. It has not been done, and nothing happens unless it is approved. To drop it for good, press Refuse on its card.";
  if (newest && newest === earlier[0] && newest.outcome.status === "succeeded")
    return 'That was done already, with my last answer. Say "undo" and I take it back where that is possible.';
  return "All right, I leave it. Nothing was done.";
}
