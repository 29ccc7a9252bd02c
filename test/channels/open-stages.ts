import { randomBytes } from "node:crypto";
import type { PlatformName } from "../../src/types/channel-host.ts";
import { startSlackSide } from "./slack-stage.ts";
import type { Stage } from "./stage.ts";
import { openStageHouse, type StageHouse } from "./stage-house.ts";
import { startTeamsSide } from "./teams-stage.ts";

const SIDES = { slack: startSlackSide, teams: startTeamsSide } as const;

export type Stages<Name extends PlatformName> = {
  readonly house: StageHouse;
  readonly on: Readonly<Record<Name, Stage>>;
  close(): Promise<void>;
};

/** One house with the demo company, on one platform or on several at once. */
export async function openStages<Name extends PlatformName>(
  ...names: readonly Name[]
): Promise<Stages<Name>> {
  const sides = await Promise.all(names.map(async (name) => [name, await SIDES[name]()] as const));
  const house = await openStageHouse((publicUrl) => {
    const all = sides.map(([name, side]) => [name, side.settings(publicUrl)] as const);
    const allowed = {
      slack: [],
      teams: [],
      ...Object.fromEntries(all.map(([name, one]) => [name, one.allowed])),
    };
    const settings = Object.assign({}, ...all.map(([, one]) => one));
    return { ...settings, allowed, vaultKey: randomBytes(32).toString("base64") };
  });
  const on = Object.fromEntries(
    await Promise.all(sides.map(async ([name, side]) => [name, await side.connect(house)] as const)),
  ) as Record<Name, Stage>;
  return {
    house,
    on,
    close: async () => {
      await house.close();
      for (const [, side] of sides) await side.close();
    },
  };
}
