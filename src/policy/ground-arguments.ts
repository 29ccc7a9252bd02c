import type { Evidence } from "../types/action.ts";
import { canonicalJson } from "../types/canonical-json.ts";
import type { Json } from "../types/json.ts";
import type { ArgRole, ArgSpec } from "../types/tool.ts";
import { phraseOf, wordsOf } from "./canonical-text.ts";
import { checkContent } from "./check-content.ts";
import { isOtherThanDictated } from "./dictated-text.ts";
import { findPeople } from "./find-people.ts";
import { findRequest } from "./find-verb.ts";
import { groundAmount } from "./ground-amount.ts";
import { groundDestination, groundPath, groundUrl } from "./ground-destination.ts";
import { groundName, groundRecordId } from "./ground-record.ts";
import { groundEgressText, groundFlag, groundTitle, groundTyped, isHarmlessTitle } from "./ground-text.ts";
import { groundEnd, groundTime } from "./ground-time.ts";
import type { Ground, Grounding, GroundingInput, GroundValue } from "./grounding.ts";
import type { LedgerRecord } from "./ledger.ts";
import { isKind, isWordForKind } from "./record-kinds.ts";
import { selectComputed } from "./select-computed.ts";
import { recordKey, selectRecords } from "./select-records.ts";

/** In evidence that is about the call as a whole: the verb and the budget. */
export const WHOLE_CALL = "*";
/** Values looked at in one argument; a longer list is held. */
const MAX_VALUES = 200;

const GROUND: Readonly<Partial<Record<ArgRole, GroundValue>>> = {
  dest: groundDestination,
  url: groundUrl,
  path: groundPath,
  rid: groundRecordId,
  name: groundName,
  amount: groundAmount,
  time: groundTime,
  title: groundTitle,
  value: groundTyped,
  flag: groundFlag,
};
const NOUNS: Readonly<Record<ArgRole, string>> = {
  dest: "address",
  url: "link",
  amount: "amount",
  rid: "record",
  name: "name",
  path: "path",
  time: "time",
  title: "title",
  value: "value",
  body: "text",
  flag: "setting",
  free: "text",
};
/** Texts that somebody reads, or that leave with the call. */
const TEXT_ROLES: ReadonlySet<ArgRole> = new Set(["body", "title", "free", "value", "name"]);
/** What a call is aimed at, for the budget. */
const TARGET_ROLES: ReadonlySet<ArgRole> = new Set(["rid", "dest", "url", "path", "name", "time"]);

/** `{ "type": "file", … }`: says which shape an object has, and nothing about whom or what. */
const DISCRIMINATOR = /^(?:type|kind|@type|object)$/;
const PLAIN_WORD = /^[a-z]{1,20}$/;

/** What makes it harmless that a title is made up: it goes where the user said. */
const AIM_ROLES: ReadonlySet<ArgRole> = new Set(["dest", "rid", "url", "path", "amount"]);

type Item = {
  readonly arg: string;
  readonly spec: ArgSpec;
  readonly values: readonly (string | number | boolean)[];
};

/**
 * Why each argument of a call may be trusted, or that it is held (DESIGN §5: G1 to G5, content, verb,
 * budget, undeclared). A call that only reads is never held. Pure; about 0.05 ms with 500 facts once the
 * user's words and the ledger are made.
 */
