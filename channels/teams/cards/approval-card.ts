import type { Card, CardItem } from "../../../src/types/card.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { moment, type Reader } from "./card-times.ts";
import { isOver, statusWords } from "./card-words.ts";
import {
  actionSet,
  adaptiveCard,
  container,
  execute,
  line,
  openUrl,
  ownText,
  run,
  sizeOf,
  type Tone,
} from "./elements.ts";
import { foreignLine, isRightToLeft } from "./foreign-text.ts";
import { type ButtonMeaning, itemActions } from "./item-actions.ts";
import { facts, progress, type Room, reasons, votes } from "./item-facts.ts";
import { plainWords } from "./plain-words.ts";

/** Teams takes about 28 kB a message; the rest is for the envelope. */
export const MAX_CARD_BYTES = 24_000;
const RTL_LANGUAGES = new Set(["ar", "fa", "he", "ur", "ps", "sd", "yi", "dv", "ckb", "ug"]);

/** From everything in full to one line each; the first that fits is taken. */
const ROOMS: readonly Room[] = [
  { items: 12, facts: 20, characters: 600 },
  { items: 10, facts: 10, characters: 240 },
  { items: 6, facts: 6, characters: 120 },
  { items: 3, facts: 4, characters: 80 },
  { items: 1, facts: 3, characters: 60 },
];

export type ApprovalCardOptions = {
  /** Begins the ids of the card's buttons; random, so that nobody can guess one. */
  readonly buttonSet: string;
  readonly now: Date;
  /** Address of the same on the web; null when there is none. */
  readonly webLink: string | null;
  /** Teams ids of those for whom the client asks for a copy of their own. */
  readonly refreshFor?: readonly string[];
  /** Something to say on top: what just happened, or why not. */
  readonly notice?: { readonly text: string; readonly tone: Tone } | null;
  /** The record of an action in words, below it. */
  readonly record?: { readonly action: string; readonly text: string } | null;
  /** A decision is on its way: the state without buttons. */
  readonly isBusy?: boolean;
};

/** Whoever reads the copy; `id` null for everybody in a thread: the state and no buttons. */
export type CardViewer = { readonly id: string | null; readonly reader: Reader | null };

export type BuiltCard = {
  readonly card: JsonObject;
  /** What each button of the card stands for, by its number behind the set's name. */
  readonly buttons: readonly ButtonMeaning[];
};

/**
 * The card of a turn in Adaptive Cards 1.5, at most `MAX_CARD_BYTES`. Words of people, documents and tools stand
 * in runs, which no client reads as markdown; buttons carry an opaque id and nothing else.
 */
export function approvalCard(card: Card, viewer: CardViewer, options: ApprovalCardOptions): BuiltCard {
  let built = build(card, viewer, options, ROOMS[0] as Room);
  for (const room of ROOMS.slice(1)) {
    if (sizeOf(built.card) <= MAX_CARD_BYTES) break;
    built = build(card, viewer, options, room);
  }
  return built;
}

function build(card: Card, viewer: CardViewer, options: ApprovalCardOptions, room: Room): BuiltCard {
  const buttons: ButtonMeaning[] = [];
  const mint = (meaning: ButtonMeaning): string => `${options.buttonSet}.${buttons.push(meaning) - 1}`;
  const plain = { approval: null, digest: null, action: null };
  const refreshId = (options.refreshFor ?? []).length > 0 ? mint({ verb: "refresh", ...plain }) : null;
  const shown = firstItems(card.items, room.items);
  const body = [
    ...(options.notice
      ? [line([run(foreignLine(options.notice.text, 600), { tone: options.notice.tone, isBold: true })])]
      : []),
    ...asker(card, viewer, options.now, room),
    ...shown.map((item) => {
      const place = card.items.indexOf(item);
      const actions =
        viewer.id === null || viewer.reader === null || options.isBusy
          ? []
          : itemActions(item, place, {
              mint,
              reader: viewer.reader,
              isRequester: viewer.id === card.requester.id,
              now: options.now,
            });
      return itemView(item, actions, card, viewer, options, room);
    }),
    ...more(card, shown, options),
  ];
  const actions = options.isBusy ? [] : cardActions(shown, viewer, mint);
  return {
    card: adaptiveCard({
      body,
      actions,
      fallbackText: foreignLine(
        card.items.map((item) => `${statusWords(item, false).text}: ${item.line}`).join("; ") || card.request,
        200,
      ),
      rtl: RTL_LANGUAGES.has(viewer.reader?.locale.split("-")[0] ?? ""),
      refresh: refreshId === null ? null : { id: refreshId, userIds: options.refreshFor ?? [] },
    }),
    buttons,
  };
}

/** Who asks and in which words; the requester knows. */
function asker(card: Card, { id }: CardViewer, now: Date, room: Room): JsonObject[] {
  if (card.requester.id === id) return [];
  const words = foreignLine(card.request, Math.min(300, room.characters));
  return [
    container(
      [
        line([
          run(foreignLine(card.requester.name, 80), { isBold: true }),
          run(` asks, ${ago(card.createdAt, now)}`, { isQuiet: true }),
        ]),
        ...(words === "" ? [] : [line([run(`“${words}”`, { isItalic: true })], { spacing: "None" })]),
      ],
      isRightToLeft(words) ? { rtl: true } : {},
    ),
  ];
}

