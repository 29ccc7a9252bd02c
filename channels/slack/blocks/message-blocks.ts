import type { Citation } from "../../../src/types/passage.ts";
import { costOfBlocks, LIMITS } from "./block-cost.ts";
import { note } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import { citationBlocks, pageOf } from "./citation-blocks.ts";
import { feedbackBlock } from "./feedback-block.ts";
import { packPieces } from "./pack-pieces.ts";
import { escapeMrkdwn } from "./plain.ts";
import { readMarkdown } from "./read-markdown.ts";
import type { LinkTo, SlackBlock, SlackMessage } from "./slack-message.ts";
import { splitText } from "./split-piece.ts";

export type MessageOptions = {
  readonly linkTo: LinkTo;
  /** Said in small letters under the answer: "Answered by the offline planner: …". */
  readonly note?: string | null;
  /** Thumbs under the last message; `message` is the thread item's id. */
  readonly feedback?: { readonly message: string; readonly idFor: IdFor };
};

/**
 * An answer in markdown as one or more messages, in order. Everything in it is shown as rich text, so that no
 * word of it can mention people or hide an address; sources, note and thumbs stand under the last message.
 */
export function messageBlocks(
  text: string,
  citations: readonly Citation[],
  options: MessageOptions,
): readonly SlackMessage[] {
  const sourceOf = (number: number) => {
    const citation = citations[number - 1];
    return citation ? pageOf(options.linkTo, citation.document, citation.passage) : undefined;
  };
  const packed = packPieces(readMarkdown(text, sourceOf));
  const messages = packed.map(({ blocks, plain }) => ({ text: fallback(plain), blocks: [...blocks] }));
  const under: SlackBlock[] = [
    ...citationBlocks(citations, options.linkTo),
    ...(options.note ? [note(options.note)] : []),
  ];
  if (messages.length === 0 && under.length === 0) {
    return [{ text: "There is nothing to show.", blocks: [note("There is nothing to show.")] }];
  }
  if (options.feedback) under.push(feedbackBlock(options.feedback.message, options.feedback.idFor));
  const last = messages.at(-1);
  if (last && costOfBlocks([...last.blocks, ...under]) <= LIMITS.messageCost + 1_000)
    last.blocks.push(...under);
  else if (under.length > 0) messages.push({ text: "Sources of the answer above.", blocks: under });
  return messages;
}

/** For notifications and screen readers: plain words, escaped. */
export function fallback(plain: string): string {
  const text = plain.trim() || "An answer from Steward.";
  // Escaping makes a text up to five times as long: what is cut is what it costs.
  const [head, rest] = splitText(text, LIMITS.fallbackText);
  return escapeMrkdwn(rest === "" ? head : `${head}…`);
}