export function groundArguments(input: GroundingInput): readonly Evidence[] {
  const { manifest, args, said } = input;
  if (manifest.effect === "read") return [];
  const evidence: Evidence[] = [];
  const items: Item[] = [];
  for (const [arg, value] of Object.entries(args)) {
    const spec = Object.hasOwn(manifest.args, arg) ? manifest.args[arg] : undefined;
    const values = leavesOf(value ?? null);
    if (values.length === 0) continue;
    if (!spec) evidence.push(held(arg, "undeclared", "the tool's description does not say what this is"));
    else if (values.length > MAX_VALUES)
      evidence.push(held(arg, "ungrounded", `more than ${MAX_VALUES} values`));
    else if (spec.default !== undefined && canonicalJson(spec.default) === canonicalJson(value)) {
      evidence.push({ arg, isGrounded: true, rule: "G1", text: "as the tool does by itself" });
    } else items.push({ arg, spec, values });
  }
  const people = findPeople(said, input.directory, input.principal);
  const zone = input.principal.zone;
  const selected = new Map(selectRecords(said, input.ledger, new Set(people.keys()), zone));
  for (const item of selectComputed(said, input.ledger, input.lookups ?? [])) {
    const key = recordKey(item.record.ref.kind, item.record.ref.id);
    if (!selected.get(key)?.isSure) selected.set(key, { ...item, isComputed: true });
  }
  const named = [...[...selected.values()].map((selection) => selection.record), ...spokenOf(input)];
  const grounding: Grounding = { ...input, zone, people, selected, own: [], targets: named };
  // Ids first: what they stand for speaks for the other arguments.
  const isAbout = ({ spec }: Item) =>
    spec.role === "rid" || (spec.role === "name" && spec.kind !== undefined);
  const ids = items.filter(isAbout);
  const idEvidence = ids.map((item) => groundItem(item, grounding, null));
  const own = ids.flatMap((item, i) => (idEvidence[i]?.isGrounded ? targetsOf(item, grounding) : []));
  const full: Grounding =
    own.length > 0
      ? { ...grounding, own, targets: [...own, ...named.filter((record) => !own.includes(record))] }
      : grounding;
  const start = items.find((item) => item.spec.role === "time" && item.spec.part === "start") ?? null;
  const rest = items.filter((item) => !isAbout(item));
  const restEvidence = rest.map((item) => groundItem(item, full, start));
  evidence.push(...withTitles(items, [...idEvidence, ...restEvidence], full));

  const texts = items.filter((item) => TEXT_ROLES.has(item.spec.role));
  const problem =
    texts.length > 0
      ? checkContent(
          texts.flatMap((item) => item.values.map(String)),
          full,
        )
      : null;
  const carrier = texts.find((item) => item.spec.role === "body") ?? texts[0];
  if (problem && carrier) evidence.push(held(carrier.arg, "content", problem));
  if (!findRequest(said.spokenWords, manifest)) {
    evidence.push(held(WHOLE_CALL, "verb", `you did not ask to ${manifest.title}`));
  }
  const target = targetOf(manifest, args);
  if (input.unapprovedCalls.some((call) => call.tool === manifest.name && call.target === target)) {
    evidence.push(held(WHOLE_CALL, "budget", "this was already done once for your message"));
  }
  return evidence;
}

/** Lets a made-up title pass when something that the call is aimed at is given and every such thing is grounded. */
function withTitles(
  items: readonly Item[],
  evidence: readonly Evidence[],
  grounding: Grounding,
): readonly Evidence[] {
  const roleOf = (arg: string) => items.find((item) => item.arg === arg)?.spec.role ?? "free";
  const aimed = evidence.filter((item) => AIM_ROLES.has(roleOf(item.arg)));
  const others = evidence.filter((item) => roleOf(item.arg) !== "title");
  if (aimed.length === 0 || others.some((item) => !item.isGrounded)) return evidence;
  return evidence.map((item) => {
    if (item.isGrounded || roleOf(item.arg) !== "title") return item;
    const values = items.find(({ arg }) => arg === item.arg)?.values ?? [];
    return values.every((value) => isHarmlessTitle(String(value), grounding))
      ? { arg: item.arg, isGrounded: true, rule: "G5", text: "a title for what you asked" }
      : item;
  });
}

/** What the budget counts by: the arguments that say where a call goes, or all when none does. */
export function targetOf(manifest: GroundingInput["manifest"], args: GroundingInput["args"]): string {
  const aimed = Object.entries(args).filter(([arg]) => {
    const role = Object.hasOwn(manifest.args, arg) ? manifest.args[arg]?.role : undefined;
    return role !== undefined && TARGET_ROLES.has(role);
  });
  return canonicalJson(Object.fromEntries(aimed.length > 0 ? aimed : Object.entries(args)));
}

function groundItem(item: Item, grounding: Grounding, start: Item | null): Evidence {
  const { arg, spec, values } = item;
  let first: Ground = null;
  for (const value of values) {
    const ground = groundValue(value, item, grounding, start);
    if (!ground) return held(arg, "ungrounded", originText(value, spec, grounding));
    first ??= ground;
  }
  return { arg, isGrounded: true, rule: first?.rule ?? "G1", text: first?.text ?? "" };
}

