import type { Json, JsonObject } from "../../types/json.ts";
import type { RecordRef } from "../../types/record.ts";
import type { ArgSpec } from "../../types/tool.ts";
import { kindsInFocus, recordsInFocus, recordsMet } from "./conversation.ts";
import { fitField } from "./field-values.ts";
import { fillRecordNames } from "./fill-names.ts";
import { addUnknown, fillPeople, unknownNames } from "./fill-people.ts";
import { bodyArg, fillLabelledTexts, findBody, restOfRequest } from "./fill-text.ts";
import { fillTimes, isOwnPeriod } from "./fill-times.ts";
import { findTitle } from "./fill-title.ts";
import { fillValues, findChoice } from "./fill-values.ts";
import { isContactInFocus } from "./people-in-focus.ts";
import { kindWords, type Span } from "./phrases.ts";
import { type FillContext, type Reading, readText, type Trouble } from "./reading.ts";
import { findReference, pickRecord, type Reference, recordsNamed } from "./references.ts";

export type Filled = {
  readonly args: JsonObject;
  /** What must be asked before calling, most pressing first. */
  readonly troubles: readonly Trouble[];
};

/** Fills the arguments of a tool from a text. Pure; what is not said stays out or becomes a trouble. */
export function fillArguments(whole: Reading, context: FillContext): Filled {
  const specs = context.tool.manifest.args;
  const args: Record<string, Json> = {};
  const troubles: Trouble[] = [];
  const used: Span[] = [];
  const body = bodyArg(specs);
  let reading = whole;
  const dictated = body ? findBody(whole) : null;
  if (body && dictated) {
    const value = fitField(context.tool, body, [dictated.value]);
    if (value !== undefined) args[body] = value;
    // What is dictated says nothing about the request itself.
    const head = `${whole.text.slice(0, dictated.from)} ${whole.text.slice(dictated.to)}`;
    reading = readText(head, context);
  }
  const times = fillTimes(reading, context);
  Object.assign(args, times.args);
  troubles.push(...times.troubles);
  if (!hasTimes(specs))
    used.push(
      ...reading.times.used.filter(
        (s) =>
          ON_A_DAY.test(reading.text.slice(0, s.from)) ||
          /^(?:on|by|until)\b/i.test(reading.text.slice(s.from, s.to)),
      ),
    );
  used.push(...times.used, ...(times.used.length > 0 || hasTimes(specs) ? reading.times.used : []));
  const people = fillPeople(reading, context);
  Object.assign(args, people.args);
  used.push(...people.used, ...reading.people.filter((p) => p.how === "self"));
  const values = fillValues(reading, context, [...people.used, ...reading.quotes]);
  Object.assign(args, values.args);
  used.push(...values.used);
  const labelled = fillLabelledTexts(reading, context);
  Object.assign(args, labelled.args);
  used.push(...labelled.used);
  const names = fillRecordNames(reading, context, used, isOfThem(reading, context));
  for (const [arg, value] of Object.entries(names.args)) args[arg] ??= value;
  const dated = Object.entries(specs).find(([, s]) => s.role === "name" && s.kind === "calendar.event")?.[0];
  if (times.clock && dated && args[dated] === undefined) args[dated] = times.clock;
  const added = { args, troubles: [...people.troubles] };
  if (troubles.length === 0) addUnknown(unknownNames(names.phrases, reading.text), context, added);
  troubles.push(...added.troubles, ...values.troubles);
  if (body && dictated && !hasRequiredName(context, args)) fillNameFromBody(dictated.value, context, args);
  fillRecordIds(reading, context, args, troubles);
  fillTitles(reading, context, args, [
    ...reading.times.used,
    ...reading.people.filter((p) => p.how !== "self"),
    ...used,
  ]);
  fillMainText(reading, context, args);
  return { args, troubles: troubles.concat(missing(context, args, troubles)) };
}

/** A text that the tool itself would ask for, when nothing said which words it is: what is left of the request. */
function fillMainText(reading: Reading, context: FillContext, args: Record<string, Json>): void {
  const { manifest } = context.tool;
  const main = Object.entries(manifest.args).find(
    ([, s]) => s.role === "body" && s.question && !s.required,
  )?.[0];
  if (!main || args[main] !== undefined) return;
  const quote = reading.quotes[0]?.inner;
  const choices = Object.values(manifest.args).flatMap((s) => {
    const choice = s.choices ? findChoice(reading.text, s.choices) : null;
    return choice && /\s/.test(reading.text.slice(choice.from, choice.to)) ? [choice] : [];
  });
  const taken = [
    ...reading.times.used.filter((s) => !isOwnPeriod(reading.text.slice(s.from, s.to))),
    ...choices,
  ];
  const said = quote ?? restOfRequest(reading, taken, manifest.verbs);
  const value = said ? fitField(context.tool, main, [said]) : undefined;
  if (value !== undefined) args[main] = value;
}

/** "Pay it on Friday": a day is no name, even for a tool that takes no time. */
const ON_A_DAY = /\b(?:on|by|until|till)\s+$/i;

