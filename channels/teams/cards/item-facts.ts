import type { CardArgument, CardItem } from "../../../src/types/card.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { moment, type Reader } from "./card-times.ts";
import { listWords } from "./card-words.ts";
import { line, ownText, run } from "./elements.ts";
import { foreignLine } from "./foreign-text.ts";

/** How much of a card is said; smaller when many or long values would not fit. */
export type Room = { readonly items: number; readonly facts: number; readonly characters: number };

/** Before and after of what changes, and each value that the requester did not write, with its origin in words. */
export function facts(item: CardItem, room: Room): JsonObject[] {
  const shown = new Set<string>();
  const argumentOf = (field: string, after: string): CardArgument | undefined => {
    const found = item.arguments.find(
      ({ label, name, text }) => label === field || name === field || text === after,
    );
    if (found) shown.add(found.name);
    return found;
  };
  const changes = item.changes.map((change) => {
    const argument = argumentOf(change.field, change.after);
    return line([
      run(`${foreignLine(change.field, 80)}: `, { isQuiet: true }),
      ...(change.before === null || change.before === ""
        ? []
        : [run(foreignLine(change.before, room.characters), { isStruck: true }), run(" → ")]),
      run(foreignLine(change.after, room.characters), { isBold: true }),
      ...(argument ? origin(argument, room) : []),
    ]);
  });
  const rest = item.arguments
    .filter(
      ({ name, origin: from, isGrounded }) =>
        !shown.has(name) && (changes.length === 0 || from !== null || !isGrounded),
    )
    .map((argument) =>
      line([
        run(`${foreignLine(argument.label, 80)}: `, { isQuiet: true }),
        run(foreignLine(argument.text, room.characters), { isBold: true }),
        ...origin(argument, room),
      ]),
    );
  const all = [...changes, ...rest];
  if (all.length <= room.facts) return all;
  const left = all.length - room.facts;
  return [
    ...all.slice(0, room.facts),
    ownText(left === 1 ? "And one more value." : `And ${left} more values.`, { isSubtle: true }),
  ];
}

/** Doubt is in the words, not only in the colour. */
function origin({ origin: from, integrity, isGrounded }: CardArgument, room: Room): JsonObject[] {
  if (from === null && isGrounded) return [];
  const isOutside = !isGrounded && integrity === "external";
  const doubt = isOutside ? ", from outside, unverified" : isGrounded ? "" : ", unverified";
  const words = `${from === null ? "origin unknown" : foreignLine(from, Math.min(200, room.characters))}${doubt}`;
  return [run(`  (${words})`, { tone: isOutside ? "Attention" : isGrounded ? "Accent" : "Warning" })];
}

/** Why it asks or is not allowed, in words, and what undoing it would take. */
export function reasons(item: CardItem, room: Room): JsonObject[] {
  const isForbidden = item.status === "forbidden";
  // A reason that already stands beside its value is not said twice.
  const said = item.reasons.filter((reason) => !item.arguments.some(({ origin: from }) => from === reason));
  return [
    ...(said.length === 0
      ? []
      : [
          line([
            run(isForbidden ? "Why not: " : "Why it asks: ", { isQuiet: true }),
            run(foreignLine(said.join(" "), room.characters * 2)),
            ...(isForbidden && item.rules.length > 0
              ? [run(` Rule ${foreignLine(item.rules.join(", "), 200)}`, { isQuiet: true })]
              : []),
          ]),
        ]),
    ...(item.status === "awaiting" && item.undoText !== ""
      ? [line([run(foreignLine(item.undoText, 200))])]
      : []),
  ];
}

/** Who has approved and who still can, one line a group. */
export function progress(item: CardItem, me: string | null): JsonObject[] {
  const named = (people: readonly { readonly id: string; readonly name: string }[], join: "and" | "or") =>
    foreignLine(
      listWords(
        people.map(({ id, name }) => (id === me ? "you" : name)),
        join,
      ),
      200,
    );
  return item.approvers.map(({ title, needed, given, candidates }) =>
    line(
      [
        run(`${given.length} of ${needed}: ${foreignLine(title, 80)}`),
        ...(given.length > 0 ? [run(`. Approved by ${named(given, "and")}`, { isQuiet: true })] : []),
        ...(given.length < needed && candidates.length > 0
          ? [run(`. ${named(candidates, "or")} can approve`, { isQuiet: true })]
          : []),
      ],
      { spacing: "None" },
    ),
  );
}

/** Who decided, when and why. Names stand in runs; times of several readers in a block of our own. */
export function votes(
  item: CardItem,
  me: string | null,
  reader: Reader | null,
  now: Date,
  room: Room,
): JsonObject[] {
  return item.decidedBy.slice(0, room.facts).flatMap((vote) => {
    const who = `${vote.verdict === "approve" ? "Approved" : "Refused"} by ${vote.id === me ? "you" : foreignLine(vote.name, 80)}`;
    const when = moment(vote.at, reader, now);
    return [
      line([run(reader === null ? who : `${who}, ${when}`)]),
      ...(reader === null ? [ownText(when, { isSubtle: true, spacing: "None" })] : []),
      ...(vote.reason === null || vote.reason === ""
        ? []
        : [
            line([run(`“${foreignLine(vote.reason, room.characters)}”`, { isItalic: true })], {
              spacing: "None",
            }),
          ]),
    ];
  });
}
