import type { RecordRef } from "../types/record.ts";
import { isDisguised, phraseOf, wordsOf } from "./canonical-text.ts";
import { findVerb } from "./find-verb.ts";
import { groundDestination, personCalled } from "./ground-destination.ts";
import { FROM_USER, type Ground, type Grounding, type GroundValue } from "./grounding.ts";
import type { LedgerRecord } from "./ledger.ts";
import { isMeantAsTarget } from "./meant-as-target.ts";
import { isKind, isWordForKind, wordsForKind } from "./record-kinds.ts";
import { isOpen } from "./select-computed.ts";
import { COMMON, recordKey } from "./select-records.ts";
import { hasSaid, hasSaidExactly, hasSaidName, type UserWords } from "./user-words.ts";

const PRONOUN = / (?:it|its|that|this|them|these|those|same|one|ones|both) /;
const PLURAL = / (?:them|these|those|both|all|ones) /;
const ORDINALS = [
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];
/** A request this short may leave out what it is about: "and at 11?", "48k instead". */
const ELLIPSIS_WORDS = 12;

/** An id is grounded when the user wrote it, named its record, means it by "it", or it was made in this turn (G1, G3, G4). */
export const groundRecordId: GroundValue = (value, spec, grounding) => {
  const id = String(value);
  const { said, ledger, manifest } = grounding;
  if (isDisguised(id)) return null;
  if (spec.kind === "person" || id.includes("@")) {
    const person = groundDestination(id, spec, grounding, "");
    if (person) return person;
  }
  if (isSaidId(said, id)) return FROM_USER;
  if (manifest.effect !== "destructive" && isSaidName(grounding, id)) return FROM_USER;
  const isMeant = (ref: RecordRef) => ref.id === id && isKind(ref.kind, spec.kind);
  // What was just made may be destroyed only where the person speaks of it: an attack could hide its traces so.
  const isAskedFor = manifest.effect !== "destructive" || speaksOfIt(grounding);
  if (isAskedFor && grounding.created.some(isMeant)) return { rule: "G3", text: "made in this request" };
  for (const selection of grounding.selected.values()) {
    if (!isMeant(selection.record.ref)) continue;
    if (selection.isSure || manifest.effect !== "destructive") return { rule: "G3", text: selection.why };
  }
  const meant = byReference(grounding, spec.kind, isMeant);
  if (meant) return meant;
  if (manifest.effect !== "destructive" && isOnlyResult(grounding, isMeant)) {
    return { rule: "G3", text: "the only result of what you asked for" };
  }
  if (manifest.effect !== "destructive" && isOnlyOneSpokenOf(grounding, isMeant, spec.kind))
    return { rule: "G3", text: "the only one that speaks of what you wrote" };
  const isSure = ({ kind, id: of }: RecordRef) => grounding.selected.get(recordKey(kind, of))?.isSure ?? true;
  for (const target of grounding.targets) {
    if (isMeant(target.ref) || !isSure(target.ref)) continue;
    const field = target.facts.find((fact) => fact.kind === spec.kind && String(fact.value) === id);
    if (spec.kind && field?.label.integrity === "system" && ledger.record(spec.kind, id)) {
      return { rule: "G4", text: `belongs to "${target.ref.title}"` };
    }
  }
  return null;
};

/** A name is grounded when the user wrote it, it is of a person whom the user's words name, or of a record they name. */
export const groundName: GroundValue = (value, spec, grounding, arg) => {
  const name = String(value);
  const { said } = grounding;
  if (isDisguised(name)) return null;
  if (name.includes("@")) return groundDestination(name, spec, grounding, arg);
  const words = wordsOf(name);
  if (hasSaidName(said, name) && isMeantAsTarget(said, words, grounding.manifest)) return FROM_USER;
  const phrase = phraseOf(words);
  const person = personCalled(name, grounding);
  if (person) return person;
  for (const selection of grounding.selected.values()) {
    if (!selection.isComputed && !isMeantAsTarget(said, words, grounding.manifest)) continue;
    if (phraseOf(selection.record.titleWords) === phrase) return { rule: "G3", text: selection.why };
  }
  const isTitle = (ref: RecordRef) => isKind(ref.kind, spec.kind) && phraseOf(wordsOf(ref.title)) === phrase;
  return byReference(grounding, spec.kind, isTitle);
};

