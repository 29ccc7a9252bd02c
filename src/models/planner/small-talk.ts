import type { AnyTool } from "../../types/tool.ts";
import { stemOf, wordsOf } from "../words.ts";
import { DOCUMENTS, GREETING, HELP, RECENT, SELF, THANKS } from "./built-in-intents.ts";
import { confident } from "./confident-tool.ts";
import type { Conversation } from "./conversation.ts";
import { sayLeft } from "./negated-request.ts";
import { kindWords } from "./phrases.ts";
import type { IntentRanker, Ranked } from "./rank-intents.ts";
import type { Reading } from "./reading.ts";
import { findReference } from "./references.ts";
import {
  DECISION_REPLY,
  NO_QUESTION_REPLY,
  SELF_REPLY,
  sayAbility,
  sayGreeting,
  sayHelp,
  sayRecent,
  sayShortly,
  THANKS_REPLY,
} from "./replies.ts";

const SURE = 0.5;

/** A bare yes or no without a question, or a decision on somebody's action in words. */
export function sayToShort(
  text: string,
  tools: readonly AnyTool[],
  conversation: Pick<Conversation, "earlier">,
): string | null {
  const said = text
    .trim()
    .replace(/[.!,]+$/g, "")
    .toLowerCase();
  if (/^(?:yes|yeah|yep|no|nope|sure|go ahead|do it|confirm|confirmed|y|n)(?: please)?$/.test(said))
    return NO_QUESTION_REPLY;
  if (
    /^(?:(?:ok|okay|oh|no|actually),? )?(?:never ?mind|forget (?:it|that|about it)|leave it|not now|drop it|stop|no thanks?|no thank you)$/.test(
      said,
    )
  )
    return sayLeft(conversation, (name) => tools.find((t) => t.name === name)?.manifest.effect === "read");
  const isDecision =
    /^(?:please )?(?:i )?(?:approve|reject|refuse|decline|accept)d?(?: (?:it|that|this|them|all|all of them|them all|everything|the request|the change))?$/.test(
      said,
    );
  // A tool that approves records of its own kind may be meant; one that arranges who may decide is not.
  const isTools = tools.some(
    ({ manifest }) =>
      manifest.effect !== "read" &&
      Object.values(manifest.args).some((a) => a.role === "rid") &&
      manifest.verbs.some((v) => said.includes(v)),
  );
  return isDecision && !isTools ? DECISION_REPLY : null;
}

/** The reply to what is no request: a greeting, thanks, and questions about Steward itself and what it did. */
export function sayBySmallTalk(
  ranked: readonly Ranked[],
  name: string,
  tools: readonly AnyTool[],
  conversation: Conversation,
): string | null {
  const [best] = ranked;
  if (!best || best.probability <= SURE) return null;
  switch (best.intent) {
    case GREETING:
      return sayGreeting(name, tools);
    case THANKS:
      return THANKS_REPLY;
    case HELP:
      return sayHelp(tools);
    case SELF:
      return SELF_REPLY;
    case RECENT:
      return sayRecent(conversation.earlier, tools);
    default:
      return null;
  }
}

const ASKS_ABILITY =
  /^\s*(?:(?:so|and|hey|hi|hello|ok|okay|steward)[\s,]+)*(?:(?:can|could) you (?:also |even |actually )?|are you (?:also )?(?:able|allowed|permitted) to |do you (?:know how|have permission) to |may you )(.+?)[?\s.!]*$/iu;
const PERSONAL = /\b(?:me|my|mine|us|our|i|we|the|this|that|these|those|it|him|her|them)\b/i;
const MOST_WORDS = 7;

const NEAREST = 4;
/** A tool as likely as this may be meant: no is not said. */
const UNSURE = 0.3;

/** Whether a tool's own name, or its kind of thing, is among the words. */
function isNamed({ manifest }: AnyTool, said: ReadonlySet<string>): boolean {
  const things = wordsOf(manifest.title).flatMap((word) => [word, ...kindWords(word)]);
  const isVerb = manifest.verbs.some((verb) => said.has(stemOf(verb)));
  return (
    isVerb &&
    things.some((word) => word.length > 3 && said.has(stemOf(word)) && !manifest.verbs.includes(word))
  );
}

/**
 * "Can you pay invoices?" asks what Steward can do; "can you pay this invoice?" asks for it. A question of ability
 * names no person, time, record or amount.
 * @returns the answer, or null when it is a request or something else
 */
export async function sayIfAbility(
  text: string,
  reading: Reading,
  conversation: Conversation,
  tools: readonly AnyTool[],
  ranker: IntentRanker,
): Promise<string | null> {
  const deed = ASKS_ABILITY.exec(text)?.[1];
  if (!deed || PERSONAL.test(deed) || wordsOf(deed).length > MOST_WORDS || conversation.files.length > 0)
    return null;
  const isConcrete =
    reading.times.used.length > 0 ||
    reading.amounts.length > 0 ||
    reading.quotes.length > 0 ||
    reading.people.some((p) => p.how !== "self") ||
    /\s\p{Lu}/u.test(deed) ||
    findReference(deed) !== null;
  if (isConcrete) return null;
  const ranked = await ranker.rank({ ...reading, text: deed }, conversation, tools);
  if (ranked[0]?.intent === HELP) return null;
  if (ranked[0]?.intent === DOCUMENTS) return sayShortly("documents");
  const said = new Set(wordsOf(deed).map(stemOf));
  // "Book meetings" is what some tool is called, however many others have the verb.
  const named = ranked
    .slice(0, NEAREST)
    .flatMap(({ intent }) => tools.find((t) => t.name === intent && isNamed(t, said)) ?? []);
  const tool = confident(ranked, tools) ?? named[0];
  if (tool) return sayAbility(tool);
  const isOther = (ranked.find((r) => tools.some((t) => t.name === r.intent))?.probability ?? 0) < UNSURE;
  return sayShortly(isOther ? "cannot" : "unsure");
}
