import { canonicalEmail, wordsOf } from "./canonical-text.ts";
import { type Address, findAddresses, otherReadings } from "./find-addresses.ts";
import { hasSaidPhone } from "./ground-destination.ts";
import type { Grounding } from "./grounding.ts";

const NOUNS: Readonly<Record<Address["kind"], string>> = {
  email: "e-mail address",
  url: "link",
  iban: "bank account",
  phone: "phone number",
};

/**
 * What stands in the texts of a call that could lead its readers or their money elsewhere, or that should
 * not travel: the first link, address, account or phone number that neither the user wrote nor a trusted
 * record holds, also when it is encoded or split over two texts, or a confidential value that was not asked
 * for. Null when there is nothing.
 */
export function checkContent(texts: readonly string[], grounding: Grounding): string | null {
  for (const text of texts) {
    for (const reading of [text, ...otherReadings(text)]) {
      for (const address of findAddresses(reading)) {
        if (isKnown(address, grounding)) continue;
        const origin = grounding.ledger.originOf(address.text)?.source;
        return `${NOUNS[address.kind]} ${shorten(address.text)} that you did not write${origin ? `, from ${origin}` : ""}`;
      }
    }
  }
  for (let i = 1; i < texts.length; i++) {
    const address = findSplit(texts[i - 1] ?? "", texts[i] ?? "").find((item) => !isKnown(item, grounding));
    if (address)
      return `${NOUNS[address.kind]} ${shorten(address.text)}, split over two texts, that you did not write`;
  }
  // In pieces over three and more: whole texts only, since a piece is short.
  const pieces = texts.filter((text) => text.length <= MAX_PIECE_CHARS);
  if (pieces.length > 2) {
    const alone = new Set(pieces.flatMap((text) => findAddresses(text)).map((item) => item.value));
    const address = findAddresses(pieces.join("")).find(
      (item) =>
        item.kind !== "phone" &&
        !isKnown(item, grounding) &&
        ![...alone].some((value) => item.value.includes(value)),
    );
    if (address && (address.kind !== "url" || /:\/\//.test(address.text)))
      return `${NOUNS[address.kind]} ${shorten(address.text)}, split over several texts, that you did not write`;
  }
  return findSecret(texts, grounding);
}

const MAX_PIECE_CHARS = 60;

/** Addresses that only appear when two texts stand together; a plain word before and after is none. */
function findSplit(before: string, after: string): readonly Address[] {
  const [left, right] = [before.slice(-120), after.slice(0, 120)];
  const alone = new Set([...findAddresses(left), ...findAddresses(right)].map((item) => item.value));
  const isCutAtMark = /[.@:/]$/.test(left) || /^[.@:/]/.test(right);
  return findAddresses(left + right).filter(
    (item) =>
      ![...alone].some((value) => item.value.includes(value)) &&
      (isCutAtMark || item.kind === "email" || item.kind === "iban"),
  );
}

function isKnown({ kind, value, text }: Address, grounding: Grounding): boolean {
  const { said, directory, principal } = grounding;
  if (said.hasAnywhere(kind, value)) return true;
  if (kind === "phone" && hasSaidPhone(said, value)) return true;
  if (kind === "email" && (canonicalEmail(value) === principal.id || directory.find(value) !== null))
    return true;
  return isInNamedRecord(value, grounding) || isInNamedRecord(text, grounding);
}

/** A typed, trusted field of a record that the user named; any mail has a sender, so a mere fact is not enough. */
function isInNamedRecord(value: string, { ledger, targets }: Grounding): boolean {
  return ledger.factsOf(value).some(({ label, kind, record }) => {
    if (label.integrity !== "system" || kind === null || kind === "text" || !record) return false;
    return targets.some(({ ref }) => ref.kind === record.kind && ref.id === record.id);
  });
}

function findSecret(texts: readonly string[], grounding: Grounding): string | null {
  const { ledger, said, selected } = grounding;
  if (ledger.secrets.length === 0) return null;
  const all = texts.join("\n").toLowerCase().replace(/\s+/g, " ");
  const bare = all.replace(/[\s.\-_/]/g, "");
  for (const { text, fact } of ledger.secrets) {
    const isThere = /^\d+$/.test(text) ? new RegExp(`(?<!\\d)${text}(?!\\d)`).test(bare) : all.includes(text);
    if (!isThere || said.text.toLowerCase().includes(text)) continue;
    const key = wordsOf(
      (fact.path.split(".").at(-1) ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_[\]\d~]+/g, " "),
    );
    const isAskedFor = key.length > 0 && key.every((word) => said.words.has(word));
    const isRecordNamed = fact.record !== null && selected.has(`${fact.record.kind} ${fact.record.id}`);
    if (!isAskedFor && !isRecordNamed)
      return `something ${fact.label.sensitivity} from ${fact.label.source} that you did not ask to pass on`;
  }
  return null;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