const hasTimes = (specs: Readonly<Record<string, ArgSpec>>) =>
  Object.values(specs).some((s) => s.role === "time");

function hasRequiredName(context: FillContext, args: JsonObject): boolean {
  return Object.entries(context.tool.manifest.args).every(
    ([arg, s]) => s.role !== "name" || !s.required || args[arg] !== undefined,
  );
}

/** "record that Meridian Foods asked for …": the customer stands in the text itself. */
function fillNameFromBody(body: string, context: FillContext, args: Record<string, Json>): void {
  const reading = readText(`about ${body}`, context);
  const found = fillRecordNames(reading, context, [...reading.times.used, ...reading.people]);
  for (const [arg, value] of Object.entries(found.args)) {
    const spec = context.tool.manifest.args[arg];
    const isSubject =
      /^\p{Lu}/u.test(String(value)) && body.replace(/^(?:the|our)\s+/i, "").startsWith(String(value));
    if (spec?.required && isSubject) args[arg] ??= value;
  }
}

/** Ids of records: what "it" is, what was named before, and files. */
function fillRecordIds(
  reading: Reading,
  context: FillContext,
  args: Record<string, Json>,
  troubles: Trouble[],
): void {
  const { manifest } = context.tool;
  const reference = findReference(reading.text);
  const focus = kindsInFocus(context.conversation);
  for (const [arg, spec] of Object.entries(manifest.args)) {
    const isRid = spec.role === "rid";
    if ((!isRid && spec.role !== "name") || !spec.kind || spec.kind === "person" || args[arg] !== undefined) {
      if (!isRid || args[arg] !== undefined) continue;
    }
    const kind = spec.kind ?? "";
    const twin = Object.entries(manifest.args).find(
      ([a, s]) => a !== arg && s.kind === kind && s.role === "name",
    );
    const words = twin ? args[twin[0]] : undefined;
    if (!isRid && Object.values(manifest.args).some((s) => s.role === "rid" && s.kind === kind)) continue;
    const isTheirs = !isRid && isOfThem(reading, context);
    if (!isRid && !spec.required && !reference && !isTheirs) continue;
    // "Bump it": what "it" is was found already, and who it belongs to was not said.
    const isFound = entries(manifest.args, "rid").some((other) => args[other] !== undefined);
    if (!isRid && !spec.required && !isTheirs && isFound) continue;
    const shown = recordsMeant(context, kind, reference);
    const put = (record: RecordRef) => {
      const value = fitField(context.tool, arg, isRid ? [record.id] : [record.title, record.id]);
      if (value === undefined) return;
      args[arg] = value;
      if (twin) delete args[twin[0]];
    };
    if (typeof words === "string") {
      const named = recordsNamed(
        words,
        recordsMet(context.conversation).filter((r) => r.kind === kind),
      );
      if (named.length === 1 && named[0] && !hasOtherName(manifest.args, args, twin?.[0])) put(named[0]);
      continue;
    }
    const isGeneric = new RegExp(
      `\\b(?:the|this|that|my|our) (?:${kindWords(kind).join("|")}|${kind})s?\\b`,
      "i",
    ).test(reading.text);
    // Nothing else is in sight: the one record of the newest result is meant, but never to be destroyed so.
    const done = context.conversation.earlier.find((o) => o.outcome.status !== "waiting");
    const newest = done?.records.filter((r) => r.kind === kind) ?? [];
    const isPlaced = Object.entries(manifest.args).some(
      ([a, s]) => s.part === "day" && args[a] !== undefined,
    );
    const isObvious =
      shown.length === 1 &&
      (spec.required === true ||
        isTheirs ||
        (isRid && newest.length === 1 && !isPlaced && manifest.effect !== "destructive"));
    const isFile = kind === "file" && shown.length > 0;
    if (!reference && !isGeneric && !isFile && !isObvious) continue;
    if (hasOtherName(manifest.args, args, undefined) && !reference) continue;
    const only = reference && !isTheirs ? pickRecord(reference, shown) : shown.length === 1 ? shown[0] : null;
    if (only && (kind === "file" || focus.includes(kind) || shown.length > 0)) put(only);
    else if (shown.length > 1 && reference?.how !== "ordinal")
      troubles.push({
        arg,
        question: spec.question ?? `Which ${spec.label.toLowerCase()} do you mean?`,
        options: shown.slice(0, 6).map((r) => ({ label: r.title, value: isRid ? r.id : r.title })),
      });
  }
}

const entries = (specs: Readonly<Record<string, ArgSpec>>, role: ArgSpec["role"]) =>
  Object.keys(specs).filter((arg) => specs[arg]?.role === role);

