import type { JsonObject } from "../../../src/types/json.ts";
import { cardProblems as schemaProblems } from "./fakes/card-rules.ts";

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/** Every object in a payload, outermost first. */
export function nodesOf(payload: unknown): Node[] {
  if (Array.isArray(payload)) return payload.flatMap(nodesOf);
  if (!isNode(payload)) return [];
  return [payload, ...Object.values(payload).flatMap(nodesOf)];
}

export const nodesOfType = (payload: unknown, type: string): Node[] =>
  nodesOf(payload).filter((node) => node.type === type);

/** All words that a reader of the card sees or can open. */
export function wordsOf(payload: unknown): string {
  return nodesOf(payload)
    .flatMap((node) => [node.text, node.title, node.label].filter((text) => typeof text === "string"))
    .join("\n");
}

/** What is wrong with a card for Teams: by Microsoft's own parser, and by the rules that it does not know. */
export function cardProblems(card: JsonObject): string[] {
  const problems = schemaProblems(card);
  if (card.type !== "AdaptiveCard" || card.version !== "1.5") problems.push("no card of version 1.5");
  for (const action of nodesOfType(card, "Action.Execute")) {
    const data = action.data as Node | undefined;
    if (Object.keys(data ?? {}).join() !== "b") problems.push("a button carries more than its id");
    const fallback = action.fallback as Node | undefined;
    if (fallback && JSON.stringify(fallback.data) !== JSON.stringify(data))
      problems.push("a fallback carries other data");
    if (!fallback && action.verb !== "refresh") problems.push("a button without a fallback");
  }
  for (const node of nodesOfType(card, "TextRun"))
    if (typeof node.text !== "string") problems.push("a run without words");
  return problems;
}
