import type { SlackMessage } from "../../../channels/slack/blocks/slack-message.ts";

/** All that a reader sees of a part, leaf after leaf, with a gap between blocks, rows and items. */
export function textOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(textOf).join("");
  if (typeof part !== "object" || part === null) return "";
  const { type, text, url, fallback, elements, rows, fields } = part as Record<string, unknown>;
  if (type === "date") return String(fallback);
  if (typeof text === "string") return text;
  if (type === "link") return String(url);
  if (Array.isArray(rows))
    return rows.map((row) => (row as unknown[]).map((cell) => `${textOf(cell)} `).join("")).join("\n");
  const own = `${textOf(text)}${textOf(fields)}${textOf(elements)}`;
  return type === "text" ? own : `${own}\n`;
}

/** What the blocks of messages say. */
export const saidBy = (messages: readonly SlackMessage[]): string =>
  messages.map(({ blocks }) => textOf(blocks)).join("\n");

/** Words and numbers in order, without marks and spaces. */
export const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
