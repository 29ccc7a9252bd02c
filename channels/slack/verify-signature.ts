import { createHmac, timingSafeEqual } from "node:crypto";

/** Older or newer than this is refused, so that what was overheard once cannot be sent again later. */
const MAX_SKEW_S = 5 * 60;

export type SignatureVerdict = "good" | "missing" | "stale" | "forged";

/**
 * Whether Slack signed these bytes (docs.slack.dev/authentication/verifying-requests-from-slack): HMAC-SHA-256 of
 * `v0:<timestamp>:<body>` under the signing secret, compared in constant time; the timestamp within five minutes.
 */
export function verifySignature(
  secret: string,
  headers: { readonly timestamp: string | undefined; readonly signature: string | undefined },
  body: Uint8Array,
  now: Date,
): SignatureVerdict {
  const { timestamp, signature } = headers;
  if (!timestamp || !signature) return "missing";
  if (!/^\d{1,12}$/.test(timestamp)) return "forged";
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > MAX_SKEW_S) return "stale";
  const hmac = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex");
  const wanted = Buffer.from(`v0=${hmac}`);
  const given = Buffer.from(signature);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? "good" : "forged";
}
