/** Markup that is there already: mentions, links, dates. */
const MARKED = /(<(?:[@#!]|https?:|mailto:)[^<>]*>)/;
const HANDLE = /(^|[\s(])@([a-z][a-z0-9._-]*[a-z0-9])/g;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const URL_ = /\bhttps?:\/\/[^\s<>|]+/g;

/**
 * What somebody types as Slack's client sends it: three characters escaped, handles of people as mentions, addresses
 * and e-mails as links (docs.slack.dev/messaging/formatting-message-text).
 */
export function toMarkup(text: string, userOf: (handle: string) => string | undefined): string {
  return text
    .split(MARKED)
    .map((part, index) => (index % 2 === 1 ? part : mark(part, userOf)))
    .join("");
}

function mark(text: string, userOf: (handle: string) => string | undefined): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(HANDLE, (whole, before: string, handle: string) => {
      const user = userOf(handle);
      return user ? `${before}<@${user}>` : whole;
    })
    .replace(URL_, (url) => `<${url}>`)
    .replace(EMAIL, (email) => `<mailto:${email}|${email}>`);
}
