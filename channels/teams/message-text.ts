import type { InActivity } from "./transport/activity.ts";

const MAX_CHARACTERS = 200_000;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** Whether a message is meant for Steward: everything in a personal chat, elsewhere what mentions it. */
export function isAddressed({ conversation, mentions, recipient }: InActivity): boolean {
  return conversation.kind === "personal" || mentions.some(({ account }) => account.id === recipient.id);
}

/** What a person wrote, without the mention of Steward; other people's mentions become their names. */
export function messageText({ text, textFormat, mentions, recipient }: InActivity): string {
  let words = text.slice(0, MAX_CHARACTERS).replace(/\r\n?/g, "\n");
  for (const { account, text: mention } of mentions) {
    if (mention === "") continue;
    words = words.replaceAll(
      mention,
      account.id === recipient.id ? " " : nameOf(account.name ?? strip(mention)),
    );
  }
  // Mentions that no entity tells of are words.
  words = words.replace(/<at(?:\s[^<>]{0,200})?>([^<>]{0,200})<\/at>/gi, "$1");
  if (textFormat === "xml" || textFormat === "html") words = decode(strip(words));
  else words = words.replace(/&nbsp;/gi, " ").replace(/\u00a0/g, " ");
  return (
    words
      // Indentation stays: it may be code.
      .replace(/(?<=\S)[ \t]{2,}/g, " ")
      .replace(/\n{3,}/g, "\n\n")
      .trim()
  );
}

/**
 * A mention counts as the person's own words, but what it says was chosen by whoever is mentioned: what looks like an
 * address, an account's number or a sentence is no name.
 */
function nameOf(name: string): string {
  const isName = name.length <= 80 && !/[^\p{L}\p{M}\p{N} .,'’()-]/u.test(name);
  return isName && (name.match(/\p{N}/gu)?.length ?? 0) < 4 && !/\. /.test(name) ? name : "someone";
}

function strip(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d|\/tr)\b[^<>]{0,300}>/gi, "\n")
    .replace(/<\/?[a-z][^<>]{0,2000}>/gi, "");
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : whole;
  });
}
