import { packPieces } from "./pack-pieces.ts";
import { clean, escapeMrkdwn } from "./plain.ts";
import { readMarkdown } from "./read-markdown.ts";

/**
 * Markdown as words for a `text` field (ephemeral answers, notifications, `response_url`): without marks, each link
 * followed by its address, escaped so that nothing in it becomes a mention or a link with other words.
 */
export function toSlackText(markdown: string): string {
  return escapeMrkdwn(
    packPieces(readMarkdown(markdown))
      .map(({ plain }) => plain)
      .join("\n")
      .trim(),
  );
}

/**
 * Part of an answer for Slack's `markdown_text` while it is still being written: emphasis, lists and code stay, and
 * links are shown as they are written, with their address. Each part is safe alone, so that no command of Slack's can
 * be put together from two. Inside code the escapes may be seen until the finished message takes its place.
 */
export const toStreamText = (part: string): string => escapeMrkdwn(clean(part)).replaceAll("[", "\\[");
