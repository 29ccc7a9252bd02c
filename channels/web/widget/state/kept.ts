import type { Outgoing } from "./outbox.ts";

/**
 * Messages that were not taken yet, kept for as long as the tab lives, so that a reload loses none: each under its
 * person and its own id, because several chats of a page may keep some. Storage may be blocked or full: then they
 * last as long as the page.
 */
const PREFIX = "steward.unsent:";
const MAX_MESSAGES = 50;
const MAX_CHARACTERS = 40_000;
/** What was written longer ago is not sent without being asked: it may no longer be meant. */
const BY_ITSELF_MS = 3_600_000;
const OWN_ID = /^msg_[0-9a-z]{26}$/;

const keyOf = (person: string, id: string) => `${PREFIX}${person}:${id}`;

function keys(prefix: string): readonly string[] {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Told above.
  }
}

/** Keeps what is on its way of one person, and forgets what is not any more. */
export function keepUnsent(person: string, messages: readonly Outgoing[], gone: readonly string[]): void {
  for (const id of gone) write(keyOf(person, id), null);
  const open = messages.filter((each) => each.status !== "accepted").slice(0, MAX_MESSAGES);
  for (const { id, to, text, files, at, status } of open) {
    const value = JSON.stringify({ id, to, text, files, at, isRefused: status === "failed" });
    if (value.length <= MAX_CHARACTERS) write(keyOf(person, id), value);
  }
}

/** What one person wrote in this tab that was not taken, in the order it was written. */
export function recallUnsent(person: string, now = Date.now()): readonly Outgoing[] {
  const found: Outgoing[] = [];
  for (const key of keys(keyOf(person, ""))) {
    try {
      const { id, to, text, files, at, isRefused } = JSON.parse(sessionStorage.getItem(key) ?? "");
      const isWhole = OWN_ID.test(id) && typeof to === "string" && typeof text === "string";
      const age = now - Date.parse(at);
      if (!isWhole || !Array.isArray(files) || !(age >= 0)) throw new TypeError(key);
      const status = isRefused || age > BY_ITSELF_MS ? "failed" : "kept";
      found.push({ id, to, text, files, at, status, seq: null, problem: null });
    } catch {
      write(key, null);
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MAX_MESSAGES);
}

/** Forgets everything, whosever it is: at a sign-out. */
export function forgetUnsent(): void {
  for (const key of keys(PREFIX)) write(key, null);
}
