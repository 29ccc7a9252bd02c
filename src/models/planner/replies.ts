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
export const NOTHING_OPEN_REPLY =
  "All right. Nothing of yours was being worked on; what is done already stays as it is.";
export const STILL_WAITS_REPLY =
  "What you asked for still waits for its approval, so I did not start it a second time. Whoever decides can change it with Edit on the card; or refuse it there, and ask anew.";
export const DECISION_REPLY =
  "I do not take decisions in words. Use Approve or Refuse on the card; only the people named there may decide.";
export const DROPPED_REPLY = "All right, I leave it. Nothing was done.";

/** Says plainly that it was not understood, with the three examples nearest to what was said. */
export async function sayNotUnderstood(
  text: string,
  tools: readonly AnyTool[],
  encode: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<string> {
  const nearest = await nearestExamples(text, tools, encode);
  const lead = "I did not understand that well enough to act on it, so I did nothing.";
  return nearest.length === 0
    ? lead
    : `${lead} These are the things nearest to it that I can do:\n${quoted(nearest)}`;
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
    .filter((s) => !seen.has(s.tool) && seen.add(s.tool))
    .slice(0, 3)
    .map((s) => s.example);
}

/** Says that no document speaks of it, and what else there is. */
export function sayNothingFound(tools: readonly AnyTool[]): string {
  const lead =
    "I could not find anything about that in the documents you may read, so I do not want to guess.";
  return tools.length === 0
    ? lead
    : `${lead} Try other words, or ask the colleague responsible. I can also ${titlesOf(tools.slice(0, 4))}.`;
}

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
