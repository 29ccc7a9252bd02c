import { packPieces } from "./pack-pieces.ts";
import { escapeMrkdwn } from "./plain.ts";
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
