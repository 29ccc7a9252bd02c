import { DateTime } from "luxon";
import { z } from "zod";
import { findOthersName } from "../../src/types/others-name.ts";
import type { Principal } from "../../src/types/principal.ts";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { wordsOf } from "../match-words.ts";
import { plainText, table } from "../plain-text.ts";
import { findPeopleManifest } from "./manifests.ts";
import { type PeopleQuestion, readQuestion } from "./read-question.ts";
import { resolveGroup, resolvePerson } from "./resolve-person.ts";

const schema = z.strictObject({
  person: z.string().min(1).max(200).optional().describe("Name, job title or e-mail of the person"),
  relation: z
    .enum(["manager", "reports"])
    .optional()
    .describe("manager: who they report to; reports: who reports to them"),
  query: z.string().min(1).max(500).optional().describe("The whole question, when it cannot be split"),
});

type Args = z.infer<typeof schema>;

/** Looks people up in the directory. Reads only; several that fit are all shown rather than asked about. */
export const findPeopleTool: Tool<Args> = {
  name: findPeopleManifest.name,
  manifest: findPeopleManifest,
  schema,
  run: async (args, context) => find(args, context),
};

function find(args: Args, context: ToolContext): ActionResult {
  const { directory, principal } = context;
  const said = args.person ?? args.query;
  if (said === undefined) return show([principal], null, context);
  const question = readQuestion(said);
  const relation = args.relation ?? question.relation;
  if (!relation) {
    const group = question.isGroup ? resolveGroup(question.who, directory) : null;
    if (group) return show(group, `In ${plainText(question.who, 60)}`, context);
  }
  const { people: found, isGuess } = who(question, args, context);
  if (found.length === 0) return nobody(question.who, directory.domains);
  if (isGuess) return maybe(question.who, found, directory.domains);
  if (!relation)
    return show(found, found.length > 1 ? `Those who fit '${plainText(question.who, 60)}'` : null, context);
  const related = found.flatMap((person) =>
    relation === "reports"
      ? directory.people.filter((p) => p.manager === person.id)
      : directory.people.filter((p) => p.id === person.manager),
  );
  const names = found.map((p) => p.name).join(", ");
  if (related.length === 0) {
    const none =
      relation === "reports" ? `Nobody reports to ${names}.` : `${names} has no manager in the directory.`;
    return { status: "succeeded", summary: none, data: { people: [] }, records: found.map(refOf) };
  }
  if (found.length > 1) return show(related, `For ${names}`, context);
  return show(
    related,
    relation === "reports" ? `Those who report to ${names}` : `${names} reports to`,
    context,
  );
}

/** Whom the words mean; failing that, everybody whose name occurs among them, or the group they name. */
function who(
  question: PeopleQuestion,
  args: Args,
  context: ToolContext,
): { readonly people: readonly Principal[]; readonly isGuess: boolean } {
  const { directory, principal } = context;
  const match = resolvePerson(question.who, directory, principal);
  if (match.kind === "one") {
    const known = directory.find(match.person.id);
    if (known) return { people: [known], isGuess: false };
  } else if (match.kind !== "none")
    return { people: match.people, isGuess: match.kind === "several" && match.isGuess };
  const group = resolveGroup(question.who, directory);
  if (group) return { people: group, isGuess: false };
  const text = args.query ?? question.who;
  const words = new Set(wordsOf(text));
  const named = directory.people.filter((p) => wordsOf(p.name).every((w) => words.has(w)));
  const first = directory.people.filter((p) => words.has(wordsOf(p.name)[0] ?? ""));
  if (named.length > 0) return { people: named, isGuess: false };
  return { people: first, isGuess: first.length > 0 && first.every((p) => isOthers(p, text, directory)) };
}

/** Whether a text has a person's first name only in a whole name that is not theirs. */
function isOthers({ name }: Principal, text: string, { people }: ToolContext["directory"]): boolean {
  const own = name.split(/\s+/);
  const firstNames = new Set(people.map((one) => wordsOf(one.name)[0]));
  const said = [...text.matchAll(/[\p{L}\p{M}]+/gu)].filter((m) => wordsOf(m[0])[0] === wordsOf(name)[0]);
  return said.every(
    (m) => findOthersName(text, m.index, m.index + m[0].length, own, (word) => firstNames.has(word)) !== null,
  );
}

const MOST_GUESSED = 3;

/** A name that is only nearly somebody's: said so, since the one who is meant may be no colleague at all. */
function maybe(said: string, found: readonly Principal[], domains: readonly string[]): ActionResult {
  const names = found.slice(0, MOST_GUESSED).map((p) => `**${p.name}** (${p.title})`);
  return {
    status: "failed",
    code: "DIR-404",
    message: `I found nobody called '${plainText(said, 80)}' in the directory of ${domains.join(", ")}. The nearest name: ${names.join(", ")}.`,
  };
}

function show(people: readonly Principal[], heading: string | null, context: ToolContext): ActionResult {
  const { directory, now } = context;
  const managerOf = (p: Principal) => (p.manager ? directory.find(p.manager) : null);
  const clock = (p: Principal) =>
    DateTime.fromJSDate(now, { zone: p.zone }).setLocale(context.principal.locale).toFormat("HH:mm");
  const lines = people.map((p) => {
    const manager = managerOf(p);
    const above = manager ? `; reports to ${manager.name}` : "";
    return `**${p.name}**, ${p.title}: ${p.id}${above}; ${p.zone.split("/").at(-1)?.replace("_", " ")} time, now ${clock(p)}`;
  });
  const rows = people.map((p) => [p.name, p.title, p.id, managerOf(p)?.name ?? ""]);
  const body =
    people.length === 1
      ? `${lines[0]}.`
      : people.length <= 3
        ? lines.map((line) => `- ${line}`).join("\n")
        : table(["Name", "Title", "E-mail", "Reports to"], rows);
  const lead = heading
    ? `${heading}${people.length === 1 ? (heading.endsWith(" to") ? " " : ": ") : ":\n\n"}`
    : "";
  return {
    status: "succeeded",
    summary: lead + body,
    data: {
      people: people.map((p) => ({
        id: p.id,
        name: p.name,
        title: p.title,
        manager: p.manager,
        managerName: managerOf(p)?.name ?? null,
        zone: p.zone,
      })),
    },
    records: people.map(refOf),
  };
}

function refOf(person: Principal) {
  return { kind: "person", id: person.id, title: person.name };
}

function nobody(said: string, domains: readonly string[]): ActionResult {
  return {
    status: "failed",
    code: "DIR-404",
    message: `I found nobody in the directory of ${domains.join(", ")} for '${plainText(said, 80)}'. Try a full name, a job title or a department.`,
  };
}
