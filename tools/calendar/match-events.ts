import { DateTime } from "luxon";
import type { ToolContext } from "../../src/types/tool.ts";
import { fold, isNear, sharesStart, wordsOf } from "../match-words.ts";
import { type Occurrence, participants } from "./calendar-event.ts";

const FILLERS = new Set(
  "my the a an our meeting meetings appointment appointments event events call with and at on in of for to about this next one entry invite slot s o clock i have coming upcoming session it is from also".split(
    " ",
  ),
);
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const CLOCK = /\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|o['’]?clock|uhr)?(?![\w:])/gi;

type Hour = { readonly hour: number; readonly minute: number; readonly half: "am" | "pm" | null };

/** What a person's words for an event ask of it: all `words`, and the time of day if one was named. */
export type EventWanted = {
  readonly words: readonly string[];
  readonly clock: Hour | null;
  readonly phrase: string;
};

/** Reads words such as "1:1 with Sofia", "the 3 pm call", "tomorrow's stand-up". */
export function readEventWords(text: string): EventWanted {
  let clock: Hour | null = null;
  const rest = named(text.slice(0, 200)).replace(
    CLOCK,
    (all, hour: string, minute: string | undefined, suffix: string | undefined) => {
      if (Number(hour) > 23 || Number(minute ?? 0) > 59 || (!minute && !suffix)) return all;
      const half = /^a/i.test(suffix ?? "") ? "am" : /^p/i.test(suffix ?? "") ? "pm" : null;
      clock = { hour: Number(hour), minute: Number(minute ?? 0), half };
      return " ";
    },
  );
  const words = wordsOf(rest).filter((w) => !FILLERS.has(w));
  return { words, clock, phrase: words.join("") };
}

/**
 * The occurrences that the words fit: every word must occur in the title, the place, a participant's name or
 * the day. A whole title beats a part. `isGuess`: only when slips of the fingers are allowed.
 */
export function matchEvents(
  wanted: EventWanted,
  occurrences: readonly Occurrence[],
  context: ToolContext,
): { readonly found: readonly Occurrence[]; readonly isGuess: boolean } {
  const { clock } = wanted;
  const timely = clock ? occurrences.filter((o) => isAt(o, clock, context.principal.zone)) : occurrences;
  const exact = timely.filter(
    (o) => wanted.phrase !== "" && wordsOf(named(o.event.title)).join("") === wanted.phrase,
  );
  if (exact.length > 0) return { found: exact, isGuess: false };
  const found = timely.filter((o) => fits(o, wanted, context, (a, b) => sharesStart(a, b)));
  if (found.length > 0 || wanted.words.length === 0) return { found, isGuess: false };
  return { found: timely.filter((o) => fits(o, wanted, context, isNear)), isGuess: true };
}

/** A "1:1" is one word, not two hours, however it is written. */
function named(text: string): string {
  return text.replace(/\b(?:1[:-]1|(?:one|1)[\s-]*(?:on|to)[\s-]*(?:one|1))\b/gi, "oneonone");
}

function fits(
  o: Occurrence,
  wanted: EventWanted,
  context: ToolContext,
  alike: (said: string, word: string) => boolean,
): boolean {
  const squeezed = fold(o.event.title).replace(/[^\p{L}\p{N}]/gu, "");
  if (wanted.phrase.length >= 5 && squeezed.includes(wanted.phrase)) return true;
  const others = participants(o.event).filter((id) => id !== context.principal.id);
  const names = others.flatMap((id) => {
    const person = context.directory.find(id);
    return person ? [...wordsOf(person.name), ...wordsOf(person.title)] : wordsOf(id);
  });
  const hay = [...wordsOf(named(o.event.title)), ...names, ...wordsOf(o.event.location ?? "")];
  return wanted.words.every(
    (w) => hay.some((h) => alike(w, h)) || isOn(o, w, context) || isHour(o, w, context),
  );
}

function isAt(o: Occurrence, clock: Hour, zone: string): boolean {
  const start = o.start.setZone(zone);
  if (start.minute !== clock.minute) return false;
  if (clock.half === null)
    return start.hour === clock.hour || (clock.hour < 12 && start.hour === clock.hour + 12);
  return start.hour === (clock.hour % 12) + (clock.half === "pm" ? 12 : 0);
}

/** "the 3": a bare number may be the hour. */
function isHour(o: Occurrence, word: string, context: ToolContext): boolean {
  return (
    /^\d{1,2}$/.test(word) && isAt(o, { hour: Number(word), minute: 0, half: null }, context.principal.zone)
  );
}

function isOn(o: Occurrence, word: string, context: ToolContext): boolean {
  const { zone } = context.principal;
  const start = o.start.setZone(zone);
  const today = DateTime.fromJSDate(context.now, { zone });
  if (word === "today") return start.hasSame(today, "day");
  if (word === "tomorrow") return start.hasSame(today.plus({ days: 1 }), "day");
  if (word === "morning") return start.hour < 12;
  if (word === "afternoon") return start.hour >= 12;
  return WEEKDAYS[start.weekday - 1] === word;
}
