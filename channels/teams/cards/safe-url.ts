import { safeUrl as safeAddress } from "../../safe-url.ts";

const MAX_LENGTH = 2_000;

/** As on every channel, and without what ends a link in markdown. */
export function safeUrl(raw: string): string | null {
  const href = safeAddress(raw)?.replace(
    /[()<>\\\s]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return href === undefined || href.length > MAX_LENGTH ? null : href;
}
