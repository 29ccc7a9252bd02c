/**
 * What Slack allows, and how much of it we use. The sum of a message's blocks is not documented: 13,297 characters in
 * one block, or 13,172 with a divider beside it, were the most that was taken (bolt-js #2509), and 11,341 in many
 * blocks were refused (#2867): about 125 for each block. We count 150, the text as it is escaped, and some for each
 * part, and stay below 12,000.
 */
export const LIMITS = {
  messageCost: 12_000,
  messageBlocks: 50,
  viewBlocks: 100,
  headerText: 150,
  sectionText: 3_000,
  contextElements: 10,
  buttonText: 75,
  confirmText: 300,
  optionText: 75,
  selectOptions: 100,
  inputText: 3_000,
  tableRows: 100,
  tableColumns: 20,
  /** Over all cells of a table. */
  tableText: 9_000,
  /** Fallback: 40,000 are allowed, 4,000 advised. */
  fallbackText: 3_000,
} as const;

const COST_OF_BLOCK = 150;
const COST_OF_PART = 12;
/** Words for the machine, not shown. */
const UNSEEN = new Set(["type", "style", "format", "align", "action_id", "block_id"]);

/** Upper estimate of what a part of a message counts. */
export function costOf(part: unknown): number {
  if (typeof part === "string") return costOfText(part);
  if (typeof part !== "object" || part === null) return 0;
  let cost = Array.isArray(part) ? 0 : COST_OF_PART;
  for (const [key, inside] of Object.entries(part)) if (!UNSEEN.has(key)) cost += costOf(inside);
  return cost;
}

/** Length with `&`, `<` and `>` escaped. */
function costOfText(text: string): number {
  let cost = text.length;
  for (let i = 0; i < text.length; i++) cost += costOfUnit(text.charCodeAt(i)) - 1;
  return cost;
}

/** What one UTF-16 unit of a text counts. */
export const costOfUnit = (code: number): number =>
  code === 0x26 ? 5 : code === 0x3c || code === 0x3e ? 4 : 1;

/** The same for whole blocks. */
export const costOfBlocks = (blocks: readonly unknown[]): number =>
  blocks.reduce<number>((sum, block) => sum + costOf(block) + COST_OF_BLOCK, 0);
