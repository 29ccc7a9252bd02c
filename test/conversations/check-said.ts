import { expect } from "vitest";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Said } from "./step.ts";

/** Holds what came of some words against what must. */
export function check(step: Said, result: AskResult): void {
  const where = `> ${step.say.slice(0, 80)}\n${result.reply.slice(0, 600)}\n${JSON.stringify(result.actions).slice(0, 600)}`;
  const action = result.actions.at(-1);
  for (const pattern of [step.reply ?? []].flat()) expect(result.reply, where).toMatch(pattern);
  if (step.never) {
    const all = JSON.stringify([result.reply, result.citations, result.actions]);
    expect(all, where).not.toMatch(step.never);
  }
  if (step.tool === null) expect(result.actions, where).toEqual([]);
  else if (step.tool) expect(action?.tool, where).toBe(step.tool);
  if (step.args) expect(action?.args, where).toMatchObject(step.args);
  if (step.decision) expect(action?.decision, where).toBe(step.decision);
  if (step.rules) expect(action?.rules, where).toEqual(expect.arrayContaining([...step.rules]));
  if (step.status) expect(action?.status, where).toBe(step.status);
  for (const title of step.cites ?? [])
    expect(
      result.citations.map((c) => c.title),
      where,
    ).toContain(title);
  if (step.turn) expect(result.status, where).toBe(step.turn);
  expect(result.error, where).toBeNull();
}
