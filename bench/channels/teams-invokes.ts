import { randomBytes } from "node:crypto";
import type { ChannelSettings } from "../../src/compose/channels/settings.ts";
import { startTeamsPlatform } from "../../test/channels/teams/fakes/teams-platform.ts";
import { percentile, round } from "../turns/measure.ts";
import { sayTo } from "../turns/stub-model.ts";
import { openBenchHouse, wait } from "./house.ts";

/** Clicks that are on their way at the same time. */
const AT_ONCE = 4;
const ASKERS = 20;
const PATIENCE_MS = 60_000;

export type InvokeFigures = {
  readonly invokeMsP50: number | null;
  readonly invokeMsP99: number | null;
  readonly invokeMsMax: number | null;
  readonly invokes: number;
  readonly refused: number;
  readonly [more: string]: unknown;
};

/** Managers click "Approve" on the cards that came to them in Teams; the time is that until the click is answered. */
export async function measureTeamsInvokes(options: {
  readonly invokes: number;
  readonly say: (line: string) => void;
}): Promise<InvokeFigures> {
  const { invokes, say } = options;
  const teams = await startTeamsPlatform();
  const boss = teams.addUser("Boss", {
    email: "boss@bench.example",
    userPrincipalName: "boss@bench.example",
  });
  const askers = Array.from({ length: Math.min(ASKERS, invokes) }, (_, i) => {
    const email = `p${i}@bench.example`;
    return teams.addUser(`P${i}`, { email, userPrincipalName: email });
  });
  const people = [boss, ...askers].map(({ email, name }) => ({
    email: email ?? "",
    name,
    isManager: name === "Boss",
  }));
  const settings = (): ChannelSettings => ({
    slack: null,
    teams: teams.settings("botbuilder"),
    allowed: { slack: [], teams: [teams.tenant] },
    vaultKey: randomBytes(32).toString("base64"),
    formerVaultKey: null,
  });
  const house = await openBenchHouse(people, settings, 0);
  try {
    await house.start();
    teams.connectBot(`${house.url}/channels/teams/messages`);
    for (const user of [boss, ...askers]) {
      await teams.install(user, teams.personal(user));
      await teams.say(user, teams.personal(user), "Hello");
    }
    await house.settle();
    say(`${invokes} requests in Teams`);
    for (let i = 0; i < invokes; i++) {
      const user = askers[i % askers.length];
      if (user) await teams.say(user, teams.personal(user), sayTo("order", `order line ${i}`));
      await wait(100);
    }
    const ms: number[] = [];
    const decided = new Set<string>();
    let refused = 0;
    let lastAt = performance.now();
    while (ms.length + refused < invokes && performance.now() - lastAt < PATIENCE_MS) {
      const shown = await teams.seen(boss, teams.personal(boss));
      const open = shown.filter(
        ({ id, cards }) => !decided.has(id) && JSON.stringify(cards).includes('"Approve"'),
      );
      if (open.length === 0) await wait(200);
      else lastAt = performance.now();
      while (open.length > 0) {
        await Promise.all(
          open.splice(0, AT_ONCE).map(async ({ id }) => {
            decided.add(id);
            const from = performance.now();
            const { status } = await teams.click(boss, id, "Approve");
            if (status === 200) ms.push(performance.now() - from);
            else refused += 1;
          }),
        );
      }
    }
    await wait(1_000);
    const at = (share: number) => round(percentile(ms, share), 1);
    return {
      invokeMsP50: at(0.5),
      invokeMsP99: at(0.99),
      invokeMsMax: at(1),
      invokes: ms.length,
      refused,
      effects: (await house.effects()).reduce((sum, { applied }) => sum + applied, 0),
      limitViolations: teams.ledger.violations.length,
      problems: teams.problems.slice(0, 5),
    };
  } finally {
    await house.close();
    await teams.close();
  }
}
