import type { ToolOutcome } from "../../types/model.ts";
import type { AnyTool } from "../../types/tool.ts";
import { dot } from "../intent-classifier.ts";
import type { Outcome } from "./conversation.ts";

/** The tools' titles as a list a person reads: "look at a calendar, book an event and log a note". */
function titlesOf(tools: readonly AnyTool[]): string {
  const titles = [...new Set(tools.map((t) => t.manifest.title))];
  if (titles.length < 2) return titles.join("");
  return `${titles.slice(0, -1).join(", ")} and ${titles.at(-1)}`;
}

const quoted = (examples: readonly string[]) => examples.map((e) => `- ${e}`).join("\n");

/** One example of each of the first rooms ("calendar", "crm" …), so that the list shows the breadth. */
function examplesOf(tools: readonly AnyTool[], count: number): readonly string[] {
  const rooms = Map.groupBy(tools, (t) => t.name.split(".")[0] ?? t.name);
  return [...rooms.values()].flatMap((r) => r[0]?.manifest.examples[0] ?? []).slice(0, count);
}

/** What Steward can do for this person. */
export function sayHelp(tools: readonly AnyTool[]): string {
  const documents = "I answer questions from the company's documents that you may read";
  const rooms = [...Map.groupBy(tools, (t) => t.name.split(".")[0] ?? t.name).values()];
  const can =
    rooms.length === 0
      ? `${documents}.`
      : `${documents}, and I can:\n${rooms.map((r) => `- ${titlesOf(r)}`).join("\n")}\n\nWhat needs someone's approval waits for it.`;
  const examples = examplesOf(tools, 4);
  return examples.length === 0 ? can : `${can} For example:\n${quoted(examples)}`;
}

export function sayGreeting(name: string, tools: readonly AnyTool[]): string {
  const examples = examplesOf(tools, 3);
  const first = name.split(" ")[0] ?? name;
  return examples.length === 0
    ? `Hello ${first}. What can I do for you?`
    : `Hello ${first}. What can I do for you? For example:\n${quoted(examples)}`;
}

export const THANKS_REPLY = "You are welcome.";
export const EMPTY_REPLY = "I received no words to work with. Write what you need in a sentence.";
export const NO_QUESTION_REPLY =
  "I have no open question, so I do not know what that answers. Write what you need in a sentence.";
export const STILL_WAITS_REPLY =
  "What you asked for still waits for its approval, so I did not start it a second time. Whoever decides can change it with Edit on the card; or refuse it there, and ask anew.";
export const DECISION_REPLY =
  "I do not take decisions in words. Use Approve or Refuse on the card; only the people named there may decide.";
export const SELF_REPLY =
  'I am Steward, an assistant and not a person. I answer from the company\'s documents and act in its systems as far as policy allows. To reach a person, ask me who is responsible, for example "who works in IT".';
export const DROPPED_REPLY = "All right, I leave it. Nothing was done.";

/** From this nearness on an example may be what was meant; one that is only the least far is no help. */
const NEAR_ENOUGH = 0.45;

