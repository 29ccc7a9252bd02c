import type { Encoder } from "../../types/encoder.ts";
import type { AnyTool, ToolManifest } from "../../types/tool.ts";
import { classifyVector, type IntentExample, type IntentModel, trainIntents } from "../intent-classifier.ts";
import type { WeightCache } from "../weight-cache.ts";
import { stemOf, wordsOf } from "../words.ts";
import { BUILT_IN_EXAMPLES, DOCUMENTS, NONE } from "./built-in-intents.ts";
import type { Conversation } from "./conversation.ts";
import { kindsInFocus, recordsInFocus, slotsInFocus } from "./conversation.ts";
import { findChoice } from "./fill-values.ts";
import { kindWords } from "./phrases.ts";
import type { Reading } from "./reading.ts";
import { findReference } from "./references.ts";

export type Ranked = { readonly intent: string; readonly probability: number };

/** How likely each intent is, best first; together 1. */
export type IntentRanker = {
  rank(reading: Reading, conversation: Conversation, tools: readonly AnyTool[]): Promise<readonly Ranked[]>;
  /** Unit vectors of texts, each computed once. */
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>;
  warm(tools: readonly AnyTool[]): Promise<void>;
};

const MEMO = 500;
const LONGEST = 300;

/**
 * Learns the tools' examples on first use (again when the set of tools changes) and ranks texts by them.
 * @param forExamples an encoder that keeps what it computed between starts; examples are always the same
 * @param cache keeps what was learned between starts
 */
export function createIntentRanker(
  encoder: Encoder,
  forExamples: Encoder = encoder,
  cache?: WeightCache,
): IntentRanker {
  const memo = new Map<string, Float32Array>();
  let trained: { key: string; model: Promise<IntentModel> } | null = null;

  async function encode(texts: readonly string[]): Promise<readonly Float32Array[]> {
    const short = texts.map((t) => t.slice(0, LONGEST).trim() || ".");
    const missing = [...new Set(short.filter((t) => !memo.has(t)))];
    const vectors = missing.length > 0 ? await encoder.encode(missing) : [];
    const fresh = new Map(
      missing.map((text, i) => [text, vectors[i] ?? new Float32Array(encoder.dimensions)]),
    );
    const out = short.map((t) => fresh.get(t) ?? memo.get(t) ?? new Float32Array(encoder.dimensions));
    for (const [text, vector] of fresh) memo.set(text, vector);
    for (const key of memo.keys()) {
      if (memo.size <= MEMO) break;
      memo.delete(key);
    }
    return out;
  }

  function modelFor(tools: readonly AnyTool[]): Promise<IntentModel> {
    const sorted = tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const examples: IntentExample[] = sorted.flatMap((t) =>
      t.manifest.examples.map((text) => ({ intent: t.name, text })),
    );
    examples.push(...BUILT_IN_EXAMPLES);
    const key = JSON.stringify(examples);
    if (trained?.key !== key) {
      const model = trainIntents(examples, forExamples, { cache });
      trained = { key, model };
      // A failed training must not be kept: the next message tries again.
      model.catch(() => {
        if (trained?.model === model) trained = null;
      });
    }
    return trained.model;
  }

  return {
    encode,
    warm: async (tools) => void (await modelFor(tools)),
    async rank(reading, conversation, tools) {
      const model = await modelFor(tools);
      const [vector] = await encode([reading.text]);
      const { ranked } = classifyVector(model, reading.text, vector ?? new Float32Array(encoder.dimensions));
      const manifests = new Map(tools.map((t) => [t.name, t.manifest]));
      const weighed = ranked.map(({ intent, probability }) => {
        const manifest = manifests.get(intent);
        const evidence = manifest
          ? evidenceFor(manifest, reading, conversation)
          : evidenceForNone(intent, reading, conversation, tools);
        return { intent, weight: Math.max(probability, 1e-4) * Math.exp(evidence) };
      });
      const sum = weighed.reduce((total, w) => total + w.weight, 0);
      return weighed
        .map(({ intent, weight }) => ({ intent, probability: weight / sum }))
        .sort((a, b) => b.probability - a.probability);
    },
  };
}

