import { safeUrl as safeAddress } from "../../safe-url.ts";

const MAX_LENGTH = 2_000;

/** As on every channel; `|`, `<` and `>` end an address in mrkdwn, and the parser leaves `|` as it is. */
export function safeUrl(raw: string): string | null {
  const href = safeAddress(raw)?.replace(/[|<>]/g, encodeURIComponent);
  return href === undefined || href.length > MAX_LENGTH ? null : href;
}
