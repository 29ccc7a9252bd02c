import type { Principal } from "../types/principal.ts";
import type { ThreadItem } from "../types/thread-item.ts";

export type TranscriptFormat = "markdown" | "text";

/**
 * A conversation as a file: who said what and when (in the reader's zone), and each card's lines with how they stand.
 * People's words are quoted, so that nobody can write what looks like somebody else's line.
 */
export function writeTranscript(
  items: readonly ThreadItem[],
  about: { readonly title: string; readonly isWhole: boolean },
  format: TranscriptFormat,
  reader: Pick<Principal, "locale" | "zone">,
): string {
  const isMarkdown = format === "markdown";
  const time = clockOf(reader);
  const heading = (name: string, at: string) => {
    const line = `${plain(name)}, ${time(new Date(at))}`;
    return isMarkdown ? `**${escaped(line)}**` : `${line}:`;
  };
  const title = plain(about.title) || "Steward";
  const parts = [isMarkdown ? `# ${escaped(title)}` : `${title}\n${"=".repeat(Math.min(title.length, 72))}`];
  for (const item of items) {
    if (item.kind === "message") {
      const text = item.author.isAssistant && isMarkdown ? item.text : quote(item.text);
      const files = item.files.map(
        (file) => `- ${isMarkdown ? escaped(plain(file.name)) : plain(file.name)}`,
      );
      const sources = item.citations.map((citation, i) => {
        const name = plain(citation.title);
        return `${i + 1}. ${isMarkdown ? escaped(name) : name}`;
      });
      parts.push(
        [heading(item.author.name, item.at), text, files.join("\n"), sources.join("\n")]
          .filter((part) => part !== "")
          .join("\n\n"),
      );
    } else if (item.kind === "card") {
      const lines = item.card.items.map((each) => {
        const votes = each.decidedBy.map(
          (vote) => `${vote.verdict === "approve" ? "approved" : "refused"} by ${plain(vote.name)}`,
        );
        const rest = [each.status, ...votes, ...(each.outcome === null ? [] : [plain(each.outcome)])];
        const line = `${plain(each.line)} (${rest.join("; ")})`;
        return `- ${isMarkdown ? escaped(line) : line}`;
      });
      parts.push(`${heading("Steward", item.at)}\n\n${lines.join("\n")}`);
    } else if (item.status === "failed" && item.error !== null) {
      parts.push(`${heading("Steward", item.at)}\n\n${quote(`${item.error.message} (${item.error.code})`)}`);
    }
  }
  if (!about.isWhole) parts.push("The conversation goes on; it is too long for one file.");
  return `${parts.join("\n\n")}\n`;
}

const quote = (text: string): string =>
  text
    .split(/\r\n?|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");

/** On one line, without control characters and marks that turn the direction of text. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();

/** Marks of markdown and HTML as the characters they are. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&");

function clockOf({ locale, zone }: Pick<Principal, "locale" | "zone">): (at: Date) => string {
  const make = (language: string, timeZone: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone });
  let format: Intl.DateTimeFormat;
  try {
    format = make(locale, zone);
  } catch {
    format = make("en-GB", "UTC");
  }
  return (at) => format.format(at);
}
