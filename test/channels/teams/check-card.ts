import { AdaptiveCard, SerializationContext, Versions } from "adaptivecards";
import type { JsonObject } from "../../../src/types/json.ts";

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
  const problems: string[] = [];
  const context = new SerializationContext(Versions.v1_5);
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  for (let i = 0; i < context.eventCount; i++) {
    const event = context.getEventAt(i);
    problems.push(`parser: ${event.message}`);
  }
  if (card.type !== "AdaptiveCard" || card.version !== "1.5") problems.push("no card of version 1.5");
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > 28_000) problems.push(`${bytes} bytes`);
  const ids = nodesOf(card).flatMap((node) =>
    typeof node.type === "string" && node.type.startsWith("Input.") ? [String(node.id)] : [],
  );
  if (new Set(ids).size !== ids.length) problems.push("two inputs have one id");
  for (const action of nodesOfType(card, "Action.Execute")) {
    const data = action.data as Node | undefined;
    if (Object.keys(data ?? {}).join() !== "b") problems.push("a button carries more than its id");
    const fallback = action.fallback as Node | undefined;
    if (fallback && JSON.stringify(fallback.data) !== JSON.stringify(data))
      problems.push("a fallback carries other data");
    if (!fallback && action.verb !== "refresh") problems.push("a button without a fallback");
  }
  const refresh = card.refresh as { userIds?: unknown[] } | undefined;
  if (refresh && (refresh.userIds?.length ?? 0) > 60) problems.push("more than 60 people to refresh for");
  for (const node of nodesOfType(card, "Action.OpenUrl"))
    if (!/^(?:https?:|mailto:)/.test(String(node.url))) problems.push(`a link to ${String(node.url)}`);
  for (const node of nodesOfType(card, "TextRun"))
    if (typeof node.text !== "string") problems.push("a run without words");
  return problems;
}
