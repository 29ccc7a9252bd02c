/**
 * Verbs by what they bring about. A tool that declares one of `core` may be asked for by all of its group:
 * people say "wire" where a manifest has only "pay". A verb opens no door by itself: whom, what and how much
 * must still follow from the person's words.
 */
type Group = {
  readonly core: readonly string[];
  readonly also: readonly string[];
  /** What such a deed is called: "make a payment". */
  readonly nouns: readonly string[];
};

const list = (words: string) => words.split(",").map((word) => word.trim());

const GROUPS: readonly Group[] = [
  {
    core: list("send, mail, email, message, forward, reply, respond, text, notify"),
    also: list(
      "write, e-mail, answer, tell, inform, let know, pass on, drop a line, get back to, dm, ping, ask, remind, greet, thank, shoot",
    ),
    nouns: list("email, mail, message, reply, reminder, note, response, invitation"),
  },
  {
    core: list("pay, transfer, wire, remit, reimburse, refund"),
    also: list("send, settle, give back, pay back, send back, return, move, cover, tip, donate"),
    nouns: list("payment, transfer, refund, reimbursement, donation, transaction, deposit"),
  },
  {
    core: list("create, make, generate"),
    also: list("add, set up, write, build, draft, prepare, open, start, save, put, compose, produce"),
    nouns: list("creation"),
  },
  {
    core: list("schedule, plan, arrange, organize, organise"),
    also: list("set up, book, create, add, make, put, fix, block, set, pencil in, invite, remind"),
    nouns: list("appointment, meeting, event, reminder, call, schedule, order"),
  },
  {
    core: list("reserve, book, rent, hire"),
    also: list("order, get, make, secure, arrange, hold"),
    nouns: list("reservation, booking, rental, order"),
  },
  {
    core: list("invite"),
    also: list("add, include, bring in, ask, loop in, have join"),
    nouns: list("invitation, invite"),
  },
  {
    core: list("add, append, insert, attach, include"),
    also: list("put, write, extend, note, record, invite, join, place, supplement"),
    nouns: list("addition, entry"),
  },
  {
    core: list("update, change, edit, modify, adjust, amend, alter, revise"),
    also: list(
      "set, correct, fix, switch, replace, rename, raise, lower, increase, decrease, reduce, make, turn, bring up to date, move, reset, complete, mark",
    ),
    nouns: list("update, change, adjustment, correction, modification, edit"),
  },
  {
    core: list("move, reschedule, postpone, shift, delay"),
    also: list("push, bring forward, defer, put off, change, advance, pull forward, rebook"),
    nouns: list("postponement, rescheduling"),
  },
  {
    core: list("share, grant"),
    also: list("give, let see, open up, allow, show, make available, send"),
    nouns: list("access"),
  },
  {
    core: list("post, publish, announce, upload"),
    also: list("put, share, write, send, submit, tell, let know, say"),
    nouns: list("post, announcement, publication, upload"),
  },
  {
    core: list("fetch, visit, browse, open, download, read, search, look up, get"),
    also: list(
      "look, check, go to, see, summarize, summarise, find, show, give, tell, load, retrieve, access, view, extract, click, follow",
    ),
    nouns: list("summary, article, page, website, link"),
  },
  {
    core: list("delete, remove, erase, trash, clear"),
    also: list("get rid of, discard, throw away, drop, wipe, take out, kick, take off, purge, bin, clean up"),
    nouns: list("deletion, removal"),
  },
  {
    core: list("cancel"),
    also: list(
      "call off, revoke, abort, drop, delete, remove, stop, withdraw, end, terminate, unsubscribe, scrap",
    ),
    nouns: list("cancellation"),
  },
];

/** Verbs that make a deed of a noun: "make a payment", "place an order". */
/** Verbs that are as often things: "her email", "the post"; after one of `DETERMINERS` they are no request. */
export const NOUN_VERBS: ReadonlySet<string> = new Set(
  list(
    "email, e-mail, mail, message, text, post, book, order, schedule, plan, call, invite, reminder, note, record, change, update, reply, answer, share, move, file, transfer, note, refund, tip, cover, draft, set, show, link, ask, page, search, visit, view, check, look, ping, read, hold, end, drop, fix, make, report, cancel, delete",
  ),
);
export const DETERMINERS =
  /^(?:the|a|an|my|your|his|her|its|our|their|this|that|these|those|each|every|any|some|no|last|latest|first|new|recent|unread|received|all)$/;

export const LIGHT_VERBS: readonly string[] = [
  "make",
  "place",
  "put",
  "set",
  "issue",
  "submit",
  "arrange",
  "need",
  "want",
  "like",
  "give",
  "initiate",
  "perform",
  "leave",
  "get",
  "send",
  "request",
  "drop",
  "create",
];

export type Asking = { readonly verbs: readonly string[]; readonly nouns: readonly string[] };

const known = new WeakMap<readonly string[], Map<string, Asking>>();

/**
 * The words by which a tool may be asked for: its own verbs, the verb that its name begins with, and those
 * of their groups. `name` is a tool's name such as `send_money` or `calendar.moveEvent`.
 */
export function wordsForTool(tool: {
  readonly name: string;
  readonly effect: string;
  readonly verbs: readonly string[];
}): Asking {
  const perVerbs = known.get(tool.verbs) ?? new Map<string, Asking>();
  known.set(tool.verbs, perVerbs);
  const key = `${tool.effect} ${tool.name}`;
  const cached = perVerbs.get(key);
  if (cached) return cached;
  const own = tool.verbs.map((verb) => verb.toLowerCase().trim());
  const named = wordsOfName(tool.name);
  const verbs = new Set(own);
  const nouns = new Set<string>();
  for (const { core, also, nouns: deeds } of GROUPS) {
    const isOwn = core.some((verb) => own.includes(verb) || named[0] === verb);
    if (!isOwn) continue;
    for (const verb of [...core, ...also]) verbs.add(verb);
    for (const noun of deeds) nouns.add(noun);
  }
  const asking = { verbs: [...verbs], nouns: [...nouns] };
  perVerbs.set(key, asking);
  return asking;
}

/** The words of the last part of a tool's name. */
function wordsOfName(name: string): readonly string[] {
  const last = name.split(/[./]/).at(-1) ?? name;
  return last
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
}
