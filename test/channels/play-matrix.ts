import { expect } from "vitest";
import type { ActionStatus } from "../../src/types/action.ts";
import { companyPeople } from "./company-people.ts";
import type { MatrixRow, MatrixStep } from "./matrix-row.ts";
import { type CopySeen, click, type Press, type Stage, steal } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";
import type { StageWorld } from "./stage-world.ts";

export type Place = "web" | "slack" | "teams";
const PLACES = ["web", "slack", "teams"] as const;

/** How the states are said, whichever platform says it. */
const STATES: Readonly<Record<ActionStatus, RegExp>> = {
  proposed: /Being prepared/,
  awaiting: /Waiting/,
  forbidden: /Not allowed/,
  running: /In progress/,
  succeeded: /^Done/m,
  failed: /^Not done/m,
  unknown: /^Outcome unknown/m,
  refused: /^Refused/m,
  expired: /^(Expired|Time is up)/m,
  undone: /^Undone/m,
};
const DECIDING = ["Approve", "Edit", "Refuse"] as const;

export type MatrixStages = {
  readonly on: Readonly<Record<Place, Stage>>;
  readonly house: StageHouse;
  readonly world: StageWorld;
  readonly asked: Place;
  /** Where the first person decides, and the next. */
  readonly decided: readonly [Place, Place];
};

/** Plays one row: asked on one platform, decided on the two others, and looked at on all of them. */
export async function playRow(row: MatrixRow, stages: MatrixStages): Promise<void> {
  const { on, house, world, asked, decided } = stages;
  const talk = on[asked].talk(row.asks);
  const [deal = "", account = ""] = row.deal ?? [];
  const before = row.deal ? await world.amountOf(deal) : 0;
  const whole = (by: number) => String(before / 100 + by);
  const words = row.deal
    ? `Change the ${deal} deal of ${account} to ${whole(row.by ?? 0)}`
    : (row.say?.(PLACES.indexOf(asked)) ?? "");
  const { result } = await talk.say(words);
  const { turn } = result;
  expect(result.actions.at(-1)?.status, `${words}: ${result.reply}`).toBe("awaiting");

  let decisions = 0;
  const places = new Map<string, Place>();
  /** Each person stays where they first did something. */
  const placeOf = (name: string): Place => {
    const found = places.get(name) ?? (name === row.asks ? asked : (decided[decisions++ % 2] ?? asked));
    places.set(name, found);
    return found;
  };
  const kept = new Map<string, Press>();
  const everyCopy = async (): Promise<readonly (CopySeen & { readonly where: string })[]> => {
    const all = await Promise.all(
      PLACES.map(async (place) =>
        (await on[place].copies(turn)).map((copy) => ({ ...copy, where: `${copy.viewer} in ${place}` })),
      ),
    );
    return all.flat();
  };

  const act = async (step: MatrixStep): Promise<void> => {
    if ("waitsFor" in step) {
      for (const place of step.on === "asked" ? [asked] : PLACES) {
        const copies = await on[place].copies(turn);
        const able = copies.filter(({ buttons }) => buttons.includes("Approve")).map(({ viewer }) => viewer);
        expect(able.toSorted(), place).toEqual([...step.waitsFor].toSorted());
      }
    } else if ("listedFor" in step) {
      for (const place of PLACES) {
        const lists = await Promise.all(
          companyPeople().map(async ({ name }) => [name, await on[place].waitsFor(name)] as const),
        );
        const able = lists.filter(([, words]) => step.line.test(words)).map(([name]) => name);
        expect(able.toSorted(), place).toEqual([...step.listedFor].toSorted());
      }
    } else if ("denied" in step) {
      const told = await Promise.all(PLACES.map((place) => steal(on[place], step.denied, turn)));
      expect(told.flatMap((one) => one.told).length).toBeGreaterThan(0);
      for (const [i, one] of told.entries()) {
        for (const said of one.told) expect(said, `${step.denied} in ${PLACES[i]}`).toMatch(step.why);
        expect(one.waitsOn, `${step.denied} in ${PLACES[i]}`).toBe(true);
      }
    } else if ("keeps" in step)
      kept.set(step.keeps, await on[placeOf(step.keeps)].hold(step.keeps, "Approve", turn));
    else if ("late" in step) expect(await kept.get(step.late)?.(step.late)).toMatch(step.why);
    else if ("approve" in step) {
      const told = await click(on[placeOf(step.approve)], step.approve, "Approve", turn);
      if (step.told) expect(told).toMatch(step.told);
    } else if ("together" in step) {
      const presses = await Promise.all(
        step.together.map(async (name) => ({
          name,
          press: await on[placeOf(name)].hold(name, "Approve", turn),
        })),
      );
      await Promise.all(presses.map(async ({ name, press }) => await press(name)));
    } else if ("refuse" in step) await on[placeOf(step.refuse)].refuse(step.refuse, turn, step.reason);
    else if ("edit" in step) {
      const amount = Number.isNaN(step.by) ? "much more" : `${whole(step.by)}.00`;
      const told = await on[placeOf(step.edit)].edit(step.edit, turn, amount);
      if (step.told) expect(told).toMatch(step.told);
    } else if ("asksTwice" in step) {
      const own = (await everyCopy()).filter(({ viewer }) => viewer === step.asksTwice);
      expect(own.length).toBe(PLACES.length);
      for (const copy of own) expect(copy.asksTwice, copy.where).toBe(true);
    } else if ("presses" in step) {
      const told = await click(on[asked], row.asks, step.presses, turn);
      if (step.told) expect(told).toMatch(step.told);
    } else if ("robs" in step) {
      const press = await on[asked].hold(row.asks, step.robs, turn);
      expect(await press(step.as), `${step.as} in ${asked}`).toMatch(step.why);
    } else if ("ends" in step) {
      await house.quiet();
      const copies = await everyCopy();
      expect(copies.length).toBeGreaterThan(0);
      for (const { where, text, buttons } of copies) {
        expect(text, where).toMatch(STATES[step.ends]);
        if (step.says) expect(text, where).toMatch(step.says);
        for (const label of DECIDING) expect(buttons, where).not.toContain(label);
      }
      if (row.deal) expect((await world.amountOf(deal)) - before).toBe(step.by * 100);
    } else if ("everyCopy" in step) {
      await house.quiet();
      for (const { where, text } of await everyCopy()) expect(text, where).toMatch(step.everyCopy);
    } else if ("blankFor" in step) {
      const own = (await everyCopy()).filter(({ viewer }) => viewer === step.blankFor);
      for (const { where, text } of own) expect(text, where).not.toMatch(step.of);
    } else if ("hears" in step) expect(await talk.sees()).toMatch(step.hears);
    else await step.does(world);
  };
  for (const [i, step] of row.steps.entries()) {
    try {
      await act(step);
    } catch (error) {
      const which = `step ${i + 1} of "${row.what}", ${JSON.stringify(step, (_, value) => (value instanceof RegExp ? String(value) : value))}`;
      throw new Error(`${which}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}
