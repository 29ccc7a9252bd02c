import {
  canonicalEmail,
  canonicalIban,
  canonicalPhone,
  canonicalUrl,
  isDisguised,
  isIban,
  wordsOf,
} from "./canonical-text.ts";
import { FROM_USER, type Ground, type Grounding, type GroundValue } from "./grounding.ts";
import { isMeantAsTarget } from "./meant-as-target.ts";
import { hasSaidExactly, hasSaidName, type UserWords } from "./user-words.ts";

const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
/** Words by which a user means the people in a record, not only the record. */
const FIELD_WORDS =
  /\b(?:accounts?|participants?|attendees?|invitees?|guests?|organi[sz]ers?|senders?|owners?|authors?|recipients?|everyone|everybody|same people|them|him|her|they|their|reply|respond|answer|contacts?|people)\b/;
const PERSON_KIND = /person|contact|people|user|member|employee/;

/**
 * Who receives: an address that the user wrote (G1), of a person whom the user's words name (G2), or in a
 * typed, trusted field of the record they named, when they meant its people (G4). Nobody is grounded by a
 * text from outside.
 */
export const groundDestination: GroundValue = (value, _spec, grounding) => {
  const raw = String(value).trim();
  const { said, principal, people } = grounding;
  if (isDisguised(raw)) return null;
  if (isIban(raw)) return said.has("iban", canonicalIban(raw)) ? FROM_USER : fieldOf(raw, grounding);
  if (!EMAIL.test(raw)) {
    if (canonicalPhone(raw)) return hasSaidPhone(said, raw) ? FROM_USER : fieldOf(raw, grounding);
    if (hasSaidName(said, raw) && isMeantAsTarget(said, wordsOf(raw), grounding.manifest)) return FROM_USER;
    return personCalled(raw, grounding) ?? chosen(raw, grounding);
  }
  const email = canonicalEmail(raw);
  if (said.has("email", email)) return FROM_USER;
  if (email === principal.id) return { rule: "G2", text: "your own address" };
  const person = people.get(email);
  if (person) return { rule: "G2", text: person };
  return fieldOf(raw, grounding) ?? chosen(raw, grounding);
};

/** The id or the trusted name of a record that the user singled out by a selector: "every channel". */
function chosen(raw: string, { selected }: Grounding): Ground {
  for (const { record, why, isSure, isComputed } of selected.values()) {
    const isNamed = !record.isTitleExternal && record.ref.title === raw;
    if (isSure && isComputed && (record.ref.id === raw || isNamed)) return { rule: "G3", text: why };
  }
  return null;
}

/** A colleague by the full name that the directory has for somebody whom the user's words name. */
export function personCalled(name: string, { people, directory, principal }: Grounding): Ground {
  const wanted = wordsOf(name).join(" ");
  if (wanted === "") return null;
  if (wordsOf(principal.name).join(" ") === wanted) return { rule: "G2", text: "yourself" };
  for (const [id, why] of people) {
    if (wordsOf(directory.find(id)?.name ?? "").join(" ") === wanted) return { rule: "G2", text: why };
  }
  return null;
}

function fieldOf(raw: string, grounding: Parameters<GroundValue>[2]): ReturnType<GroundValue> {
  const { said, ledger, targets } = grounding;
  const wanted = raw.toLowerCase();
  const meansPeople = FIELD_WORDS.test(said.currentPhrase);
  for (const fact of ledger.factsOf(wanted)) {
    const isTyped = fact.kind !== null && fact.kind !== "text" && fact.label.integrity !== "external";
    const { record } = fact;
    if (!isTyped || !record) continue;
    const target = targets.find(({ ref }) => ref.kind === record.kind && ref.id === record.id);
    if (target && (meansPeople || PERSON_KIND.test(record.kind)))
      return { rule: "G4", text: `in "${target.ref.title}"` };
  }
  return null;
}

/** Links: written by the user, or a trusted field of the record they named. */
export const groundUrl: GroundValue = (value, _spec, grounding) => {
  const url = String(value);
  if (isDisguised(url) || /\s/.test(url.trim())) return null;
  // "https://bank.example@evil.example" goes to evil.example.
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i.test(url.trim())) return null;
  if (grounding.said.has("url", canonicalUrl(url))) return FROM_USER;
  return trustedField(url, grounding);
};

/** Full paths only: a file name alone grounds through the record that bears it. */
export const groundPath: GroundValue = (value, _spec, grounding) => {
  const path = String(value);
  if (isDisguised(path) || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path)) return null;
  if (hasSaidExactly(grounding.said, path)) return FROM_USER;
  return trustedField(path, grounding);
};

function trustedField(value: string, grounding: Parameters<GroundValue>[2]): ReturnType<GroundValue> {
  for (const target of grounding.targets) {
    const fact = target.facts.find(
      (item) =>
        item.value === value &&
        item.label.integrity !== "external" &&
        item.kind !== null &&
        item.kind !== "text",
    );
    if (fact) return { rule: "G4", text: `in "${target.ref.title}"` };
  }
  return null;
}

/** The same number with or without the country's prefix: the last nine digits decide. */
export function hasSaidPhone(said: UserWords, value: string): boolean {
  const digits = canonicalPhone(value);
  if (!digits) return false;
  return (
    said.has("phone", digits) ||
    (said.text.match(/\+?\d[\d\s()./-]{6,20}\d/g) ?? []).some((text) => {
      const other = canonicalPhone(text);
      return (
        other === digits || (other.length >= 9 && digits.length >= 9 && other.slice(-9) === digits.slice(-9))
      );
    })
  );
}