/** Says plainly that it was not understood, with up to three examples that are near what was said. */
export async function sayNotUnderstood(
  text: string,
  tools: readonly AnyTool[],
  encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<string> {
  const nearest = await nearestExamples(text, tools, encode);
  const lead = "I did not understand that well enough to act on it, so I did nothing.";
  return nearest.length === 0
    ? `${lead} Say it in other words, or "help" for what I can do.`
    : `${lead} The nearest that I can do:\n${quoted(nearest)}`;
}

/** Says that something is none of Steward's business. */
export const OUT_OF_SCOPE_REPLY =
  'I cannot help with that. I answer from the company\'s documents and work in its systems; say "help" for what I can do.';

const SHORTLY = {
  cannot: 'No, I cannot do that. Say "help" for what I can do.',
  unsure: 'I am not sure what you mean. Say "help" for what I can do.',
  documents: "Yes, as far as the documents that you may read say it. Ask me, and I name the source.",
};

export const sayShortly = (what: keyof typeof SHORTLY): string => SHORTLY[what];

/** Yes, and how it is asked for. */
export function sayAbility({ manifest }: AnyTool): string {
  const rule = manifest.effect === "read" ? "" : " What needs someone's approval waits for it.";
  return `Yes, I can ${manifest.title}.${rule} For example: "${manifest.examples[0] ?? ""}".`;
}

const MOST_RECENT = 3;

/** What Steward did in this conversation, newest first; only what came of it, never what was only wished. */
export function sayRecent(earlier: readonly Outcome[], tools: readonly AnyTool[]): string {
  const isRead = (name: string) => tools.find((t) => t.name === name)?.manifest.effect === "read";
  const deeds = earlier.filter((o) => !isRead(o.tool)).slice(0, MOST_RECENT);
  if (deeds.length === 0) return "I have changed nothing in this conversation.";
  const said = deeds.map((o) => sayOutcomes([o], tools).split("\n")[0] ?? "");
  return said.length === 1 ? `The last thing I did: ${said[0]}` : `Newest first:\n${quoted(said)}`;
}

/** "Delete the deal": no tool does that to such a thing; what there is instead. */
export function sayCannot(verb: string, thing: string, tools: readonly AnyTool[]): string {
  const can = tools.length === 0 ? "" : ` What I can do there: ${titlesOf(tools)}.`;
  return `I cannot ${verb} ${/^[aeiou]/.test(thing) ? "an" : "a"} ${thing}. Nothing was done.${can}`;
}

/** Three examples of different tools, nearest first. */
async function nearestExamples(
  text: string,
  tools: readonly AnyTool[],
  encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<readonly string[]> {
  const firsts = tools.flatMap((t) =>
    t.manifest.examples.slice(0, 3).map((example) => ({ tool: t.name, example })),
  );
  if (firsts.length === 0) return [];
  const [asked, ...vectors] = await encode([text, ...firsts.map((f) => f.example)]);
  const scored = firsts
    .map((f, i) => ({ ...f, score: asked && vectors[i] ? dot(asked, vectors[i]) : 0 }))
    .sort((a, b) => b.score - a.score);
  const seen = new Set<string>();
  return scored
    .filter((s) => s.score >= NEAR_ENOUGH && !seen.has(s.tool) && seen.add(s.tool))
    .slice(0, 3)
    .map((s) => s.example);
}

/** Says that no document speaks of it, and what to do then. */
export const NOTHING_FOUND_REPLY =
  "I could not find anything about that in the documents you may read, so I do not want to guess. Try other words, or ask the colleague responsible.";

/** One outcome in words; never more than what happened. */
function sayOutcome(outcome: ToolOutcome, title: string): string {
  switch (outcome.status) {
    case "succeeded":
      return outcome.summary;
    case "asks":
      return outcome.question;
    case "failed":
    case "waiting":
    case "forbidden":
    case "refused":
    case "expired":
    case "unknown":
      return outcome.message;
    case "invalid":
      return `I could not ${title}: ${outcome.message} Nothing was done. Please say it in other words.`;
  }
}

/** The reply after calls: what became of each, in their order. */
export function sayOutcomes(outcomes: readonly Outcome[], tools: readonly AnyTool[]): string {
  const parts = outcomes.map((o) => {
    const title = tools.find((t) => t.name === o.tool)?.manifest.title ?? "do that";
    return sayOutcome(o.outcome, title).trim();
  });
  return [...new Set(parts.filter(Boolean))].join("\n\n");
}

/** Why a question was asked: what several things fit, or what the request does not say. */
export function sayWhyAsked(
  open: {
    readonly question: string;
    readonly text: string;
    readonly options: readonly { readonly label: string }[];
  },
  title: string,
): string {
  const said = open.text.length > 120 ? `${open.text.slice(0, 117)}…` : open.text;
  const why =
    open.options.length > 1
      ? `More than one fits what you wrote ("${said}"), and I do not guess.`
      : `I need this to ${title}, and what you wrote ("${said}") does not settle it.`;
  return sayQuestion(`${why} ${open.question} To drop it, say "never mind".`, open.options);
}

/** A question with its options as a list to choose from. */
export function sayQuestion(question: string, options: readonly { readonly label: string }[]): string {
  if (options.length === 0) return question;
  const isInside = options.every((o) => question.includes(o.label));
  return isInside ? question : `${question}\n${options.map((o, i) => `${i + 1}. ${o.label}`).join("\n")}`;
}
