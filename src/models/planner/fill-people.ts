import type { Json } from "../../types/json.ts";
import type { ArgSpec } from "../../types/tool.ts";
import { fitField } from "./field-values.ts";
import type { PersonSpan } from "./people.ts";
import type { Phrase } from "./phrases.ts";
import type { FillContext, Reading, Trouble } from "./reading.ts";

type Out = { readonly args: Record<string, Json>; readonly troubles: Trouble[]; readonly used: PersonSpan[] };

const isPerson = (spec: ArgSpec) => spec.role === "dest" || (spec.role === "name" && spec.kind === "person");

/** The question that tells several people of one name apart. */
export function askWhich(arg: string, span: PersonSpan, isAddition: boolean): Trouble {
  const options = span.people.slice(0, 6).map((p) => ({ label: `${p.name} (${p.title})`, value: p.id }));
  const named = options.map((o) => o.label);
  const list = named.length > 1 ? `${named.slice(0, -1).join(", ")} or ${named.at(-1)}` : named.join("");
  return {
    arg,
    question:
      span.how === "pronoun"
        ? `Whom do you mean by "${span.text}": ${list}?`
        : `Which ${span.how === "name" ? span.text : `"${span.text}"`} do you mean: ${list}?`,
    options,
    isAddition,
  };
}

/** Whether a person is named as company ("with Tom"). */
export function isAfterWith(text: string, span: { readonly from: number }): boolean {
  return /\bwith\s+$/i.test(text.slice(0, span.from));
}

/** Fills who: addresses of colleagues, or of people outside as they were written. */
export function fillPeople(reading: Reading, context: FillContext): Out {
  const out: Out = { args: {}, troubles: [], used: [] };
  for (const [arg, spec] of Object.entries(context.tool.manifest.args)) {
    if (!isPerson(spec)) continue;
    if (spec.role === "dest") fillDestination(arg, spec, reading, context, out);
    else fillName(arg, reading, context, out);
  }
  return out;
}

function fillDestination(arg: string, spec: ArgSpec, reading: Reading, context: FillContext, out: Out): void {
  const values: string[] = [];
  for (const span of reading.people) {
    if (span.how === "self") continue;
    out.used.push(span);
    const [only] = span.people;
    if (span.address) values.push(span.address);
    else if (span.people.length === 1 && only) {
      if (only.id !== context.principal.id) values.push(only.id);
    } else if (span.people.length > 1) {
      const others = span.people.filter((p) => !values.includes(p.id) && p.id !== context.principal.id);
      const [left] = others;
      if (others.length === 1 && left) values.push(left.id);
      else out.troubles.push(askWhich(arg, span, spec.many === true));
    } else if (span.how === "name") {
      // A name that nobody has: the tool says so, and whom it may mean.
      values.push(span.text);
    } else
      out.troubles.push({
        arg,
        question:
          span.how === "pronoun"
            ? `Whom do you mean by "${span.text}"?`
            : "The directory names no manager for you. Whom do you mean?",
        options: [],
        isAddition: spec.many === true,
      });
  }
  const unique = [...new Set(values)];
  if (unique.length === 0) return;
  const value = fitField(context.tool, arg, spec.many ? [unique] : [unique[0] ?? "", unique]);
  if (value !== undefined) out.args[arg] = value;
}

/** One person by name for tools that look people up: several of a name are the tool's to ask about. */
function fillName(arg: string, reading: Reading, context: FillContext, out: Out): void {
  // "my meeting with Tom" is in one's own calendar.
  const hasEvent = Object.values(context.tool.manifest.args).some(
    (s) => s.role === "name" && s.kind === "calendar.event",
  );
  const isCompany = (p: PersonSpan) =>
    hasEvent &&
    /\bmy\s+(?:\S+\s+){1,4}$/i.test(reading.text.slice(0, p.from)) &&
    isAfterWith(reading.text, p);
  const others = reading.people.filter((p) => p.how !== "self" && !isCompany(p));
  const own = reading.people.find((p) => p.how === "self" && /^(?:my|mine|i)$/i.test(p.text));
  const span = others[0] ?? own;
  if (!span) return;
  out.used.push(span);
  if (span.how === "pronoun" && span.people.length !== 1) {
    const question = `Whom do you mean by "${span.text}"?`;
    out.troubles.push(span.people.length > 1 ? askWhich(arg, span, false) : { arg, question, options: [] });
    return;
  }
  const [only] = span.people;
  const candidates = span.people.length === 1 && only ? [only.id, only.name] : [span.address ?? span.text];
  const value = fitField(context.tool, arg, candidates);
  if (value !== undefined) out.args[arg] = value;
}

/** Names after "with" or "invite" that nobody in the directory has; the tool may know better (a slip, a team). */
export function unknownNames(phrases: readonly Phrase[], text: string): readonly string[] {
  const verbs = /\b(?:with|and|invite|add|include|ask|bring|loop in)\s+$/i;
  return phrases
    .filter((p) => {
      if (p.words.length > 3 || /\d/.test(p.text)) return false;
      // "with sales" may be a team; the tool knows. Better that it asks than that someone is left out.
      if (p.after === "with") return true;
      return p.isCapital && verbs.test(text.slice(Math.max(0, p.from - 12), p.from));
    })
    .map((p) => p.text);
}

/** Adds names nobody in the directory has to who is meant, or asks when the tool takes addresses only. */
export function addUnknown(
  names: readonly string[],
  context: FillContext,
  out: Pick<Out, "args" | "troubles">,
): void {
  const dest = Object.entries(context.tool.manifest.args).find(([, s]) => s.role === "dest");
  const [name] = names;
  if (!dest || name === undefined) return;
  const [arg, spec] = dest;
  const before = out.args[arg];
  const known = Array.isArray(before) ? before : typeof before === "string" ? [before] : [];
  const value = fitField(context.tool, arg, spec.many ? [[...known, ...names]] : [name]);
  if (value !== undefined && (spec.many || known.length === 0)) {
    out.args[arg] = value;
    return;
  }
  out.troubles.push({
    arg,
    question: `I cannot find "${name}" in the directory. Whom do you mean? For someone outside the company, give the e-mail address.`,
    options: [],
    isAddition: spec.many === true,
  });
}
