import type { Citation } from "../../../src/types/passage.ts";
import { plainText } from "./block-parts.ts";
import { escapeMrkdwn, isolate, oneLine } from "./plain.ts";
import { safeUrl } from "./safe-url.ts";
import type { ContextBlock, ContextElement, LinkTo } from "./slack-message.ts";

const PER_BLOCK = 5;
const MAX_SHOWN = 20;

/**
 * The sources of an answer: number and title as plain text (titles are written by people), then a link with a word
 * of ours to our own page of the passage, where there is one.
 */
export function citationBlocks(citations: readonly Citation[], linkTo: LinkTo): readonly ContextBlock[] {
  const shown = citations.slice(0, MAX_SHOWN);
  const elements = shown.map(({ title, document, passage }, i): readonly ContextElement[] => {
    const name = plainText(`[${i + 1}] ${isolate(oneLine(title) || "Untitled")}`, 200);
    const page = pageOf(linkTo, document, passage);
    return page === null ? [name] : [name, { type: "mrkdwn", text: `<${escapeMrkdwn(page)}|Open>` }];
  });
  const blocks: ContextBlock[] = [];
  for (let i = 0; i < elements.length; i += PER_BLOCK) {
    blocks.push({ type: "context", elements: elements.slice(i, i + PER_BLOCK).flat() });
  }
  const more = citations.length - shown.length;
  if (more > 0) blocks.push({ type: "context", elements: [plainText(`and ${more} more sources`, 100)] });
  return blocks;
}

/** Address of a cited passage; only http and https, whatever is configured. */
export function pageOf(linkTo: LinkTo, document: string, passage: string): string | null {
  const address = linkTo({ document, passage });
  const url = address === null ? null : safeUrl(address);
  return url?.startsWith("http") ? url : null;
}
