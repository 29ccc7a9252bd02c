import type { RecordRef } from "../types/record.ts";
import type { Fact } from "../types/session-event.ts";

/**
 * The records that facts speak of, each once, in the order of the result: for a tool that does not say itself
 * which records it showed or made (an MCP server's).
 */
export function recordsOfFacts(facts: readonly Fact[]): readonly RecordRef[] {
  const found = new Map<string, RecordRef>();
  for (const { record } of facts) if (record) found.set(`${record.kind} ${record.id}`, record);
  return [...found.values()];
}
