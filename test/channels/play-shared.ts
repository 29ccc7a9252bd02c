import { expect, vi } from "vitest";
import type { AnyTool } from "../../src/types/tool.ts";
import { idOf } from "./company-people.ts";
import type { SharedConversation, SharedStep } from "./shared-conversations.ts";
import { click, type SharedPlace, type SharedStage } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

const SOON = { timeout: 15_000, interval: 50 };

/** Plays one conversation of the table among several people, who all look after each step. */
export async function playShared(
  name: "slack" | "teams",
  kind: "channel" | "group",
  stage: SharedStage,
  house: StageHouse,
  { among, steps }: SharedConversation,
): Promise<void> {
  const place = await stage.gather(kind, among);
  const last = new Map<string, string>();
  /** Who opened what was offered to them alone: they go on seeing it. */
  const opened = new Set<string>();
  let turn = "";
  const says: SharedPlace["says"] = async (who, text, more) => {
    const id = await place.says(who, text, more);
    last.set(who, id);
    return id;
  };

  const act = async (step: SharedStep): Promise<void> => {
    if ("on" in step && step.on !== name) return;
    if ("begins" in step) await beginAndEnd(house, place, step, says);
    else if ("text" in step && "says" in step) {
      const before = await place.newestTurn(step.says);
      const text = step.text.replace("AMOUNT", kind === "channel" ? "44,000" : "66,000");
      await says(step.says, text, { files: step.files ?? [] });
      const result = await place.turnAfter(step.says, before);
      turn = result.turn;
      if (step.tool === null) expect(result.actions).toEqual([]);
      else if (step.tool) expect(result.actions.at(-1)?.tool).toBe(step.tool);
      if (step.status) expect(result.actions.at(-1)?.status).toBe(step.status);
      for (const who of among) {
        if (step.all) expect(await place.sees(who), who).toMatch(step.all);
        if (step.never && !opened.has(who)) expect(await place.sees(who), who).not.toMatch(step.never);
      }
    } else if ("aside" in step) {
      const before = new Map<string, string>();
      for (const who of among) before.set(who, await place.sees(who));
      await says(step.says, step.aside, { isMention: step.isMention ?? false, files: step.files ?? [] });
      if (step.reads) {
        const reads = step.reads instanceof RegExp ? step.reads : step.reads[name];
        await vi.waitFor(async () => expect(await place.sees(step.says)).toMatch(reads), SOON);
      }
      await house.quiet();
      if (step.isSilent) for (const who of among) expect(await place.sees(who), who).toBe(before.get(who));
    } else if ("opens" in step) {
      const read = await place.opens(step.opens);
      opened.add(step.opens);
      expect(read).toMatch(step.reads);
      for (const who of step.hiddenFrom) expect(await place.sees(who), who).not.toMatch(step.reads);
    } else if ("pries" in step) {
      const read = await place.opens(step.pries);
      expect(read).toMatch(step.reads);
      expect(read).not.toMatch(step.never);
    } else if ("edits" in step) {
      const before = await place.newestTurn(step.edits);
      await place.edits(step.edits, last.get(step.edits) ?? "", step.text);
      if (step.answers) await place.turnAfter(step.edits, before);
      const { answers, reads } = step;
      for (const pattern of [answers, reads])
        if (pattern)
          await vi.waitFor(async () => expect(await place.sees(step.edits)).toMatch(pattern), SOON);
    } else if ("deletes" in step) {
      await place.deletes(step.deletes, last.get(step.deletes) ?? "");
      await house.quiet();
      for (const who of among) expect(await place.sees(who), who).toMatch(step.stays);
    } else if ("thumbs" in step) {
      await place.thumbs(step.by, step.thumbs === "up");
      await vi.waitFor(async () => {
        const rows = await house.db.query<{ verdict: string }>(
          "select verdict from feedback where principal = $1 order by at desc limit 1",
          [idOf(step.by)],
        );
        expect(rows[0]?.verdict).toBe(step.counts ? step.thumbs : undefined);
      }, SOON);
    } else {
      await click(stage, step.approves, "Approve", turn);
      for (const who of step.all) {
        const own = (await stage.copies(turn)).filter(({ viewer }) => viewer === who);
        expect(own.map(({ text }) => text).join("\n"), who).toMatch(step.reads);
      }
    }
  };
  for (const [i, step] of steps.entries()) {
    try {
      await act(step);
    } catch (error) {
      throw new Error(`step ${i + 1}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

/** A turn that is at work while its person ends it: the tool answers only then. */
async function beginAndEnd(
  house: StageHouse,
  place: SharedPlace,
  step: Extract<SharedStep, { readonly begins: string }>,
  says: SharedPlace["says"],
): Promise<void> {
  const tools = house.installation.deps.tools as Map<string, AnyTool>;
  const tool = tools.get(step.tool);
  if (!tool) throw new Error(`There is no ${step.tool}.`);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  tools.set(step.tool, {
    ...tool,
    run: async (args, context) => {
      begin();
      await over;
      return await tool.run(args, context);
    },
  });
  try {
    const before = await place.newestTurn(step.begins);
    const id = await says(step.begins, step.text);
    await begun;
    if (step.ends === "stop") {
      await says(step.begins, "stop");
      await vi.waitFor(async () => expect(await place.sees(step.begins)).toMatch(/Stopped/), SOON);
    } else await place.deletes(step.begins, id);
    end();
    const result = await place.turnAfter(step.begins, before);
    expect(result.reply).not.toMatch(step.never);
    expect(await place.sees(step.begins)).not.toMatch(step.never);
  } finally {
    end();
    tools.set(step.tool, tool);
  }
}
