const SCHEMES = new Set(["http:", "https:", "mailto:"]);
const MAX_LENGTH = 2_000;

/** The address as it would be opened, or null: only absolute http, https and mailto, without a name before the host. */
export function safeUrl(raw: string): string | null {
  if (raw.length > MAX_LENGTH) return null;
  const url = URL.parse(raw.trim());
  if (url === null || !SCHEMES.has(url.protocol)) return null;
  // "https://bank.example@evil.example" only serves to deceive.
  if (url.username !== "" || url.password !== "") return null;
  // `|`, `<` and `>` end an address in mrkdwn; the parser leaves `|` as it is.
  const href = url.href.replace(/[|<>]/g, encodeURIComponent);
  return href.length > MAX_LENGTH ? null : href;
}