function groundValue(
  value: string | number | boolean,
  { arg, spec }: Item,
  grounding: Grounding,
  start: Item | null,
): Ground {
  const { role } = spec;
  if (grounding.chosen?.has(String(value))) return { rule: "G1", text: "your choice" };
  if (role === "body" || (role === "free" && isBeside(grounding))) {
    if (role === "body" && isOtherThanDictated(String(value), grounding)) return null;
    const isOwn = typeof value === "string" && grounding.said.text.includes(value);
    return isOwn
      ? { rule: "G1", text: "your own words" }
      : { rule: "G5", text: "text without links, addresses or secrets of others" };
  }
  if (role === "free") return groundEgressText(value, spec, grounding, arg);
  const direct = GROUND[role]?.(value, spec, grounding, arg) ?? null;
  if (direct || role !== "time" || spec.part !== "end" || !start) return direct;
  const startValue = start.values[0];
  if (typeof startValue !== "string" || !groundTime(startValue, start.spec, grounding, start.arg))
    return null;
  return groundEnd(value, startValue, grounding);
}

/**
 * Whether free text only goes along with what the call is about. Alone it is what is changed (a password, a
 * setting), and must be the user's; to the outside it always must.
 */
function isBeside({ manifest, args }: Grounding): boolean {
  if (manifest.effect === "egress") return false;
  return Object.entries(args).some(([arg, value]) => {
    const role = Object.hasOwn(manifest.args, arg) ? manifest.args[arg]?.role : undefined;
    return role !== undefined && role !== "free" && role !== "flag" && value !== null && value !== "";
  });
}

/** "That email", "this meeting": the latest of its kind that the user's own requests were about. */
function spokenOf({ said, focus, ledger }: GroundingInput): readonly LedgerRecord[] {
  const pointed = [...said.currentPhrase.matchAll(/ (?:that|this) ([\p{L}-]+) /gu)].map(
    (match) => match[1] ?? "",
  );
  return pointed.flatMap((word) => {
    const ref = focus.find(({ kind }) => isWordForKind(word, kind));
    const record = ref ? ledger.record(ref.kind, ref.id) : null;
    return record ? [record] : [];
  });
}

/** The records that an id names, or the one that a name fits. */
function targetsOf({ spec, values }: Item, { ledger }: Grounding): readonly LedgerRecord[] {
  const ofKind = ledger.records.filter(({ ref }) => isKind(ref.kind, spec.kind));
  if (spec.role === "rid")
    return ofKind.filter(({ ref }) => values.some((value) => String(value) === ref.id));
  return values.flatMap((value) => {
    const phrase = phraseOf(wordsOf(String(value)));
    const exact = ofKind.filter((record) => phraseOf(record.titleWords) === phrase);
    const fitting =
      exact.length > 0 ? exact : ofKind.filter((record) => phraseOf(record.titleWords).includes(phrase));
    return fitting.length === 1 ? fitting : [];
  });
}

function held(
  arg: string,
  rule: "undeclared" | "ungrounded" | "content" | "verb" | "budget",
  text: string,
): Evidence {
  return { arg, isGrounded: false, rule, text };
}

function originText(value: string | number | boolean, spec: ArgSpec, { ledger }: Grounding): string {
  const noun = NOUNS[spec.role];
  const label = ledger.originOf(String(value));
  if (!label) return `${noun} that is not in what you wrote`;
  const trust = {
    external: "external",
    member: "written by a colleague",
    system: "from our records",
    user: "from you",
  }[label.integrity];
  return `${noun} from ${label.source}, ${trust}`;
}

/** The strings, numbers and switches in a value; nothing given (null, "", empty lists) has none. */
function leavesOf(value: Json): readonly (string | number | boolean)[] {
  if (value === null || value === "") return [];
  if (typeof value !== "object") return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => leavesOf(item));
  return Object.entries(value).flatMap(([key, item]: [string, Json]) =>
    DISCRIMINATOR.test(key) && typeof item === "string" && PLAIN_WORD.test(item) ? [] : leavesOf(item),
  );
}
