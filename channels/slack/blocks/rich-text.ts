import { clean, isolate } from "./plain.ts";
import type { Leaf, Reader, RichTextBlock, RichTextPart } from "./slack-message.ts";

type Style = NonNullable<Leaf["style"]>;

/** Words in a rich text: shown as they are, never read as markup, mention or link. Null when nothing is left. */
export function words(text: string, style?: Style): Leaf | null {
  const shown = clean(text);
  if (shown === "") return null;
  return { type: "text", text: shown, ...(style && Object.keys(style).length > 0 ? { style } : {}) };
}

/** Like `words`, for a value from outside beside our own words: its direction of writing stays its own. */
export const value = (text: string, style?: Style): Leaf | null => words(isolate(clean(text)), style);

/** A link that shows its own address, so that no words can claim another one. */
export const bareLink = (url: string, style?: Style): Leaf => ({
  type: "link",
  url,
  ...(style && Object.keys(style).length > 0 ? { style } : {}),
});

/** A link with words of ours, to a page of ours. Never for words and addresses from outside. */
export const ownLink = (url: string, label: string): Leaf => ({ type: "link", url, text: label });

/** A time that Slack shows in the zone and language of whoever reads it; `moment` where it cannot. */
export function date(at: Date, reader: Reader): Leaf {
  if (!Number.isFinite(at.getTime())) return { type: "text", text: "an unknown time" };
  return {
    type: "date",
    timestamp: Math.floor(at.getTime() / 1_000),
    format: "{date_short_pretty}, {time}",
    fallback: moment(at, reader),
  };
}

/** "23 Nov 2026, 17:30 GMT+1": complete in itself, because a notification may be read days later. */
export function moment(at: Date, reader: Reader): string {
  if (!Number.isFinite(at.getTime())) return "an unknown time";
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  try {
    return new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.zone }).format(at);
  } catch {
    // An unknown language or zone must not keep a card from being shown.
    return `${new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(at)} UTC`;
  }
}

/** Leaves without the empty ones; neighbours of one style become one, because each costs room. */
export function leaves(...all: readonly (Leaf | null)[]): Leaf[] {
  const out: Leaf[] = [];
  for (const leaf of all) {
    const last = out.at(-1);
    if (leaf === null) continue;
    if (leaf.type === "text" && last?.type === "text" && hasSameStyle(leaf, last)) {
      out[out.length - 1] = { ...last, text: last.text + leaf.text };
    } else out.push(leaf);
  }
  return out;
}

const hasSameStyle = (one: Leaf, other: Leaf): boolean =>
  one.style === other.style || JSON.stringify(one.style) === JSON.stringify(other.style);

export const section = (elements: readonly Leaf[]): RichTextPart => ({
  type: "rich_text_section",
  elements: [...elements],
});

export const richText = (elements: readonly RichTextPart[]): RichTextBlock => ({
  type: "rich_text",
  elements: [...elements],
});

/** What a reader sees of leaves, without style. */
export const plainOf = (all: readonly Leaf[]): string =>
  all
    .map((leaf) => {
      if (leaf.type === "date") return leaf.fallback ?? "";
      if (leaf.type === "text") return leaf.text;
      return leaf.text ?? leaf.url;
    })
    .join("");