function byReference(
  grounding: Grounding,
  kind: string | undefined,
  isMeant: (ref: RecordRef) => boolean,
): Ground {
  const { said, focus, shown = [] } = grounding;
  const ofKind = (ref: RecordRef) => isKind(ref.kind, kind);
  const text = said.currentPhrase;
  const place = shown.filter(ofKind).findIndex(isMeant);
  if (place >= 0 && text.includes(` ${ORDINALS[place] ?? "?"} `))
    return { rule: "G3", text: "its place in the list you were shown" };
  if (place >= 0 && place === shown.filter(ofKind).length - 1 && text.includes(" last one ")) {
    return { rule: "G3", text: "the last in the list you were shown" };
  }
  const candidates = focus.filter(ofKind);
  const at = candidates.findIndex(isMeant);
  if (at < 0 || (at > 0 && !PLURAL.test(text))) return null;
  const isReferred =
    PRONOUN.test(text) ||
    (kind ? wordsForKind(kind) : []).some(
      (word) => text.includes(` the ${word} `) || text.includes(` my ${word} `),
    );
  const namesAnother = [...grounding.selected.values()].some(
    ({ record }) => ofKind(record.ref) && !isMeant(record.ref) && hasSaidNow(said, record.titleWords),
  );
  if (namesAnother) return null;
  const isShort = text.split(" ").filter((word) => word !== "" && word !== "|").length <= ELLIPSIS_WORDS;
  return isReferred || isShort ? { rule: "G3", text: "what you spoke of before" } : null;
}

/** "Delete it again": one of the tool's verbs and right after it a word for what was spoken of. */
function speaksOfIt({ said, manifest }: Grounding): boolean {
  const words = said.spokenWords;
  return words.some(
    (word, at) =>
      /^(?:it|that|this|them|these|those)$/.test(word) &&
      findVerb(words.slice(Math.max(0, at - 2), at), manifest.verbs),
  );
}

function hasSaidNow(said: UserWords, words: readonly string[]): boolean {
  return said.currentPhrase.includes(phraseOf(words));
}

/** The only record that a read returned whose every argument the user wrote. */
function isOnlyResult(grounding: Grounding, isMeant: (ref: RecordRef) => boolean): boolean {
  return (grounding.lookups ?? []).some(({ args, records }) => {
    const [only, ...others] = records;
    if (!only || others.length > 0 || !isMeant(only)) return false;
    const values = Object.values(args).filter((value) => value !== null && value !== "");
    return (
      values.length > 0 &&
      values.every((value) => typeof value === "string" && hasSaid(grounding.said, wordsOf(value)))
    );
  });
}

/**
 * Of all records of its kind that are known, the only one in whose short texts a telling word of the request
 * stands, also where somebody outside wrote them ("my rent" for a standing order with the reference "Rent").
 * It speaks for the id alone, not for anybody in the record; and whoever wants another record taken can only
 * make it two.
 */
function isOnlyOneSpokenOf(
  { ledger, said, lookups = [], manifest }: Grounding,
  isMeant: (ref: RecordRef) => boolean,
  kind: string | undefined,
): boolean {
  const isListed = lookups.some((lookup) => isOpen(lookup, said) && lookup.records.some(isMeant));
  if (!isListed) return false;
  const all = ledger.records.filter(({ ref }) => isKind(ref.kind, kind));
  const spoken = said.spokenWords.filter(
    (word) =>
      word.length > 3 &&
      !COMMON.has(word) &&
      findVerb([word], manifest.verbs) === null &&
      !isWordForKind(word, kind ?? ""),
  );
  const words = new Set(spoken);
  const speaking = all.filter((record) => spokenBy(record).some((word) => words.has(word)));
  const [only, ...others] = speaking;
  return only !== undefined && others.length === 0 && isMeant(only.ref);
}

const spoken = new WeakMap<LedgerRecord, readonly string[]>();

function spokenBy(record: LedgerRecord): readonly string[] {
  const known = spoken.get(record);
  if (known) return known;
  const words = new Set(
    record.facts.flatMap(({ value }) => (typeof value === "string" ? wordsOf(value) : [])),
  );
  spoken.set(record, [...words]);
  return [...words];
}

/** A plain word as an id ("general", "Alice"): written just so, meant as the target, and not another record's name. */
function isSaidName({ said, manifest, ledger }: Grounding, id: string): boolean {
  if (!/^\p{L}{3,40}$/u.test(id) || COMMON.has(id.toLowerCase()) || !hasSaidExactly(said, id)) return false;
  const isOpaque = ledger.records.some(({ ref }) => ref.id === id && ref.title !== id);
  return !isOpaque && isMeantAsTarget(said, wordsOf(id), manifest);
}

/** Ids of digits only, and ids that are plain words, need something that says they are ids. */
function isSaidId(said: UserWords, id: string): boolean {
  if (!said.tokens.has(id) && !said.tokens.has(`#${id}`)) return false;
  if (said.tokens.has(`#${id}`)) return true;
  const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (/^\d+$/.test(id))
    return new RegExp(
      `(?:\\bid\\b|\\bno\\.?|\\bnumber|#)\\s*(?:is|:|=)?\\s*["']?${escaped}(?![\\d.,:/-]\\d|\\d)`,
      "i",
    ).test(said.text);
  return /\d/.test(id) || id.length > 12 || said.quoted.has(wordsOf(id).join(" "));
}
