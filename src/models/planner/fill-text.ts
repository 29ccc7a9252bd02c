import type { Json } from "../../types/json.ts";
import type { ArgSpec } from "../../types/tool.ts";
import { fitField } from "./field-values.ts";
import type { Span } from "./phrases.ts";
import type { FillContext, Reading } from "./reading.ts";

/** A free text inside a request: what it says, and where it stands. */
export type Body = Span & { readonly value: string };

const CUES: readonly RegExp[] = [
  /\b(?:saying|stating|noting|that says|which says|that reads|reading)(?: that)?\s*[:,]?\s+/i,
  /:\s+/,
  /\b(?:that|to say)\s+(?=\S+\s+\S+)/i,
  /\s+[-–—]\s+/,
  /,\s+(?=(?:they|he|she|we|it|i|the|their|our)\b)/i,
];

/** The text someone dictates ("note that …", "…: …", in quotation marks), or null. */
export function findBody(reading: Reading): Body | null {
  const { text } = reading;
  const quoted = reading.quotes.toSorted((a, b) => b.inner.length - a.inner.length)[0];
  if (quoted && (quoted.inner.includes(" ") || quoted.to >= text.length - 2))
    return { from: quoted.from, to: quoted.to, value: quoted.inner };
  const hits = CUES.flatMap((cue, rank) => {
    const m = cue.exec(text);
    return m && m.index > 0 && m.index + m[0].length < text.length ? [{ m, rank }] : [];
  });
  const colon = hits.find((h) => h.rank === 1);
  const first = hits.sort((a, b) => a.m.index - b.m.index)[0];
  // A colon is the clearest cue unless another stands before it and speaks of saying.
  const best = first && (first.rank === 0 || first.rank === 2) ? first : (colon ?? first);
  if (!best) return null;
  const from = best.m.index + best.m[0].length;
  const value = text.slice(from).trim();
  return value ? { from: best.m.index, to: text.length, value } : null;
}

/** The body argument that a request is about: required, and free text that others read. */
export function bodyArg(args: Readonly<Record<string, ArgSpec>>): string | null {
  return Object.entries(args).find(([, s]) => s.role === "body" && s.required)?.[0] ?? null;
}

const POLITE =
  /^(?:(?:please|hey|hi|ok|okay|steward|can|could|would|will|you|i|we|['’]d|d|like|want|need|also|just|kindly|and|then|to|let['’]?s)\b[\s,]*)+/i;
const CONNECTORS = /^(?:[\s,:;-]+|(?:to|about|of|that|for|with|on|at|regarding|me|us)\b)+/i;

/**
 * What a request says besides its verb, whom it tells and when: "remind me tomorrow at 9 to call Karin" leaves
 * "call Karin". Taken whole, as it was written, so that it stays the person's own text.
 */
export function restOfRequest(
  reading: Reading,
  taken: readonly Span[],
  verbs: readonly string[],
): string | null {
  const { text } = reading;
  let open = text;
  for (const s of taken) open = open.slice(0, s.from) + " ".repeat(s.to - s.from) + open.slice(s.to);
  const skip = (pattern: RegExp, from: number) => from + (pattern.exec(open.slice(from))?.[0].length ?? 0);
  const space = /^[\s,]*/;
  const head = new RegExp(
    `^(?:${verbs.join("|")})(?:\\s+(?:me|us|myself))?(?:\\s+(?:an?|the|another)\\s+reminder)?(?:\\s+(?:me|us))?\\b`,
    "i",
  );
  let from = skip(space, 0);
  from = skip(space, skip(POLITE, from));
  const afterVerb = skip(head, from);
  from = skip(CONNECTORS, afterVerb);
  const said = text.slice(from, open.trimEnd().replace(/[\s,.;!?]+$/, "").length).trim();
  return /[\p{L}\p{N}]/u.test(said) ? said : null;
}

const PLACE =
  /\b(?:in|at)\s+((?:the |our )?(?:[\p{L}\d]+\s+)?(?:meeting |conference )?(?:room|office|kitchen|lobby|canteen|cafe|café|restaurant|hall|library|studio|showroom)(?:\s+(?:\d+|[A-Z]\w*))?|(?:zoom|teams|google meet|skype))\b|\bon (zoom|teams|google meet|skype)\b/iu;

/** Optional texts are filled only when the person says which one it is ("in room 3", "agenda: …"). */
export function fillLabelledTexts(
  reading: Reading,
  context: FillContext,
): { args: Record<string, Json>; used: Span[] } {
  const args: Record<string, Json> = {};
  const used: Span[] = [];
  for (const [arg, spec] of Object.entries(context.tool.manifest.args)) {
    if (spec.role !== "body" || spec.required) continue;
    const words = [arg, spec.label].map((w) => w.replace(/[^\p{L}]/gu, "")).filter(Boolean);
    const isPlace = words.some((w) => /^(?:location|place|room|where)$/i.test(w));
    const labelled = new RegExp(`\\b(?:${words.join("|")})\\s*:\\s*(.+)$`, "isu").exec(reading.text);
    const place = isPlace ? PLACE.exec(reading.text) : null;
    const said = labelled ?? place;
    const value = (labelled?.[1] ?? place?.[1] ?? place?.[2])?.trim();
    if (!said || !value) continue;
    const fitted = fitField(context.tool, arg, [value]);
    if (fitted === undefined) continue;
    args[arg] = fitted;
    used.push({ from: said.index, to: said.index + said[0].length });
  }
  return { args, used };
}
