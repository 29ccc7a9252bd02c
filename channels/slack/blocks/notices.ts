import { ACTION_IDS } from "./action-ids.ts";
import { button, note, paragraph, plainText } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import { escapeMrkdwn, oneLine } from "./plain.ts";
import { leaves, richText, section, words } from "./rich-text.ts";
import { safeUrl } from "./safe-url.ts";
import type { LinkTo, SlackBlock, SlackMessage } from "./slack-message.ts";

/** In a place where others read along: that there is an answer, and a button by which only its viewer sees it. */
export function privateAnswerNotice(item: string, idFor: IdFor): SlackMessage {
  const text =
    "The answer is ready. It draws on something that not everybody here may see, so I show it only to you.";
  const value = idFor({ kind: "show-private", item });
  return {
    text,
    blocks: [
      paragraph(text),
      { type: "actions", elements: [button(ACTION_IDS.showPrivate, "Show it to me", value)] },
    ],
  };
}

/** Something that went wrong or is not possible, with the code to quote. */
export function problemNotice(problem: {
  readonly code: string | null;
  readonly message: string;
}): SlackMessage {
  const text = oneLine(problem.message) || "Something went wrong. Nothing was done.";
  const blocks: SlackBlock[] = [paragraph(text)];
  if (problem.code !== null) blocks.push(note(`If you ask somebody about it, mention ${problem.code}.`));
  return { text: escapeMrkdwn(text), blocks };
}

export type HelpOptions = {
  /** Things to try, made from what this person may do. */
  readonly suggestions: readonly string[];
  readonly linkTo: LinkTo;
  /** Of the slash command, with the slash; null when there is none. */
  readonly command: string | null;
};

/** What Steward does here and how one talks to it. */
export function helpMessage({ suggestions, linkTo, command }: HelpOptions): SlackMessage {
  const lines = [
    "Write to me in a direct message, or mention me in a channel: I answer in the thread.",
    "I look things up in documents that you may read, and say where I found them.",
    "I act only as the rules allow. What needs a yes waits for the right person's click, in the thread.",
    "Drop an invoice or another file into the thread and I read it.",
    ...(command === null ? [] : [`${command} asks me from anywhere; only you see the answer.`]),
    "The Home tab shows what waits for you, what you asked, and your schedules.",
  ];
  const bullet = (line: string) => ({
    type: "rich_text_section" as const,
    elements: leaves(words(line)),
  });
  const blocks: SlackBlock[] = [
    richText([
      section(leaves(words("I am Steward, your company's assistant. I am a program, not a person.\n"))),
      { type: "rich_text_list", style: "bullet", elements: lines.map(bullet) },
    ]),
  ];
  const shown = suggestions.map(oneLine).filter((each) => each !== "");
  if (shown.length > 0) {
    blocks.push(
      richText([
        section(leaves(words("Things to try", { bold: true }))),
        {
          type: "rich_text_list",
          style: "bullet",
          elements: shown.slice(0, 5).map((each) => bullet(each.slice(0, 300))),
        },
      ]),
    );
  }
  const page = linkTo({});
  const url = page === null ? null : safeUrl(page);
  if (url !== null) {
    blocks.push({
      type: "actions",
      elements: [
        { type: "button", action_id: ACTION_IDS.openLink, text: plainText("Open on the web", 75), url },
      ],
    });
  }
  return { text: "What I can do for you, and how to ask.", blocks };
}
