const SCHEMES = new Set(["http:", "https:", "mailto:"]);
const MAX_LENGTH = 2_000;

/**
 * The address as a browser would open it, or null when it may not be opened: only absolute http, https and
 * mailto. It is parsed by the browser's own parser, so `java\nscript:` and the like are seen as what they are.
 */
export function safeUrl(raw: string): string | null {
  if (raw.length > MAX_LENGTH) return null;
  let url: URL;
  try {
    url = new URL(raw.trim());
  } catch {
    return null;
  }
  if (!SCHEMES.has(url.protocol)) return null;
  // A name before the host ("https://bank.example@evil.example") only serves to deceive.
  if (url.username !== "" || url.password !== "") return null;
  return url.href;
}

/** Where a link leads, when its words claim another host; null when words and address agree. */
export function hiddenHost(words: string, href: string): string | null {
  const url = new URL(href);
  if (url.protocol === "mailto:")
    return words.includes("@") && !words.includes(url.pathname) ? url.pathname : null;
  const claimed = /(?:https?:\/\/)?((?:[\w-]{1,63}\.){1,10}[a-z]{2,20})/i.exec(words)?.[1]?.toLowerCase();
  if (claimed === undefined) return null;
  return claimed === url.hostname || `www.${claimed}` === url.hostname ? null : url.hostname;
}
