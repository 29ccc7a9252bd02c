/**
 * What Slack allows, and how much of it we use. The sum of a message's blocks is not documented: about 13,200
 * characters were refused (bolt-js #2509), once 11,341 of text in rich text (#2867), so that the parts around the
 * text count as well. We count the JSON, with `&`, `<` and `>` as they are escaped, and some for each block.
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

const COST_OF_BLOCK = 100;

/** Upper estimate of what a part of a message counts. */
export function costOf(part: unknown): number {
  const json = JSON.stringify(part);
  let cost = json.length;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 0x26) cost += 4;
    else if (code === 0x3c || code === 0x3e) cost += 3;
  }
  return cost;
}

/** The same for whole blocks. */
export const costOfBlocks = (blocks: readonly unknown[]): number =>
  blocks.reduce<number>((sum, block) => sum + costOf(block) + COST_OF_BLOCK, 0);
