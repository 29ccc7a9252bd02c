import { randomBytes } from "node:crypto";
import type { PlatformName } from "../../src/types/channel-host.ts";
import { startSlackSide } from "./slack-stage.ts";
import type { SharedStage, Stage } from "./stage.ts";
import { openStageHouse, type StageHouse } from "./stage-house.ts";
import { startTeamsSide } from "./teams-stage.ts";
import { webStage } from "./web-stage.ts";

const SIDES = { slack: startSlackSide, teams: startTeamsSide } as const;

export type Stages<Name extends PlatformName> = {
  readonly house: StageHouse;
  readonly on: Readonly<Record<Name, SharedStage>> & { readonly web: Stage };
  close(): Promise<void>;
};

export type StagesOptions = {
  /** Off only where the test is about something else than how fast a platform takes messages. */
  readonly isPaced?: boolean;
  /** Cedar rules besides the built-in ones; null or left out for those alone. */
  readonly rules?: string | null;
};

/** One house with the demo company, on one platform or on several at once; the web chat is always there. */
export async function openStages<Name extends PlatformName>(
  names: readonly Name[],
  { isPaced = true, rules = null }: StagesOptions = {},
): Promise<Stages<Name>> {
  const sides = await Promise.all(names.map(async (name) => [name, await SIDES[name]({ isPaced })] as const));
  const house = await openStageHouse((publicUrl) => {
    const all = sides.map(([name, side]) => [name, side.settings(publicUrl)] as const);
    const allowed = {
      slack: [],
      teams: [],
      ...Object.fromEntries(all.map(([name, one]) => [name, one.allowed])),
    };
    const settings = Object.assign({}, ...all.map(([, one]) => one));
    return { ...settings, allowed, vaultKey: randomBytes(32).toString("base64") };
  }, rules);
  const on = Object.fromEntries(
    await Promise.all(sides.map(async ([name, side]) => [name, await side.connect(house)] as const)),
  ) as Record<Name, SharedStage>;
  return {
    house,
    on: { ...on, web: webStage(house) },
    close: async () => {
      await house.close();
      for (const [, side] of sides) await side.close();
    },
  };
}