/** "Their deals", "who do we know there?", and "her deals" after somebody at a customer: the customer is meant. */
function isOfThem({ text, people }: Reading, { conversation }: FillContext): boolean {
  if (/\b(?:they|their|them|theirs)\b/i.test(text)) return true;
  if (
    /^\s*(?:and |so )?who(?:['’]s| is| else is| all is| are| will be)? (?:else )?(?:coming|invited|attending|joining|in it)\b/i.test(
      text,
    )
  )
    return kindsInFocus(conversation)[0]?.endsWith(".event") === true;
  if (/(?<!\b(?:is|are|was|were|be|s)\s)\bthere\b(?!['’]s|\s+(?:is|are|was|were|be|any)\b)/i.test(text))
    return true;
  const isPerson = /\b(?:he|she|his|hers?|him)\b/i.test(text) && people.every((p) => p.how === "self");
  return isPerson && isContactInFocus(conversation);
}

/**
 * The records that pointing words choose from: those last shown. "The first one", where the last result had only one,
 * counts through all that were met, the oldest first.
 */
function recordsMeant(
  { conversation }: FillContext,
  kind: string,
  reference: Reference | null,
): readonly RecordRef[] {
  const shown = recordsInFocus(conversation, kind);
  if (reference?.how !== "ordinal" || shown.length > 1) return shown;
  const group = conversation.earlier.find((o) => o.records.filter((r) => r.kind === kind).length > 1);
  return group
    ? group.records.filter((r) => r.kind === kind)
    : recordsMet(conversation)
        .filter((r) => r.kind === kind)
        .toReversed();
}

/** Whether another name argument already says which record is meant ("the Globex renewal"). */
function hasOtherName(
  specs: Readonly<Record<string, ArgSpec>>,
  args: JsonObject,
  except: string | undefined,
): boolean {
  return Object.entries(specs).some(
    ([arg, s]) => arg !== except && s.role === "name" && s.kind !== "person" && args[arg] !== undefined,
  );
}

function fillTitles(
  reading: Reading,
  context: FillContext,
  args: Record<string, Json>,
  taken: readonly Span[],
): void {
  for (const [arg, spec] of Object.entries(context.tool.manifest.args)) {
    if (args[arg] !== undefined) continue;
    if (spec.role === "title") {
      const title = findTitle(reading, context, taken);
      const value = title ? fitField(context.tool, arg, [title]) : undefined;
      if (value !== undefined) args[arg] = value;
    } else if (spec.role === "free") {
      const isSaid = Object.entries(context.tool.manifest.args).some(
        ([a, s]) => s.role === "name" && args[a] !== undefined,
      );
      const value = fitField(context.tool, arg, [reading.text.trim().slice(0, 500)]);
      if (value !== undefined && (!isSaid || spec.required)) args[arg] = value;
    } else if (spec.role === "url") {
      const url = /https?:\/\/[^\s<>"')\]]+/i.exec(reading.text)?.[0];
      const value = url ? fitField(context.tool, arg, [url]) : undefined;
      if (value !== undefined) args[arg] = value;
    }
  }
}

/** Required arguments that nothing filled, and records that nothing says. */
function missing(context: FillContext, args: JsonObject, troubles: readonly Trouble[]): readonly Trouble[] {
  const { manifest } = context.tool;
  const out: Trouble[] = [];
  const isAsked = (arg: string) => troubles.some((t) => t.arg === arg);
  const entries = Object.entries(manifest.args);
  const ask = (arg: string, spec: ArgSpec) =>
    out.push({ arg, question: spec.question ?? `${spec.label}: what should it be?`, options: [] });
  for (const [arg, spec] of entries) {
    const isNeeded =
      spec.required || (spec.question !== undefined && spec.role === "time" && manifest.effect !== "read");
    if (isNeeded && args[arg] === undefined && !isAsked(arg) && !isOptionalMove(arg, context, args))
      ask(arg, spec);
  }
  // A tool that takes a record by id or by name needs one of them.
  const rid = entries.find(([, s]) => s.role === "rid" && s.kind !== "file" && s.question && !s.required);
  if (rid && manifest.effect !== "read" && !isAsked(rid[0])) {
    const same = entries.filter(
      ([, s]) => s.kind === rid[1].kind || (s.role === "name" && s.kind !== "person"),
    );
    const isSaid = same.some(([arg]) => args[arg] !== undefined);
    const byDay = entries.some(
      ([arg, s]) => s.part === "day" && s.label !== rid[1].label && args[arg] !== undefined,
    );
    if (!isSaid && !byDay && !same.some(([arg]) => isAsked(arg))) {
      const arg = same.find(([, s]) => s.role === "name" && s.kind === rid[1].kind)?.[0] ?? rid[0];
      ask(arg, rid[1]);
    }
  }
  return out;
}

/** "make it 45 minutes" needs no new start. */
function isOptionalMove(arg: string, context: FillContext, args: JsonObject): boolean {
  const entries = Object.entries(context.tool.manifest.args);
  const spec = context.tool.manifest.args[arg];
  if (spec?.required || spec?.part !== "start") return false;
  if (!entries.some(([, s]) => s.role === "rid")) return false;
  return entries.some(([a, s]) => (s.part === "end" || s.part === "duration") && args[a] !== undefined);
}