/** A colleague, a day or a name of something speaks against a question that no tool is for. */
function evidenceForNone(
  intent: string,
  reading: Reading,
  conversation: Conversation,
  tools: readonly AnyTool[],
): number {
  if (intent !== NONE && intent !== DOCUMENTS) return 0;
  const hasPerson = reading.people.some((p) => p.how !== "self");
  const hasTime = reading.times.spans.length > 0;
  const isPointing = findReference(reading.text) !== null && kindsInFocus(conversation).length > 0;
  const isChange = tools.some(
    ({ manifest }) => saysChoice(manifest, reading.text) && verbPlace(manifest, reading.text) === "first",
  );
  // "Can you move my …" is how a deed is asked for, not what is allowed.
  const isAsked =
    /^\s*(?:(?:hi|hey|hello|please|and|ok|okay)[\s,]+)*(?:can|could|would|will) you\b/i.test(reading.text) &&
    tools.some(({ manifest }) => manifest.effect !== "read" && verbPlace(manifest, reading.text) === "first");
  return (
    (isAsked ? -1.2 : 0) +
    (hasPerson ? -0.9 : 0) +
    (hasTime ? -0.6 : 0) +
    (hasName(reading.text) ? -0.5 : 0) +
    (isPointing ? -1.2 : 0) +
    (isChange ? -1 : 0)
  );
}

