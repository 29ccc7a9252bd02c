import type { CardArgument, CardItem } from "../../../src/types/card.ts";
import { originWords } from "./card-words.ts";
import { clean, cut } from "./plain.ts";
import { leaves, value, words } from "./rich-text.ts";
import type { Leaf } from "./slack-message.ts";

/** How much of a card is shown: values in characters, and how many of them. */
export type Room = { readonly valueText: number; readonly facts: number };

/** From everything that a single message can hold down to what always fits. */
export const ROOMS: readonly Room[] = [
  { valueText: 6_000, facts: 40 },
  { valueText: 2_500, facts: 40 },
  { valueText: 1_000, facts: 30 },
  { valueText: 400, facts: 20 },
  { valueText: 150, facts: 10 },
  { valueText: 60, facts: 3 },
];

/** Lines of a card; `isCut` when not everything that would be approved is on it. */
export type Facts = { readonly lines: readonly (readonly Leaf[])[]; readonly isCut: boolean };

/**
 * Before → after of what changes, then the values that others brought in (all values when nothing is compared), each
 * with its origin in words.
 */
export function factsOf(item: CardItem, room: Room): Facts {
  let isCut = false;
  const short = (text: string): string => {
    const shown = clean(text).trim();
    if (shown.length > room.valueText) isCut = true;
    return cut(shown, room.valueText);
  };
  const label = (text: string) =>
    words(`${cut(clean(text).replace(/\s+/g, " ").trim() || "Value", 80)}: `, { bold: true });
  const marked = new Set<string>();
  const markOf = (field: string, after: string): CardArgument | undefined => {
    const found = item.arguments.find(
      (each) => each.label === field || each.name === field || each.text === after,
    );
    if (found) marked.add(found.name);
    return found;
  };
  const origin = (argument: CardArgument | undefined): Leaf | null => {
    const said = argument ? originWords(argument) : null;
    if (said === null) return null;
    const isDoubtful = argument?.isGrounded === false;
    return words(
      ` (${cut(said, Math.max(120, Math.min(room.valueText, 400)))})`,
      isDoubtful ? { bold: true, italic: true } : { italic: true },
    );
  };
  const lines = item.changes.map(({ field, before, after }): Leaf[] => {
    const from = before === null || clean(before).trim() === "" ? [] : [value(short(before)), words(" → ")];
    return leaves(
      label(field),
      ...from,
      value(short(after) || "(empty)", { bold: true }),
      origin(markOf(field, after)),
    );
  });
  const rest = item.arguments.filter(
    ({ name, origin: source, isGrounded }) =>
      !marked.has(name) && (item.changes.length === 0 || source !== null || !isGrounded),
  );
  for (const argument of rest) {
    lines.push(leaves(label(argument.label), value(short(argument.text) || "(empty)"), origin(argument)));
  }
  if (lines.length <= room.facts) return { lines, isCut };
  const more = lines.length - room.facts;
  const note = words(more === 1 ? "and one more value" : `and ${more} more values`, { italic: true });
  return { lines: [...lines.slice(0, room.facts), leaves(note)], isCut: true };
}
