/** Words for one kind of thing; the first is the plainest. */
const SAME: readonly (readonly string[])[] = [
  ["event", "meeting", "appointment", "call", "slot", "calendar", "invite", "booking"],
  ["file", "document", "doc", "attachment", "folder"],
  ["mail", "email", "message", "thread", "letter"],
  [
    "person",
    "people",
    "user",
    "contact",
    "member",
    "employee",
    "colleague",
    "participant",
    "attendee",
    "recipient",
    "guest",
    "friend",
    "customer",
    "client",
  ],
  ["transaction", "payment", "transfer", "order", "bill", "invoice", "subscription"],
  ["deal", "opportunity"],
  ["account", "customer", "client", "company"],
  ["channel", "room", "group", "team"],
  ["task", "todo", "ticket", "issue"],
];

/** A kind that was guessed from a tool's name begins with this and holds all words of the name. */
export const GUESSED = "~";

/** Whether people's word for a thing ("files", "meeting") may mean a record of this kind. */
export function isWordForKind(word: string, kind: string): boolean {
  const bare = singular(word.toLowerCase());
  return partsOf(kind).some(
    (part) => part === bare || SAME.some((group) => group.includes(part) && group.includes(bare)),
  );
}

/**
 * Whether a record's kind is the one wanted. Manifests of several hands call one thing `calendar.event`,
 * `event` or `meeting`; a kind guessed from a tool's name fits when the name speaks of the wanted one.
 */
export function isKind(kind: string, wanted: string | undefined): boolean {
  if (wanted === undefined || kind === wanted) return true;
  if (wanted.includes(".") && kind.includes(".") && wanted.split(".")[0] !== kind.split(".")[0]) return false;
  const last = partsOf(wanted).at(-1);
  if (last === undefined) return false;
  const own = kind.startsWith(GUESSED) ? partsOf(kind) : partsOf(kind).slice(-1);
  return own.some(
    (part) => part === last || SAME.some((group) => group.includes(part) && group.includes(last)),
  );
}

/** Plain words for a kind, for finding it in what people write. */
export function wordsForKind(kind: string): readonly string[] {
  const last = partsOf(kind).at(-1);
  if (last === undefined) return [];
  return [...new Set([last, ...SAME.filter((group) => group.includes(last)).flat()])];
}

function partsOf(kind: string): readonly string[] {
  return kind
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(singular);
}

function singular(word: string): string {
  if (word === "people") return "person";
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  return word
    .replace(/ies$/, "y")
    .replace(/(ch|sh|x|ss)es$/, "$1")
    .replace(/s$/, "");
}
