import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../store/db.ts";
import { dropKey, keepAnswer, takeKey } from "../store/idempotency/idempotency.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { StewardError } from "../types/steward-error.ts";

export type Answer = { readonly status: number; readonly body: Json };

/** Longer than any request can run: a key still taken then was lost with its process. */
const STALE_MS = 5 * 60_000;
/** How long a repeat waits for the first before it is told to come back. */
const WAIT_MS = 30_000;
const POLL_MS = 50;

/** The key of a write. Throws API-428 without one, API-400 for one that is not a plain word. */
export function readIdempotencyKey(header: string | undefined): string {
  if (header === undefined || header === "") throw new StewardError("API-428");
  if (!/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new StewardError("API-400", "The Idempotency-Key must be 1 to 200 visible ASCII characters.");
  }
  return header;
}

/** What makes two requests the same: method, address with query, and the bytes of the body. */
export function hashRequest(method: string, url: string, body: unknown): string {
  const hash = createHash("sha256").update(`${method} ${url}\n`);
  if (body instanceof Uint8Array) hash.update(body);
  else if (body !== undefined) hash.update(JSON.stringify(body));
  return hash.digest("hex");
}

/**
 * Does the work of a request once, however often it comes: a repeat waits for the first one's answer and gets
 * it. `work` gives every answer that a repeat should get too (refusals among them) and throws what a repeat may
 * try again; then the key is free. Throws API-422 for another request, API-409 when the first takes too long.
 */
export async function once(
  db: Db,
  key: { readonly principal: string; readonly key: string; readonly requestHash: string },
  secretFields: readonly string[],
  work: () => Promise<Answer>,
  waitMs: number = WAIT_MS,
): Promise<Answer & { readonly isRepeat: boolean }> {
  for (const until = performance.now() + waitMs; ; ) {
    const found = await takeKey(db, key, STALE_MS);
    if (found.state === "mine") break;
    if (found.state === "other-request") throw new StewardError("API-422");
    if (found.state === "answered") return { status: found.status, body: found.body, isRepeat: true };
    if (performance.now() > until) throw new StewardError("API-409");
    await sleep(POLL_MS);
  }
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await dropKey(db, key);
    throw error;
  }
  await keepAnswer(db, key, { status: answer.status, body: withoutSecrets(answer.body, secretFields) });
  return { ...answer, isRepeat: false };
}

function withoutSecrets(body: Json, secretFields: readonly string[]): Json {
  if (secretFields.length === 0 || typeof body !== "object" || body === null || Array.isArray(body))
    return body;
  return Object.fromEntries(
    Object.entries(body as JsonObject).filter(([name]) => !secretFields.includes(name)),
  );
}