/** "Karin's number", "ring Dana Whitfield", where nobody in the directory is called so. */
function hasPossessor(reading: Reading): boolean {
  const m = /(?<=\S\s)(\p{Lu}[\p{L}-]+(?:\s\p{Lu}[\p{L}-]+)*)['’]s?\s+\p{Ll}/u.exec(reading.text);
  const isUnknown = (at: RegExpExecArray | null) =>
    at !== null && !reading.people.some((p) => p.from <= at.index + at[0].length && at.index <= p.to);
  const whole = /(?<=\p{Ll}\s)\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u.exec(reading.text);
  return isUnknown(m) || isUnknown(whole);
}

/** A capital inside the text that begins no sentence. */
const hasName = (text: string) => /\p{Ll}[\p{L},]*\s+["“]?\p{Lu}\p{Ll}/u.test(text);

/** Log-odds that the words themselves give a tool: its verbs, the things it is about, what it can take. */
export function evidenceFor(manifest: ToolManifest, reading: Reading, conversation: Conversation): number {
  const stems = new Set(wordsOf(reading.text.slice(0, 400)).map(stemOf));
  const specs = Object.values(manifest.args);
  const has = (test: (spec: (typeof specs)[number]) => boolean) => specs.some(test);
  let evidence = 0;
  const place = verbPlace(manifest, reading.text);
  if (manifest.effect !== "read") evidence += place === "first" ? 1.1 : place === "inside" ? 0.4 : -0.9;
  else if (place !== "none") evidence += 0.2;
  const hasReference = findReference(reading.text) !== null;
  evidence += evidenceOfThings(manifest, stems, hasReference || conversation.files.length > 0);
  const sums = reading.amounts.filter((a) => !a.isBare);
  if (sums.length > 0) evidence += has((s) => s.role === "amount") ? 0.8 : -0.4;
  if (reading.times.spans.length > 0 && has((s) => s.role === "time")) evidence += 0.4;
  if (saysChoice(manifest, reading.text)) evidence += 0.7;
  if (reading.people.some((p) => p.how !== "self") && has((s) => s.kind === "person")) evidence += 0.3;
  // A name that the directory does not have is hardly a colleague's.
  const isForColleagues =
    has((s) => s.role === "name") && specs.every((s) => s.role !== "name" || s.kind === "person");
  if (isForColleagues && hasPossessor(reading)) evidence -= 1.4;
  // A colleague's name is none of a customer's: "the details of Lucia" is about her.
  if (reading.people.some((p) => p.how === "name") && !has((s) => s.kind === "person"))
    evidence -= manifest.effect === "read" ? 0.8 : 0;
  if (hasName(reading.text) && has((s) => s.role === "name" && s.kind !== "person")) evidence += 0.3;
  // "Push it back an hour" moves what has a time; a place to move to that is no time is none of its.
  const { shift } = reading.times;
  const isLater = (label: string) => /\b(?:later|earlier)\b/i.test(label);
  if (shift && manifest.effect !== "read")
    evidence += has((s) => s.part === "duration" && isLater(s.label)) ? 1.2 : -0.8;
  const isMoving = has((s) => s.part === "start") && has((s) => s.role === "rid" && s.kind !== "file");
  if (MOVES_ELSEWHERE.test(reading.text) && manifest.effect !== "read" && saysChoice(manifest, reading.text))
    evidence += 0.8;
  if (isMoving && reading.times.used.length === 0 && MOVES_ELSEWHERE.test(reading.text)) evidence -= 0.8;
  if (POINTS_THERE.test(reading.text) && recordsInFocus(conversation, "crm.account").length > 0)
    evidence += has((s) => s.kind?.endsWith(".account") === true) ? 1.2 : -0.4;
  const hasClock = reading.times.spans.some((t) => t.hasTime);
  if (hasClock && !has((s) => s.role === "time")) evidence -= 0.6;
  if (reading.people.some((p) => p.address) && !has((s) => s.role === "dest" || s.kind === "person"))
    evidence -= 0.5;
  if (reading.times.minutes !== null && !has((s) => s.part === "duration")) evidence -= 0.5;
  if (isNewThing(reading)) {
    const takesRecord = has((s) => s.role === "rid" && s.kind !== "file");
    if (manifest.effect !== "read") evidence += takesRecord ? -1.2 : has((s) => s.part === "start") ? 0.8 : 0;
  }
  if (hasReference) {
    const focus = kindsInFocus(conversation);
    const hasSlots = slotsInFocus(conversation).length > 0;
    const isFit = has((s) => (s.role === "rid" || s.role === "name") && focus.includes(s.kind ?? "-"));
    const isSlotFit =
      hasSlots &&
      manifest.effect !== "read" &&
      !has((s) => s.role === "rid") &&
      has((s) => s.part === "start");
    const isBare = isBarePointer(reading.text);
    if (isFit && has((s) => s.role === "rid")) evidence += isBare ? 2.2 : 1.2;
    else if (isFit || isSlotFit) evidence += isSlotFit ? 1.6 : 0.4;
    else if (focus.length > 0 && manifest.effect !== "read")
      // "Cancel it" right after a reminder is about no event, however often events are cancelled so.
      evidence -= isBare && has((s) => s.role === "rid") ? 3.5 : 1.2;
  }
  if (conversation.files.length > 0) evidence += has((s) => s.kind === "file") ? 1.5 : -0.5;
  return evidence;
}

const MOVES_ELSEWHERE =
  /\b(?:move|put|push|bring|shift|set)\s+\S.*\b(?:to|into|in)\s+(?!it\b|that\b)\p{L}+\s*[.!?]*$/iu;
/** "Who do we know there?": at the customer who was spoken of. */
const POINTS_THERE = /(?<!\b(?:is|are|was|were|be|s)\s)\bthere\b(?!['’]s|\s+(?:is|are|was|were|be|any)\b)/i;

/** "Cancel it", "move that to 11": the pointing word is all that says what is meant. */
const isBarePointer = (text: string) =>
  wordsOf(text).length <= 7 && /\b(?:it|that|this|that one|this one|them|those|these)\b/i.test(text);

/** "Invite Ana to a talk on Friday at 2": what has an indefinite article and a time of its own is not there yet. */
function isNewThing(reading: Reading): boolean {
  const isIndefinite =
    /\b(?:to|for|into|have|want|book|schedule|arrange|plan) an? (?!(?:few|bit|lot|later|different)\b)\p{L}/iu.test(
      reading.text.slice(0, 400),
    );
  return isIndefinite && reading.times.spans.some((t) => t.hasTime) && findReference(reading.text) === null;
}

const BEFORE_VERB =
  /^(?:please|can|could|would|will|you|i|we|want|need|like|to|just|also|and|then|ok|okay|hey|hi|steward|d|let|s|lets|kindly|now|go|ahead)$/;
const BEFORE_NOUN =
  /^(?:a|an|the|my|our|your|his|her|their|this|that|no|any|every|next|last|first|minute|hour)$/;

/** Where one of a tool's verbs stands: at the head of the request, further inside, or nowhere as a verb. */
function verbPlace(manifest: ToolManifest, text: string): "first" | "inside" | "none" {
  const words = wordsOf(text.slice(0, 400));
  const verbs = new Set(manifest.verbs.map((v) => stemOf(v.toLowerCase())));
  let isHead = true;
  let place: "inside" | "none" = "none";
  for (const [i, word] of words.entries()) {
    // "I want to cancel" wants the other verb; "I want a meeting" has no other.
    const isAuxiliary = /^(?:want|need|like)$/.test(word) && /^(?:to|you|it|that)$/.test(words[i + 1] ?? "");
    const isVerb = verbs.has(stemOf(word)) && !BEFORE_NOUN.test(words[i - 1] ?? "") && !isAuxiliary;
    if (isVerb && isHead) return "first";
    if (isVerb) place = "inside";
    if (!BEFORE_VERB.test(word)) isHead = false;
  }
  return place;
}

const thingShares = new WeakMap<
  ToolManifest,
  { readonly stems: readonly string[]; readonly share: number }
>();

/** The stems of the things a tool is about, and how many of its examples name one. */
function thingsOf(manifest: ToolManifest): { readonly stems: readonly string[]; readonly share: number } {
  const known = thingShares.get(manifest);
  if (known) return known;
  const kinds = Object.values(manifest.args).flatMap((s) =>
    s.kind && s.kind !== "person" ? kindWords(s.kind) : [],
  );
  const stems = [...new Set([...kinds, ...wordsOf(manifest.title)].filter((w) => w.length > 3).map(stemOf))];
  const naming = manifest.examples.filter((e) => wordsOf(e).some((w) => stems.includes(stemOf(w))));
  const things = { stems, share: naming.length / Math.max(1, manifest.examples.length) };
  thingShares.set(manifest, things);
  return things;
}

/** A tool whose examples nearly always name its thing ("invoice") is unlikely where it is not named. */
function evidenceOfThings(manifest: ToolManifest, said: ReadonlySet<string>, isPointing: boolean): number {
  const { stems, share } = thingsOf(manifest);
  if (stems.some((s) => said.has(s))) return 0.6;
  const isOther = [...otherThings(manifest)].some((s) => said.has(s));
  return (share >= 0.7 && !isPointing ? -1 : 0) + (isOther ? -0.7 : 0);
}

const KINDS = ["account", "deal", "event", "invoice"];

/** Words for kinds of things that a tool has nothing to do with ("client" for a tool of invoices). */
function otherThings(manifest: ToolManifest): ReadonlySet<string> {
  const own = new Set(thingsOf(manifest).stems);
  const others = KINDS.flatMap((k) => kindWords(k)).map(stemOf);
  const examples = new Set(manifest.examples.flatMap(wordsOf).map(stemOf));
  return new Set(others.filter((s) => !own.has(s) && !examples.has(s)));
}

/** Words like "won" or "overdue" belong to the tool that has them as values; "all" or "open" belong to nobody. */
function saysChoice(manifest: ToolManifest, text: string): boolean {
  return Object.values(manifest.args).some((spec) => {
    const choice = spec.choices ? findChoice(text.slice(0, 400), spec.choices) : null;
    const word = choice ? text.slice(choice.from, choice.to).toLowerCase() : "";
    return (
      word.length > 2 &&
      !["all", "any", "every", "one", "open", "done", "lead", "offer", "manager"].includes(word)
    );
  });
}
