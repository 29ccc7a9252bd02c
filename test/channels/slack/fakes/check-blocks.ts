import type { Block, Fields } from "./slack-world.ts";

export type Surface = "message" | "modal" | "home";

const MOST: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Sum of the characters of a message's blocks (bolt-js issue 2509). */
const MOST_CHARACTERS = 13_200;
const KNOWN = new Set(
  "actions alert card carousel container context context_actions data_table divider file header image input markdown plan rich_text section table task_card video".split(
    " ",
  ),
);

/**
 * The limits that every message runs into first; one line a fault. A fuller check (`validateBlocks`) may be given to
 * the platform.
 */
export function checkBlocks(surface: Surface, blocks: readonly Block[]): readonly string[] {
  const faults: string[] = [];
  if (blocks.length > MOST[surface])
    faults.push(`no more than ${MOST[surface]} items allowed [json-pointer:/blocks]`);
  const ids = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    const at = `[json-pointer:/blocks/${index}]`;
    if (!KNOWN.has(block.type)) faults.push(`unsupported type: ${block.type} ${at}`);
    if (block.type === "input" && surface === "message") faults.push(`unsupported type: input ${at}`);
    const id = block.block_id;
    if (typeof id === "string") {
      if (id.length > 255) faults.push(`must be less than 256 characters ${at}`);
      if (ids.has(id)) faults.push(`\`block_id\` ${id} already exists for another block ${at}`);
      ids.add(id);
    }
    walk(block, at, faults);
  }
  return faults;
}

/** Whether the message as a whole is too long for Slack. */
export function isTooLong(blocks: readonly Block[]): boolean {
  return countText(blocks) > MOST_CHARACTERS;
}

function countText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + countText(one), 0);
  if (value === null || typeof value !== "object") return 0;
  let sum = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === "string") sum += name === "text" || name === "title" ? inner.length : 0;
    else sum += countText(inner);
  }
  return sum;
}

function walk(value: unknown, at: string, faults: string[]): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, at, faults);
    return;
  }
  if (value === null || typeof value !== "object") return;
  const fields = value as Fields;
  const text = (fields.text ?? {}) as Fields;
  const over = (what: unknown, most: number) => typeof what === "string" && [...what].length > most;
  if (fields.type === "mrkdwn" && over(fields.text, 3_000))
    faults.push(`must be less than 3001 characters ${at}/text`);
  if ((fields.type === "mrkdwn" || fields.type === "plain_text") && fields.text === "")
    faults.push(`must be more than 0 characters ${at}/text`);
  if (fields.type === "header" && over(text.text, 150))
    faults.push(`must be less than 151 characters ${at}/text`);
  if (fields.type === "button") {
    if (over(text.text, 75)) faults.push(`must be less than 76 characters ${at}/text`);
    if (over(fields.value, 2_000)) faults.push(`must be less than 2001 characters ${at}/value`);
    if (fields.style !== undefined && fields.style !== "primary" && fields.style !== "danger")
      faults.push(`unknown style ${at}`);
  }
  if (over(fields.action_id, 255)) faults.push(`must be less than 256 characters ${at}/action_id`);
  if (fields.type === "markdown" && over(fields.text, 12_000))
    faults.push(`must be less than 12001 characters ${at}`);
  if (fields.type === "actions" && Array.isArray(fields.elements) && fields.elements.length > 25)
    faults.push(`no more than 25 items allowed ${at}/elements`);
  if (fields.type === "section" && Array.isArray(fields.fields) && fields.fields.length > 10)
    faults.push(`no more than 10 items allowed ${at}/fields`);
  for (const inner of Object.values(fields)) walk(inner, at, faults);
}
