import { afterEach, beforeEach, expect, test } from "vitest";
import { ADA, startTeamsHouse, type TeamsHouse } from "./teams-house.ts";

let t: TeamsHouse;
beforeEach(async () => {
  t = await startTeamsHouse();
});
afterEach(async () => {
  expect(t.teams.problems).toEqual([]);
  await t.close();
});
const shownTo = async (user: typeof t.ada) =>
  JSON.stringify((await t.teams.seen(user, t.teams.personal(user))).filter(({ isBot }) => isBot));

test("the words of somebody unknown are handed to the house from their personal chat only", async () => {
  const nina = t.teams.addUser("Nina");
  await t.teams.say(nina, t.teams.group("Trip", [t.ada, nina]), "481 920", { isMention: true });
  await t.teams.say(t.ada, t.teams.personal(t.ada), "481 920");
  await t.teams.say(nina, t.teams.personal(nina), "481 920");
  expect(t.of("confirmLink").map(([, text]) => text)).toEqual(["481 920"]);
  expect(t.received.map(({ principal }) => principal)).toEqual([ADA.id]);
});

test("a right number is answered by who they are now, and is no message", async () => {
  const nina = t.teams.addUser("Nina");
  t.plan.confirmLink = async () => ({ kind: "known", principal: { ...ADA, name: "Ada <b>" } });
  await t.teams.say(nina, t.teams.personal(nina), "481 920");
  expect(await shownTo(nina)).toMatch(/Your account is linked: here you are Ada/);
  expect(t.received).toEqual([]);
});

test("each wrong number is answered", async () => {
  const nina = t.teams.addUser("Nina");
  let left = 5;
  t.plan.confirmLink = async () => {
    left -= 1;
    return { kind: "unmapped", message: `You have ${left} tries left.`, linkUrl: null };
  };
  await t.teams.say(nina, t.teams.personal(nina), "111111");
  await t.teams.say(nina, t.teams.personal(nina), "222222");
  expect(await shownTo(nina)).toMatch(/You have 4 tries left.*You have 3 tries left/);
});
