import type { z } from "zod";
import { BLOCK_LIMITS as L } from "./block-limits.ts";
import { anyBlock, anyView, message } from "./block-schemas.ts";

type Block = { readonly type: string; readonly block_id?: string; readonly elements?: unknown };

const MENTION_TYPES = new Set(["user", "usergroup", "channel", "broadcast", "team"]);
/** What Slack acts on in `mrkdwn` and fallback texts, besides links: mentions, channels, commands; dates are ours. */
const MENTION = /<(?:[@#]|!(?!date\^))/;
const LABELLED_LINK = /<([^<>|]+)\|/g;

/** Every object of a payload, however deep. */
function* objectsIn(part: unknown): Generator<Record<string, unknown>> {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) yield part as Record<string, unknown>;
  for (const inside of Object.values(part)) yield* objectsIn(inside);
}

/** What Slack would refuse about one block. */
export const blockProblems = (block: unknown): string[] => schemaProblems(anyBlock, block);

/**
 * What Slack would refuse about a message of ours, and what would let others' words act in it: mentions, and links
 * whose words hide an address that is not one of `ownPages`.
 */
export function messageProblems(payload: unknown, ownPages: readonly string[] = []): string[] {
  const problems = [...schemaProblems(message, payload), ...actingWords(payload, ownPages)];
  const { text, blocks = [] } = payload as { text?: string; blocks?: readonly Block[] };
  if (text === undefined || text.trim() === "") problems.push("text: a fallback is missing");
  if (text !== undefined && text.length > L.whole.fallback) problems.push("text: too long for a fallback");
  if (MENTION.test(text ?? "")) problems.push(`text: a mention in "${text}"`);
  if (blocks.length === 0) problems.push("blocks: none");
  if (blocks.filter(({ type }) => type === "table").length > L.whole.tables)
    problems.push("blocks: two tables");
  let said = 0;
  for (const part of objectsIn(blocks)) {
    for (const key of ["text", "url", "fallback"])
      if (typeof part[key] === "string") said += [...(part[key] as string)].length;
  }
  if (said > L.whole.text) problems.push(`blocks: ${said} characters in all`);
  const whole = said + L.whole.block * blocks.length;
  if (whole > L.whole.all) problems.push(`blocks: ${whole} with what each block counts`);
  return [...problems, ...repeatedIds(blocks)];
}

/** The same for a modal or a home. */
export function viewProblems(payload: unknown, ownPages: readonly string[] = []): string[] {
  const problems = [...schemaProblems(anyView, payload), ...actingWords(payload, ownPages)];
  const {
    type,
    blocks = [],
    submit,
  } = payload as { type: string; submit?: unknown; blocks?: readonly Block[] };
  const hasInput = blocks.some((block) => block.type === "input");
  if (type === "modal" && hasInput && submit === undefined) problems.push("submit: needed with inputs");
  return [...problems, ...repeatedIds(blocks)];
}

export function schemaProblems(schema: z.ZodType, payload: unknown): string[] {
  const read = schema.safeParse(payload);
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join(".")}: ${describe(issue)}`);
}

/** Of a union only the branch that went furthest says anything useful. */
function describe(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue.message;
  const depth = (branch: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...branch.map(({ path }) => path.length)) - branch.length / 100;
  const best = [...issue.errors].sort((one, other) => depth(other) - depth(one))[0] ?? [];
  return best.map((inner) => `${inner.path.join(".")}: ${describe(inner)}`).join("; ");
}

function actingWords(payload: unknown, ownPages: readonly string[]): string[] {
  const problems: string[] = [];
  const isOwn = (url: string) => ownPages.some((page) => url.startsWith(page));
  for (const part of objectsIn(payload)) {
    const { type, text, url } = part;
    if (typeof type === "string" && MENTION_TYPES.has(type)) problems.push(`a ${type} element`);
    if (type === "mrkdwn" && typeof text === "string") {
      if (MENTION.test(text)) problems.push(`a mention in "${text}"`);
      for (const [, target = ""] of text.matchAll(LABELLED_LINK)) {
        if (!target.startsWith("!date^") && !isOwn(target)) problems.push(`words over ${target}`);
      }
    }
    if (typeof url !== "string") continue;
    if (!/^(?:https?:\/\/|mailto:)/.test(url)) problems.push(`an address that is no web page: ${url}`);
    if (text !== undefined && !isOwn(url)) problems.push(`words over ${url}`);
  }
  return problems;
}

function repeatedIds(blocks: readonly Block[]): string[] {
  const problems: string[] = [];
  const blockIds = blocks.flatMap(({ block_id }) => block_id ?? []);
  if (new Set(blockIds).size < blockIds.length) problems.push("block_id: twice the same");
  for (const { elements } of blocks) {
    if (!Array.isArray(elements)) continue;
    const ids = (elements as { action_id?: string }[]).flatMap(({ action_id }) => action_id ?? []);
    if (new Set(ids).size < ids.length) problems.push("action_id: twice the same in a block");
  }
  return problems;
}
