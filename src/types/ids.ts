import { randomBytes } from "node:crypto";

/** What an id names; the prefix makes an id readable in a log and impossible to use for something else. */
export type IdPrefix =
  | "ses"
  | "msg"
  | "trn"
  | "act"
  | "apr"
  | "doc"
  | "fil"
  | "run"
  | "tok"
  | "out"
  | "dlg"
  | "grt"
  | "sit";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new sortable id: prefix, 48 bits of time and 80 random bits in Crockford's base 32
 * (the layout of a ULID), so that ids made later sort later and B-trees grow at one end.
 */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  let time = "";
  for (let rest = now, i = 0; i < 10; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = "";
  for (const byte of randomBytes(16)) random += ALPHABET.charAt(byte & 31);
  return `${prefix}_${time}${random}`;
}

/** Letters of an id that say a place in a log: 35 bits. */
const PLACE_LETTERS = 7;

/**
 * Id of a turn that begins at a place of its session's log (the sequence number of its `turn.started`): as `newId`, but
 * the last seven letters are that place, so that the turn is found without an index.
 */
export function newTurnId(place: number, now?: number): string {
  const id = newId("trn", now);
  let letters = "";
  for (let rest = place, i = 0; i < PLACE_LETTERS; i++) {
    letters = ALPHABET.charAt(rest % 32) + letters;
    rest = Math.floor(rest / 32);
  }
  return id.slice(0, -PLACE_LETTERS) + letters;
}

/**
 * The place that the last letters of a turn's id say; null for what is no id. Of an id from before 2026-11-22 it is
 * any number: look whether the turn does begin there.
 */
export function placeOfTurn(id: string): number | null {
  if (timeOfId(id) === null) return null;
  let place = 0;
  for (const letter of id.slice(-PLACE_LETTERS)) place = place * 32 + ALPHABET.indexOf(letter);
  return place;
}

/** When an id was made, in milliseconds since 1970; null for what is no id. */
export function timeOfId(id: string): number | null {
  const body = /^[a-z]{3}_([0-9a-z]{26})$/.exec(id)?.[1];
  if (body === undefined || [...body].some((letter) => !ALPHABET.includes(letter))) return null;
  let time = 0;
  for (const letter of body.slice(0, 10)) time = time * 32 + ALPHABET.indexOf(letter);
  return time <= 8.64e15 ? time : null;
}
