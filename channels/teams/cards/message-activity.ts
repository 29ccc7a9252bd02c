import type { JsonObject } from "../../../src/types/json.ts";
import type { Citation } from "../../../src/types/passage.ts";
import type { OutActivity } from "../transport/activity.ts";
import { cardAttachment, sizeOf } from "./elements.ts";
import { foreignLine, whole } from "./foreign-text.ts";
import { plainWords } from "./plain-words.ts";
import { safeUrl } from "./safe-url.ts";
import { splitMessage } from "./split-message.ts";
import { tableCard } from "./table-card.ts";
import { literalLine, readMarkdown } from "./teams-markdown.ts";

/** Teams takes about 28 kB a message with everything in it. */
export const MAX_MESSAGE_BYTES = 20_000;
/** Together they stay below the limit, with room for the envelope. */
const MAX_TEXT_BYTES = 9_000;
const MAX_TABLE_BYTES = 5_500;
const MAX_CLAIM_BYTES = 4_000;
/** Teams shows at most so many references in a message. */
const MAX_CITATIONS = 20;
/** Limits of a citation: its name and its words. */
const MAX_NAME = 80;
const ABSTRACTS = [160, 60, 20];
const MARK = /(?<!\\)\[(\d{1,2})\]/g;

export type MessageOptions = {
  /** Address of a citation on the web; null when there is none. */
  readonly linkTo: (citation: Citation) => string | null;
  /** Thumbs below the message. */
  readonly hasFeedback: boolean;
  /** A line of our own below the text, such as which model answered. */
  readonly note?: string | null;
};

/**
 * An answer as one or several messages in order, each within Teams' size. The marks [1] of its citations stay
 * where the text has them; a citation that no mark names is named at the end. Says that it was made by an AI.
 */
export function messageActivities(
  text: string,
  citations: readonly Citation[],
  options: MessageOptions,
): readonly OutActivity[] {
  const cited = citations.slice(0, MAX_CITATIONS);
  const lines = [...readMarkdown(text, cited.length)];
  const marked = new Set(
    lines.flatMap((line) =>
      line.kind === "line" ? [...line.text.matchAll(MARK)].map((m) => Number(m[1])) : [],
    ),
  );
  const unmarked = cited.flatMap((_, i) => (marked.has(i + 1) ? [] : [`[${i + 1}]`]));
  if (unmarked.length > 0)
    lines.push({ kind: "line", text: "" }, { kind: "line", text: `Sources: ${unmarked.join(" ")}` });
  if (options.note)
    lines.push({ kind: "line", text: "" }, { kind: "line", text: `*${literalLine(options.note)}*` });
  const parts = splitMessage(lines, MAX_TEXT_BYTES);
  const summary = foreignLine(plainWords(text), 150);
  if (parts.length === 0) return [{ type: "message", text: "(no words)", textFormat: "plain" }];
  return parts.map((part, place): OutActivity => {
    const isLast = place === parts.length - 1;
    const here = new Set([...part.text.matchAll(MARK)].map((found) => Number(found[1])));
    const claims = claimsOf(
      cited.flatMap((citation, i) => (here.has(i + 1) ? [{ citation, position: i + 1 }] : [])),
      options,
    );
    return {
      type: "message",
      text: part.text,
      textFormat: "markdown",
      ...(place === 0 && summary !== "" ? { summary } : {}),
      ...(part.table ? { attachments: [cardAttachment(tableCard(part.table, MAX_TABLE_BYTES))] } : {}),
      entities: [aiLabel(claims)],
      ...(isLast && options.hasFeedback ? { channelData: { feedbackLoop: { type: "default" } } } : {}),
    };
  });
}

/** The label "AI generated" with its references, as Teams shows them. */
function aiLabel(citation: readonly JsonObject[]): JsonObject {
  return {
    type: "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "@id": "",
    additionalType: ["AIGeneratedContent"],
    ...(citation.length > 0 ? { citation } : {}),
  };
}

type Cited = { readonly citation: Citation; readonly position: number };

/** With as many of their words as there is room for; a mark without its reference stays a number. */
function claimsOf(cited: readonly Cited[], options: MessageOptions): readonly JsonObject[] {
  for (const abstract of ABSTRACTS) {
    const claims = cited.map((each) => claim(each, abstract, options));
    if (sizeOf(claims) <= MAX_CLAIM_BYTES) return claims;
  }
  let claims = cited.map((each) => claim(each, 20, options));
  while (sizeOf(claims) > MAX_CLAIM_BYTES) claims = claims.slice(0, -1);
  return claims;
}

function claim({ citation, position }: Cited, abstract: number, { linkTo }: MessageOptions): JsonObject {
  const link = linkTo(citation);
  const url = link === null ? null : safeUrl(link);
  return {
    "@type": "Claim",
    position,
    appearance: {
      "@type": "DigitalDocument",
      name: short(citation.title, Math.min(MAX_NAME, abstract)) || "Document",
      abstract: short(citation.quote, abstract) || "See the document.",
      ...(url === null ? {} : { url }),
    },
  };
}

function short(text: string, max: number): string {
  const line = foreignLine(text, 10_000);
  return line.length <= max ? line : `${whole(line, max - 1)}…`;
}

/** Words of ours, with others' in `literalLine`: no AI label, no citations. */
export function plainMessage(text: string): OutActivity {
  return { type: "message", text, textFormat: "markdown" };
}