function ago(iso: string, now: Date): string {
  const minutes = Math.round((now.getTime() - Date.parse(iso)) / 60_000);
  if (!Number.isFinite(minutes) || minutes < 2) return "just now";
  if (minutes < 120) return `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}

function itemView(
  item: CardItem,
  actions: readonly JsonObject[],
  card: Card,
  viewer: CardViewer,
  options: ApprovalCardOptions,
  room: Room,
): JsonObject {
  const { now } = options;
  const isWaiting = item.status === "awaiting";
  const isPast = isWaiting && item.expiresAt !== null && Date.parse(item.expiresAt) <= now.getTime();
  const mayDecide = viewer.id !== null && item.mayDecide;
  const status =
    options.isBusy && isWaiting
      ? { text: "Being done", tone: "Accent" as const }
      : statusWords(item, mayDecide);
  const until = isWaiting && !isPast && item.expiresAt !== null ? item.expiresAt : null;
  const isSeparate = item.approval !== null || !isOver(item.status) || item.status === "forbidden";
  const items = [
    line([
      run(isPast ? "Time is up" : foreignLine(status.text, 120), {
        isBold: true,
        tone: isPast ? "Default" : status.tone,
      }),
      ...(item.risk === "high" && isWaiting ? [run("  High risk", { isBold: true, tone: "Attention" })] : []),
      ...(until !== null && viewer.reader !== null
        ? [run(`  until ${moment(until, viewer.reader, now)}`, { isQuiet: true })]
        : []),
    ]),
    ...(until !== null && viewer.reader === null
      ? [ownText(`until ${moment(until, null, now)}`, { isSubtle: true, spacing: "None" })]
      : []),
    container(
      [
        line([
          {
            ...run(foreignLine(item.line, Math.max(200, room.characters)), { isBold: true }),
            size: "Medium",
          },
        ]),
      ],
      isRightToLeft(item.line) ? { rtl: true } : {},
    ),
    ...(isSeparate ? facts(item, room) : []),
    ...(isWaiting || item.status === "forbidden" ? reasons(item, room) : []),
    ...(isWaiting ? progress(item, viewer.id) : []),
    ...(isOver(item.status) ? votes(item, viewer.id, viewer.reader, now, room) : []),
    ...(item.outcome === null
      ? []
      : [line([run(foreignLine(plainWords(item.outcome), room.characters * 2))])]),
    ...mayNot(item, card, viewer),
    ...(options.record?.action === item.action
      ? [
          container(
            options.record.text
              .split("\n")
              .filter((words) => words.trim() !== "")
              .slice(0, 30)
              .map((words) => line([run(foreignLine(plainWords(words), 400))], { spacing: "None" })),
            { style: "emphasis" },
          ),
        ]
      : []),
    ...(actions.length > 0 ? [actionSet(actions)] : []),
  ];
  return container(items, { separator: true, spacing: "Medium" });
}

function mayNot(item: CardItem, card: Card, { id }: CardViewer): JsonObject[] {
  if (id === null || item.status !== "awaiting" || item.mayDecide || item.mayNotBecause === null) return [];
  return card.requester.id === id
    ? []
    : [line([run(foreignLine(item.mayNotBecause, 300), { isQuiet: true })])];
}

/** What waits for this reader first, when not everything can be shown; else in their own order. */
function firstItems(items: readonly CardItem[], max: number): readonly CardItem[] {
  if (items.length <= max) return items;
  const isFirst = (item: CardItem) =>
    item.status === "awaiting" && item.mayDecide ? 0 : isOver(item.status) ? 2 : 1;
  const chosen = new Set([...items].sort((a, b) => isFirst(a) - isFirst(b)).slice(0, max));
  return items.filter((item) => chosen.has(item));
}

function more(card: Card, shown: readonly CardItem[], { webLink }: ApprovalCardOptions): JsonObject[] {
  const left = card.items.length - shown.length;
  if (left === 0) return [];
  const words = left === 1 ? "And one more." : `And ${left} more.`;
  return [
    ownText(webLink === null ? `${words} Ask “what is waiting?” to see them.` : words, { separator: true }),
    ...(webLink === null ? [] : [actionSet([openUrl("See all on the web", webLink)])]),
  ];
}

/** For the whole card: one yes for all that is harmless, or, where many read along, one's own copy. */
function cardActions(
  shown: readonly CardItem[],
  viewer: CardViewer,
  mint: (meaning: ButtonMeaning) => string,
): JsonObject[] {
  const plain = { approval: null, digest: null, action: null };
  if (viewer.id === null) {
    const hasChoice = shown.some(
      ({ status, undoUntil }) => status === "awaiting" || status === "unknown" || undoUntil !== null,
    );
    return hasChoice
      ? [execute({ title: "What I can do", verb: "open", id: mint({ verb: "open", ...plain }) })]
      : [];
  }
  const open = shown.flatMap(({ mayDecide, approval, digest, risk, status }) =>
    status === "awaiting" && mayDecide && approval !== null && digest !== undefined && risk === "normal"
      ? [{ approval, digest }]
      : [],
  );
  if (open.length < 2) return [];
  return [
    execute({
      title: `Approve all ${open.length}`,
      verb: "approve-all",
      id: mint({ verb: "approve-all", ...plain, all: open }),
      style: "positive",
    }),
  ];
}
