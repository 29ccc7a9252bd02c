import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Json } from "../types/json.ts";

/** How the bytes after the first are to be read. Never renumbered: rows of every version stay readable. */
const PLAIN = 0;
const DEFLATED_1 = 1;

/**
 * What the JSON of events and actions is mostly made of, the commonest last (RFC 1951 deflate with a preset
 * dictionary, as zlib's deflateSetDictionary). Danger: never edit it, or rows written with it cannot be read; a
 * better one gets a number of its own.
 */
const DICTIONARY_1 = Buffer.from(
  [
    '"status":"forbidden","rules":["status":"refused","message":"status":"expired","message":"',
    '"status":"invalid","message":"status":"failed","code":"TOL-500","message":"status":"waiting","message":"',
    '{"type":"summary.written","data":{"lines":[{"type":"turn.resumed","data":{"turn":"trn_01m',
    '"effect":"ask","rules":["approvers":{"requester":1},"withinMs":14400000,"reasons":["effect":"forbid","rules":[',
    '"why":"expired"}}"why":"undone"}}"why":"edited"}}"why":"decided"}}"why":"reminded"}}',
    '"citations":[{"document":"doc_01m","title":"passage":"quote":"text":"currency":"EUR","amountMinor":',
    '"origin":"an earlier answer","a document","a web page","the directory","from","rule":"G2","rule":"G3","rule":"G4",',
    '"changes":[{"label":"before":null,"after":"Title","Start","When","With","attributes":{},"context":{"attendees":',
    '"externalAttendees":0,"isInternal":true,"isUngrounded":false,"records":[{"kind":"id":"title":"kind":"person"',
    '"kind":"email","kind":"time","kind":"text","kind":"title","kind":"name","kind":"number","kind":"money",',
    '"integrity":"external","integrity":"member","sensitivity":"confidential","sensitivity":"restricted",',
    '"sensitivity":"public","path":"$.start","path":"$.end","path":"$.title","path":"$.',
    '"undo":{"resource":{"id":"attributes":{},"title":"risk":"high","status":"ready","changes":[],"context":{},',
    '{"args":{"evidence":[{"arg":"text","isGrounded":true,"rule":"G1","text":"your own words","isGrounded":false,',
    '"decision":{"effect":"permit","rules":["preview":{"changes":[],"line":"resource":{"risk":"normal",',
    '"provider":"offline planner","model":"planner","route":"planner","promptVersion":"assistant@1+',
    '"usage":{"inputTokens":0,"outputTokens":0},"costMicros":0,"state":{"sensitivity":"internal"}},',
    '"facts":[{"value":"kind":null,"path":"$.","label":{"integrity":"system","sensitivity":"internal","source":"',
    '"source":"your own words","readers":["everyone"]},"record":null},"record":{"kind":"',
    '[{"type":"message.received","data":{"message":"msg_01m","author":"',
    '","text":{"value":"","label":{"integrity":"user","sensitivity":"internal","source":"your message","readers":["',
    '@example.com"]}}}},{"type":"turn.started","data":{"turn":"trn_01m","messages":["msg_01m',
    '"]}},{"type":"model.answered","data":{"turn":"trn_01m","text":"","calls":[{"id":"call_1","tool":"calendar.","args":{"',
    '{"type":"action.finished","data":{"turn":"trn_01m","action":"act_01m","call":"c","tool":"',
    '","outcome":{"status":"succeeded","data":{"records":[],"summary":"',
    '{"type":"card.changed","data":{"turn":"trn_01m","action":"act_01m","why":"finished"}},',
    '{"type":"reply.posted","data":{"turn":"trn_01m","message":"msg_01m","text":"',
    '"}},{"type":"turn.ended","data":{"turn":"trn_01m","status":"done"}}]',
  ].join(""),
);
/** The longest text worth trying plain first: shorter ones hardly ever get smaller. */
const MIN_BYTES = 48;
/** What a window of 13 bits holds. */
const SMALL_WINDOW_BYTES = 2 ** 13;
/** Rows that claim to be longer are refused instead of filling the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** JSON as few bytes: a format byte, then the text, deflated where that is shorter. */
export function packJson(value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  if (text.length >= MIN_BYTES) {
    // A window no larger than what it has to look back on: clearing 64 KB took longer than the deflating, 24 against
    // 15 us for 1 KB.
    const isSmall = text.length + DICTIONARY_1.length <= SMALL_WINDOW_BYTES;
    const deflated = deflateRawSync(text, {
      dictionary: DICTIONARY_1,
      level: 6,
      memLevel: 5,
      windowBits: isSmall ? 13 : 15,
    });
    if (deflated.length < text.length) return Buffer.concat([Buffer.of(DEFLATED_1), deflated]);
  }
  return Buffer.concat([Buffer.of(PLAIN), text]);
}

/** The value again. Throws on bytes that `packJson` of this or an earlier version did not write. */
export function unpackJson(bytes: Uint8Array): Json {
  const [format] = bytes;
  const body = bytes.subarray(1);
  if (format === PLAIN) return JSON.parse(Buffer.from(body).toString("utf8"));
  if (format !== DEFLATED_1) throw new Error(`packed JSON of an unknown format (${format})`);
  const text = inflateRawSync(body, { dictionary: DICTIONARY_1, maxOutputLength: MAX_BYTES });
  return JSON.parse(text.toString("utf8"));
}
