import { afterAll, beforeAll, expect, test } from "vitest";
import { at, type House, openHouse } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 120_000);
afterAll(async () => {
  await house.close();
});

const [JULIA, MAREK, PAUL] = [at("julia.weiss"), at("marek.novak"), at("paul.meyer")];
const wordsOf = (replies: Awaited<ReturnType<House["ports"]["request"]>>["replies"]) =>
  replies?.map((reply) => (reply.kind === "said" ? reply.text : null));

test("who decides reads what was said to that request, nothing of the turns around it, and that is recorded", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  const { turn } = await talk.say("Book this invoice", "nordkabel-NK-88213.pdf");
  await talk.say("What's on my calendar this week?");
  const { replies } = await house.ports.request(JULIA, turn);
  expect(wordsOf(replies)).toEqual([expect.stringContaining("This waits for someone in finance")]);
  const seen = JSON.stringify([replies, await house.ports.card(JULIA, turn)]);
  for (const other of ["work from home", "three days", "calendar"]) expect(seen).not.toContain(other);

  const session = talk.session();
  for (const ask of [
    house.ports.items(JULIA, session, 0),
    house.ports.itemsBefore(JULIA, session, 1_000),
    house.ports.transcript(JULIA, session, "text", null),
    house.ports.postMessage(JULIA, { id: "msg_1", session, text: "And mine?", files: [] }),
    house.ports.stop(JULIA, session),
    house.ports.renameSession(JULIA, session, "Mine"),
  ])
    await expect(ask).rejects.toMatchObject({ code: "SES-404" });
  expect(await house.ports.sessions(JULIA)).toEqual([]);
  expect(await house.ports.searchSessions(JULIA, "invoice")).toEqual([]);

  const [record] = await house.audit("request.read", turn);
  expect(record).toEqual({ actor: JULIA, data: { session, said: 1, withheld: 0 } });
  // One's own is not.
  await house.ports.request(at("ben.okafor"), turn);
  expect(await house.audit("request.read", turn)).toHaveLength(1);
});

test("only who decides it now or decided it reads what was said; a colleague who had no part does not", async () => {
  const talk = house.talk("ben.okafor");
  const { turn } = await talk.say("Book this invoice", "nordkabel-NK-88213.pdf");
  await expect(house.ports.request(PAUL, turn)).rejects.toMatchObject({ code: "ACT-404" });
  expect((await house.ports.request(MAREK, turn)).replies).toHaveLength(1);
  const { items } = await house.ports.card(JULIA, turn);
  await house.ports.refuse(JULIA, items[0]?.approval ?? "", "Not ours");
  const { replies, text } = await house.ports.request(MAREK, turn);
  expect(replies).toBeNull();
  expect(text).toBe("Book this invoice");
  expect(wordsOf((await house.ports.request(JULIA, turn)).replies)?.length).toBeGreaterThan(0);
  expect(await house.audit("request.read", turn)).toHaveLength(2);
});

test("what draws on something that the decider may not read is a place without words", async () => {
  const talk = house.talk("helen.shaw");
  const answer = await talk.say("Where is band B3 of the salary bands?");
  expect(answer.reply).toContain("Salary bands");
  const { turn } = await talk.say("Book this invoice", "nordkabel-NK-88213.pdf");
  const view = await house.ports.request(JULIA, turn);
  expect(view.replies).toEqual([
    { kind: "withheld", id: expect.stringMatching(/^msg_/), at: expect.any(String) },
  ]);
  expect(JSON.stringify(view)).not.toMatch(/band|salary|waits for/i);
  const [record] = await house.audit("request.read", turn);
  expect(record?.data).toMatchObject({ said: 0, withheld: 1 });
  expect(wordsOf((await house.ports.request(at("helen.shaw"), turn)).replies)).toEqual([
    expect.stringContaining("This waits for"),
  ]);
});
