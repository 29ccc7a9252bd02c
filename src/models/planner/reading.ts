import type { Json } from "../../types/json.ts";
import type { Directory, Principal } from "../../types/principal.ts";
import type { AnyTool } from "../../types/tool.ts";
import { type AmountSpan, findAmounts } from "./amounts.ts";
import type { Conversation } from "./conversation.ts";
import { findPeople, type PersonSpan } from "./people.ts";
import { findPronouns, isContactInFocus, peopleInFocus } from "./people-in-focus.ts";
import type { Span } from "./phrases.ts";
import { readTimes, type TimeReading } from "./times.ts";

/** Everything that arguments are filled from. */
export type FillContext = {
  readonly tool: AnyTool;
  readonly conversation: Conversation;
  readonly directory: Directory;
  readonly principal: Principal;
  readonly now: Date;
};

/** What a text says, found once and used by every tool considered. */
export type Reading = {
  readonly text: string;
  readonly times: TimeReading;
  readonly people: readonly PersonSpan[];
  readonly amounts: readonly AmountSpan[];
  readonly quotes: readonly (Span & { readonly inner: string })[];
};

/** Something that must be asked before the tool can be called. */
export type Trouble = {
  readonly arg: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly value: Json }[];
  readonly day?: string | null;
  readonly isAddition?: boolean;
};

const QUOTES =
  /"([^"\n]{1,2000})"|“([^”\n]{1,2000})”|«([^»\n]{1,2000})»|„([^“”\n]{1,2000})[“”]|(?<![\p{L}\p{N}])'([^'\n]{2,200})'(?!\p{L})|‘([^’\n]{2,200})’(?!\p{L})/gu;

/** "Dana Whitfield … her number": whoever is named in full before the word is meant, colleague or not. */
const NAMES_SOMEBODY = /(?<=\p{Ll}\s)\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+.*\b(?:he|him|his|she|her|hers)\b/su;

/** Reads a text for times, people, sums and quotations, in the light of who writes and when. */
export function readText(
  text: string,
  context: Pick<FillContext, "directory" | "principal" | "now"> & Partial<Pick<FillContext, "conversation">>,
): Reading {
  const quotes = [...text.slice(0, 20_000).matchAll(QUOTES)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
    inner: (m.slice(1).find((g) => g !== undefined) ?? "").trim(),
  }));
  // What stands in quotation marks is a name or a text, whatever it looks like.
  let open = text;
  for (const q of quotes) open = open.slice(0, q.from) + " ".repeat(q.to - q.from) + open.slice(q.to);
  const named = findPeople(open, context.directory, context.principal);
  const isAboutNobody = named.every(({ how }) => how === "self");
  const people =
    isAboutNobody &&
    !NAMES_SOMEBODY.test(open) &&
    context.conversation &&
    !isContactInFocus(context.conversation)
      ? [...named, ...pronounsIn(open, context.conversation, context)].sort((a, b) => a.from - b.from)
      : named;
  // "June" may be a colleague, and "the second engineer" no date.
  let timely = open;
  for (const p of people)
    if (p.how !== "self") timely = timely.slice(0, p.from) + "|".repeat(p.to - p.from) + timely.slice(p.to);
  const times = readTimes(timely, context.now, context.principal.zone);
  return {
    text,
    times,
    quotes,
    people,
    amounts: findAmounts(open.slice(0, 4_000)),
  };
}

const pronounsIn = (
  text: string,
  conversation: Conversation,
  { directory, principal }: Pick<FillContext, "directory" | "principal">,
): readonly PersonSpan[] => findPronouns(text, peopleInFocus(conversation, directory, principal));
