import type { Card } from "../../../src/types/card.ts";
import type { ApprovalPlace, RequestLine, ScheduleLine } from "../../../src/types/channel-host.ts";
import { ACTION_IDS } from "./action-ids.ts";
import { LIMITS } from "./block-cost.ts";
import { button, header, note, paragraph, plainText } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import { isForViewer, nameFor } from "./card-words.ts";
import { cut, oneLine } from "./plain.ts";
import { date, leaves, richText, section, value, words } from "./rich-text.ts";
import { safeUrl } from "./safe-url.ts";
import type { HomeView, LinkTo, Reader, SlackBlock } from "./slack-message.ts";

export type HomeOptions = {
  readonly approvals: readonly Card[];
  readonly requests: readonly RequestLine[];
  readonly schedules: readonly ScheduleLine[];
  readonly place: ApprovalPlace;
  readonly suggestions: readonly string[];
  /** Principal whose home it is. */
  readonly viewer: string;
  readonly idFor: IdFor;
  readonly reader: Reader;
  readonly linkTo: LinkTo;
  readonly now: Date;
};

/** So many lines of each kind, at most two blocks each: together far below the 100 of a view. */
const MAX_APPROVALS = 20;
const MAX_LINES = 10;

/** App Home: what waits for me, what I asked, my schedules, and where approvals are shown. */
export function homeView(options: HomeOptions): HomeView {
  const blocks: SlackBlock[] = [
    ...approvalBlocks(options),
    { type: "divider" },
    ...requestBlocks(options),
    { type: "divider" },
    ...scheduleBlocks(options),
    { type: "divider" },
    ...placeBlocks(options.place),
    ...webBlocks(options),
  ];
  return { type: "home", blocks: blocks.slice(0, LIMITS.viewBlocks) };
}

function approvalBlocks({ approvals, viewer, idFor, reader, now }: HomeOptions): SlackBlock[] {
  const blocks: SlackBlock[] = [header("Waiting for you")];
  if (approvals.length === 0) return [...blocks, note("Nothing waits for you.")];
  for (const card of approvals.slice(0, MAX_APPROVALS)) {
    const mine = card.items.filter((item) => isForViewer(item, now));
    const items = mine.length > 0 ? mine : card.items;
    const [first] = items;
    if (!first) continue;
    const line = cut(oneLine(first.line) || "An action", 500);
    const more = items.length > 1 ? ` and ${items.length - 1} more` : "";
    blocks.push({
      type: "section",
      text: plainText(`${line}${more}`, LIMITS.sectionText),
      accessory: button(ACTION_IDS.openCard, "Review", idFor({ kind: "open-card", card: card.id }), {
        spoken: `Review: ${line}`,
      }),
    });
    const ends = items.flatMap(({ expiresAt }) => expiresAt ?? []).sort()[0];
    const risk = items.some((item) => item.risk === "high") ? " · high risk" : "";
    const asked = value(`${cut(nameFor(card.requester, viewer), 120)} asked${risk}`);
    const until = ends === undefined ? [] : [words(" · until "), date(new Date(ends), reader)];
    blocks.push(richText([section(leaves(asked, ...until))]));
  }
  const hidden = approvals.length - MAX_APPROVALS;
  return hidden > 0 ? [...blocks, note(`and ${hidden} more, shown here when these are decided`)] : blocks;
}

function requestBlocks({ requests, reader }: HomeOptions): SlackBlock[] {
  if (requests.length === 0) return [header("Your requests"), note("You have not asked for anything yet.")];
  const lines = requests
    .slice(0, MAX_LINES)
    .map(({ line, status, at }) =>
      leaves(
        value(cut(oneLine(line) || "A request", 200)),
        words(` · ${cut(oneLine(status), 100)} · `, { italic: true }),
        date(new Date(at), reader),
      ),
    );
  return [header("Your requests"), bulletList(lines), ...moreNote(requests.length)];
}

function scheduleBlocks({ schedules, reader }: HomeOptions): SlackBlock[] {
  if (schedules.length === 0) {
    return [
      header("Your schedules"),
      note('None. Say for example "every Monday at 9, tell me about open deals".'),
    ];
  }
  const lines = schedules
    .slice(0, MAX_LINES)
    .map(({ line, nextAt }) =>
      leaves(
        value(cut(oneLine(line) || "A schedule", 200)),
        nextAt === null ? words(" · ended", { italic: true }) : words(" · next "),
        nextAt === null ? null : date(new Date(nextAt), reader),
      ),
    );
  return [header("Your schedules"), bulletList(lines), ...moreNote(schedules.length)];
}

const moreNote = (count: number): SlackBlock[] =>
  count > MAX_LINES ? [note(`and ${count - MAX_LINES} more`)] : [];

const bulletList = (lines: readonly ReturnType<typeof leaves>[]): SlackBlock =>
  richText([
    {
      type: "rich_text_list",
      style: "bullet",
      elements: lines.map((elements) => ({ type: "rich_text_section", elements })),
    },
  ]);

/** Where cards come that wait for this person. */
function placeBlocks(place: ApprovalPlace): SlackBlock[] {
  const choice = (words: string, value: string) => ({ text: plainText(words, LIMITS.optionText), value });
  const direct = choice("In a direct message", "direct");
  const thread = choice("Only in the thread where it was asked", "thread");
  const now = place.kind === "direct" ? direct : place.kind === "thread" ? thread : null;
  const slackChannel = place.kind === "channel" && place.channel === "slack" ? place.id : null;
  const elsewhere = place.kind === "channel" && place.channel !== "slack";
  return [
    header("Where approvals are shown to you"),
    ...(elsewhere ? [note("Now in a Microsoft Teams channel.")] : []),
    {
      type: "actions",
      elements: [
        {
          type: "static_select",
          action_id: ACTION_IDS.place,
          placeholder: plainText("Choose", 150),
          options: [direct, thread],
          ...(now ? { initial_option: now } : {}),
        },
        {
          type: "conversations_select",
          action_id: ACTION_IDS.placeChannel,
          placeholder: plainText("or in a channel", 150),
          filter: {
            include: ["public", "private"],
            exclude_bot_users: true,
            exclude_external_shared_channels: true,
          },
          ...(slackChannel ? { initial_conversation: slackChannel } : {}),
        },
      ],
    },
    note("In a channel everybody there sees the card; only who may decide can."),
  ];
}

function webBlocks({ suggestions, linkTo }: HomeOptions): SlackBlock[] {
  const shown = suggestions.map(oneLine).filter((each) => each !== "");
  const blocks: SlackBlock[] = [];
  if (shown.length > 0) {
    const lines = shown.slice(0, 5).map((each) => leaves(value(cut(each, 300))));
    blocks.push({ type: "divider" }, paragraph("Things to try in a message to me:"), bulletList(lines));
  }
  const address = linkTo({});
  const url = address === null ? null : safeUrl(address);
  if (url === null) return blocks;
  const open = {
    type: "button" as const,
    action_id: ACTION_IDS.openLink,
    text: plainText("Open on the web", 75),
    url,
  };
  return [...blocks, { type: "actions", elements: [open] }];
}
