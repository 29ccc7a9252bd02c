/** How people and channels are called; null leaves the id's own text or a plain word. */
export type TextNames = {
  readonly person: (user: string) => string | null;
  readonly channel: (channel: string) => string | null;
  /** The app's own user id: a mention of it is the address, not part of what is said. */
  readonly self: string;
};

const MARK = /<([^<>]{1,4000})>/g;

/** User ids that a text mentions, without the app's own; at most 50. */
export function mentionedUsers(text: string, self: string): readonly string[] {
  const found = new Set<string>();
  for (const [, id] of text.matchAll(/<@([UW][A-Z0-9]{1,40})(?:\|[^<>]{0,200})?>/g)) {
    if (id && id !== self && found.size < 50) found.add(id);
  }
  return [...found];
}

/** Whether the text speaks to the app. */
export function mentions(text: string, self: string): boolean {
  return new RegExp(`<@${self}(?:\\|[^<>]{0,200})?>`).test(text);
}

/**
 * What a person wrote, from Slack's markup: names for mentions, channels and links, and the three escaped characters
 * back (docs.slack.dev/messaging/formatting-message-text). The label that a mention carries is never believed: it is
 * the name by the workspace, or nothing. A link whose label differs shows its address as well.
 */
export function toPlainText(text: string, names: TextNames): string {
  const plain = text.replace(MARK, (whole, inner: string) => {
    const bar = inner.indexOf("|");
    const target = bar < 0 ? inner : inner.slice(0, bar);
    const label = bar < 0 ? "" : inner.slice(bar + 1);
    if (target.startsWith("@")) {
      const id = target.slice(1);
      return id === names.self ? "" : (names.person(id) ?? "someone");
    }
    if (target.startsWith("#"))
      return `#${names.channel(target.slice(1)) ?? (isPlainName(label) ? label : "a channel")}`;
    if (target.startsWith("!")) return special(target, label);
    if (/^(?:https?:|mailto:|tel:)/i.test(target)) return link(target, label);
    return whole;
  });
  return unescapeText(plain).trim();
}

/** Others name channels and groups: a name with an account's number in it would count as the person's own word. */
function isPlainName(label: string): boolean {
  return /^[\p{L}\p{N}._-]{1,80}$/u.test(label) && (label.match(/\d/g)?.length ?? 0) < 8;
}

function special(target: string, label: string): string {
  if (target.startsWith("!subteam^")) return isPlainName(label.replace(/^@/, "")) ? label : "a group";
  if (target.startsWith("!date^")) return label || "a date";
  const word = target.slice(1).split("^")[0] ?? "";
  return word === "here" || word === "channel" || word === "everyone" ? `@${word}` : label || word;
}

function link(target: string, label: string): string {
  const bare = target.replace(/^(?:mailto|tel):/i, "");
  if (!label || label === target || label === bare) return bare;
  return target.replace(/^https?:\/\//i, "") === label ? target : `${label} (${bare})`;
}

/** Slack escapes exactly these three; the ampersand comes last so that nothing is unescaped twice. */
export function unescapeText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
