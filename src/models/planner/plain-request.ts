import { stemOf } from "../words.ts";

/** Contractions as they are typed in haste; with an apostrophe they are read anyway. */
const HASTY =
  /(?<=^|[\s,.;!?])(what|when|where|who|how|that|there)s(?=\s+(?:my|the|our|your|his|her|their|next|nxt|this)\b)/giu;
/** Polite detours before the deed, which then stands as a gerund. */
const DETOUR =
  /\b(?:(?:would|do|will) you mind|how about|what about|i(?:['’]d| would) appreciate(?: you)?|any chance of(?: you)?|is there any chance of(?: you)?) (\p{L}+ing)\b/iu;
/** The same before an infinitive. */
const LEAD =
  /\b(?:i was wondering (?:if|whether) you (?:could|can|might|would)|(?:is there )?any chance (?:that )?you (?:could|can)|would it be possible (?:for you )?to|is it possible (?:for you )?to|would you be so kind (?:as )?to|do you think you (?:could|can)|i (?:was hoping|hope) you (?:could|can)|be a (?:dear|star|love) and)\b/iu;
/** "I only want to know where …": what is wanted is the question. */
const WANT_TO_KNOW =
  /^\s*(?:i(?:['’]d| would)? (?:only |just |really )*(?:want|need|like|love) to know|i(?:['’]m| am) (?:just |only )?wondering|i wonder|just curious|quick question)(?:\s*[,:–—-]\s*|\s+)(?=\p{L})/iu;

/**
 * The request without polite detours and hasty spelling ("would you mind moving it", "whens my next call"), for reading
 * only: what counts for the gate is what the person wrote.
 * @param verbs base forms that tools are asked for with
 */
export function plainRequest(text: string, verbs: ReadonlySet<string>): string {
  if (/["“„«]/.test(text)) return text;
  const base = (gerund: string) =>
    [...verbs].find((verb) => stemOf(verb) === stemOf(gerund.toLowerCase())) ?? gerund;
  return text
    .replace(HASTY, "$1 is")
    .replace(DETOUR, (said, gerund: string) => (verbs.has(base(gerund)) ? base(gerund) : said))
    .replace(LEAD, "please")
    .replace(WANT_TO_KNOW, "")
    .replace(/\bget rid of\b/giu, "delete");
}
