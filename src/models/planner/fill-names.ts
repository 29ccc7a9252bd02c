import type { Json } from "../../types/json.ts";
import { stemOf, wordsOf } from "../words.ts";
import { fitField } from "./field-values.ts";
import { isAfterWith } from "./fill-people.ts";
import { targetAt } from "./fill-times.ts";
import { kindWords, type Phrase, phrasesOf, type Span, vocabularyOf } from "./phrases.ts";
import type { FillContext, Reading } from "./reading.ts";

const tail = (kind: string) => kind.split(".").at(-1) ?? kind;

/** "Rosenthal & Kern asked" → "Rosenthal & Kern"; a name in small letters stays whole. */
function capitalsOf(text: string): string {
  return (
    /^\p{Lu}[\p{L}\p{N}.'’-]*(?:\s+(?:[&+/]\s+)?[\p{Lu}\p{N}][\p{L}\p{N}.'’-]*)*/u.exec(text)?.[0] ?? text
  );
}

/** How well a phrase names something of a kind. */
function scoreFor(phrase: Phrase, kind: string, text: string): number {
  const words = kindWords(kind).join("|");
  const before = text.slice(Math.max(0, phrase.from - 24), phrase.from);
  const behind = text.slice(phrase.to, phrase.to + 24);
  let score = 0;
  if (new RegExp(`\\b(?:${words})s?(?:\\s+(?:called|named|of|for|with|at))?\\s+["“']?$`, "i").test(before))
    score += 3;
  if (new RegExp(`^["”']?(?:['’]s)?\\s+(?:${words})s?\\b`, "i").test(behind)) score += 3;
  if (phrase.isCapital) score += 3;
  if (/^(?:of|for|at|on|with|about|under|against)$/.test(phrase.after)) score += 2;
  else if (/^(?:to|from|into|called|named)$/.test(phrase.after)) score += 1;
  if (/^['’]s\b/.test(behind)) score += 1;
  return score;
}

/** Names of records ("Globex", "renewal") for `name` arguments; the tool finds which record is meant. */
export function fillRecordNames(
  reading: Reading,
  context: FillContext,
  taken: readonly Span[],
  isPointing = false,
): {
  readonly args: Record<string, Json>;
  readonly phrases: readonly Phrase[];
  readonly used: readonly Span[];
} {
  const { manifest } = context.tool;
  const args: Record<string, Json> = {};
  const used: Span[] = [];
  const names = Object.entries(manifest.args).filter(
    ([, s]) => s.role === "name" && s.kind && s.kind !== "person" && s.kind !== "file",
  );
  const phrases = phrasesOf(reading.text, [...taken, ...reading.quotes], vocabularyOf(manifest));
  const put = (arg: string, value: string) => {
    const fitted = fitField(context.tool, arg, [value]);
    if (fitted !== undefined) args[arg] = fitted;
  };
  const event = names.find(([, s]) => tail(s.kind ?? "") === "event");
  if (event) {
    const value = eventName(reading, context, taken);
    const at = value ? reading.text.indexOf(value) : -1;
    const isNamed = at > 0 && /\b(?:the|my|our|this|that)\s+$/i.test(reading.text.slice(0, at));
    if (value && (manifest.effect !== "read" || isNamed || reading.quotes.length > 0)) put(event[0], value);
  }
  const deal = names.find(([, s]) => tail(s.kind ?? "") === "deal");
  const account = names.find(([, s]) => tail(s.kind ?? "") === "account");
  const quote = reading.quotes.find((q) => !taken.some((t) => t.from <= q.from && q.to <= t.to));
  const rest = names.filter(([arg]) => arg !== event?.[0]);
  const free = new Set(phrases);
  if (quote && rest.length > 0) {
    const arg = deal?.[0] ?? rest[0]?.[0];
    if (arg) put(arg, quote.inner);
    used.push(quote);
  }
  // To look at, a customer is enough; the tool knows what is a deal. To change, it must be told apart.
  const isRead = manifest.effect === "read";
  if (deal && account && !isRead) {
    fillDealAndAccount(
      deal[0],
      account[0],
      [deal[1].kind ?? "", account[1].kind ?? ""],
      reading,
      phrases,
      args,
      put,
    );
    return { args, phrases, used };
  }
  for (const [arg, spec] of rest) {
    if (args[arg] !== undefined || (isRead && account && arg === deal?.[0])) continue;
    const ranked = [...free]
      .map((p) => ({ p, score: scoreFor(p, spec.kind ?? "", reading.text) }))
      .sort((a, b) => b.score - a.score);
    const best = ranked[0];
    // "Who do we talk to there?": the words that point say who is meant, not what else is left.
    if (isPointing && best && !best.p.isCapital && best.score < 3) continue;
    if (!best || (best.score < 3 && !spec.required && !(best.score >= 2 && phrases.length === 1))) continue;
    put(arg, capitalsOf(best.p.text));
    free.delete(best.p);
    used.push(best.p);
  }
  return { args, phrases: [...free], used };
}

/**
 * "the Globex renewal", "deal Renewal 2027 of Globex", "the Northwind deal": capitals before the word for the
 * thing are the customer, the rest names the deal.
 */
function fillDealAndAccount(
  dealArg: string,
  accountArg: string,
  [dealKind, accountKind]: readonly [string, string],
  reading: Reading,
  phrases: readonly Phrase[],
  args: Readonly<Record<string, Json>>,
  put: (arg: string, value: string) => void,
): void {
  const isAfterDeal = (p: Phrase) =>
    new RegExp(`\\b(?:${kindWords(dealKind).join("|")})\\s+$`, "i").test(reading.text.slice(0, p.from));
  const ranked = phrases
    .map((p) => ({
      p,
      score: Math.max(scoreFor(p, accountKind, reading.text), scoreFor(p, dealKind, reading.text)),
    }))
    .sort((a, b) => b.score - a.score)
    .map((r) => r.p);
  const isBeforeDeal = (p: Phrase) =>
    new RegExp(`^["”']?\\s+(?:${kindWords(dealKind).join("|")})s?\\b`, "i").test(reading.text.slice(p.to));
  const hasOwner = (p: Phrase) => phrases.some((o) => o.from > p.to && /^(?:of|for|with|at)$/.test(o.after));
  const named =
    ranked.find(isAfterDeal) ??
    ranked.find((p) => isBeforeDeal(p) && hasOwner(p)) ??
    ranked.find((p) => p.words.length > 1 && /^\d+$/.test(p.words.at(-1) ?? ""));
  const others = ranked.filter((p) => p !== named);
  if (named && args[dealArg] === undefined) put(dealArg, named.text);
  const customer =
    others.find((p) => p.isCapital) ??
    (named || args[dealArg] ? others.find((p) => /^(?:of|for|with|at)$/.test(p.after)) : undefined);
  if (customer) {
    const words = customer.text.split(/\s+/);
    const cut = words.findIndex((w, i) => i > 0 && /^\p{Ll}/u.test(w));
    const head = cut > 0 ? words.slice(0, cut).join(" ") : customer.text;
    put(accountArg, head.replace(/\s*[&+]$/, ""));
    if (cut > 0 && args[dealArg] === undefined && !named) put(dealArg, words.slice(cut).join(" "));
    const next = others.find((p) => p !== customer && p.from >= customer.to && p.from - customer.to < 6);
    if (cut <= 0 && next && args[dealArg] === undefined && !named) put(dealArg, next.text);
    return;
  }
  const first = others[0];
  if (first && args[dealArg] === undefined && !named) put(dealArg, first.text);
}

const LEAD =
  /^(?:(?:and|also|please|actually|rather|maybe|perhaps|better|sorry|no|yes|make|then|ok|okay|so|well|could|can|would|will|you|i|we|like|want|need|to|let|lets|let's|just|the|my|our|a|an|this|that|of|for|in|on|at|from|with|as|is|are|was|when|what|who|what's|where|how|does|do|did|has|have|it|there|too|back|off|out|up|any|be|not|don't|can't|make|go|goes|going|needs|away|instead)\b[\s,]*)+/i;
const TRAIL =
  /[\s,.?!;:]+(?:please|too|also|as well|instead|again|for me|thing|thingy|stuff|to|on|at|in|for|from|by|with|of|and|the|my|back|forward|is|it|any more|anymore|out|off)?[\s,.?!;:]*$/i;

/** What an event is called in the words of the person, without verbs, times and who is added to it. */
function eventName(reading: Reading, context: FillContext, taken: readonly Span[]): string | null {
  const { manifest } = context.tool;
  const quote = reading.quotes[0];
  if (quote) return quote.inner;
  const isAdding = Object.values(manifest.args).some((s) => s.role === "dest");
  const verbs = new Set(manifest.verbs.map((v) => stemOf(v.toLowerCase())));
  const hasTarget =
    manifest.effect !== "read" && Object.values(manifest.args).some((s) => s.part === "start");
  const cut = hasTarget ? targetAt(reading.text) : -1;
  const cutters = [
    ...reading.times.used.filter(
      (s) => !/^\d{1,2}(?::\d\d)?\s*(?:am|pm|o'?clock)$/i.test(reading.text.slice(s.from, s.to).trim()),
    ),
    ...taken.filter((s) => isAdding || !reading.people.some((p) => p.from === s.from)),
    ...(isAdding || manifest.effect === "read"
      ? reading.people.filter((p) => isAdding || !isAfterWith(reading.text, p))
      : []),
    ...(cut >= 0 ? [{ from: cut, to: reading.text.length }] : []),
  ];
  // "Call it off": the parts of one verb stand around what is meant, and name nothing.
  for (const verb of manifest.verbs) {
    const [head, ...tail] = verb.split(/[\s-]+/);
    if (tail.length === 0) continue;
    const m = new RegExp(`\\b${head}\\s+(?:it|that|this|them)\\s+${tail.join("\\s+")}\\b`, "i").exec(
      reading.text,
    );
    if (m) cutters.push({ from: m.index, to: m.index + m[0].length });
  }
  const pieces: string[] = [];
  let piece = "";
  let previous = 0;
  const flush = () => {
    if (piece.trim()) pieces.push(piece.trim());
    piece = "";
  };
  for (const m of reading.text.matchAll(/[^\s,;.?!()]+/gu)) {
    const from = m.index;
    const to = from + m[0].length;
    const gap = reading.text.slice(previous, from);
    previous = to;
    const isCut = cutters.some((s) => s.from < to && from < s.to);
    const isVerb =
      verbs.has(stemOf(m[0].toLowerCase())) && !/\b(?:the|my|our|a|this|that)\s*$/i.test(piece || gap);
    const isBreak = /^(?:to|into|until|till|about|because|at|on|from|by|in|for|if|whether|instead)$/i.test(
      m[0],
    );
    if (isCut || isBreak || (isVerb && piece.replace(LEAD, "") === "") || /[,;.?!()]/.test(gap)) flush();
    if (!isCut && !isBreak && !(isVerb && piece === ""))
      piece += `${piece ? " " : ""}${m[0].replace(/['’]s$/, "")}`;
  }
  flush();
  const names = pieces
    .map((p) => {
      let name = afterDeterminer(p.replace(OWN_CALENDAR, " ")).replace(LEAD, "");
      for (let i = 0; i < 3; i++) name = ` ${name}`.replace(TRAIL, "").trim();
      return name.replace(LEAD, "");
    })
    .filter((name) => {
      const words = wordsOf(name).filter((w) => !verbs.has(stemOf(w)));
      return words.some((w) => /\p{L}{2}|\d/u.test(w) && !GENERIC.has(stemOf(w)));
    });
  return names.sort((a, b) => worth(b) - worth(a))[0] ?? null;
}

const OWN_CALENDAR =
  /\s*\b(?:off|from|in|into|on|out of|to)?\s*(?:my|the|our|his|her)\s+(?:calendar|diary|agenda|schedule)\b/gi;

/** "take the budget talk", "join the weekly sync": what is meant follows the article. */
function afterDeterminer(piece: string): string {
  const m = /^((?:\S+\s+){0,3}?)(?:the|my|our|that|this)\s+(?=\S)/i.exec(piece);
  const before = m?.[1]?.trim() ?? "";
  return m && !/\b(?:with|of|about|for|and)$/i.test(before) ? piece.slice(m[0].length) : piece;
}

/** Words that alone do not say which event. */
const GENERIC = new Set(
  `meeting event appointment calendar diary agenda schedule week day busy free holiday today morning afternoon evening invitation
  invite everyone everything all it that this them him her me one thing time next have any list show what when who is on my earlier later half hour
  title name place location longer shorter minutes pm am too again anymore still i you we they joining join should needs need same along together onto`
    .split(/\s+/)
    .map(stemOf),
);

function worth(name: string): number {
  return wordsOf(name).filter((w) => !GENERIC.has(stemOf(w)) && w.length > 2).length;
}
