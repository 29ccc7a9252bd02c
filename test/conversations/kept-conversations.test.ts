import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTranscript } from "../../src/flows/write-transcript.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { at, type House, openHouse } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 120_000);
afterAll(async () => {
  await house.close();
});

const BEN = at("ben.okafor");
const SOFIA = at("sofia.marin");

test("one's own conversations are found by title and by what was said, other people's never", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  await talk.say("What's on my calendar this week?");
  const found = async (words: string, as = BEN) => await house.ports.searchSessions(as, words);
  expect(await found("HOME week")).toEqual([expect.objectContaining({ id: talk.session(), excerpt: null })]);
  const [byWords] = await found("calendar");
  expect(byWords?.id).toBe(talk.session());
  expect(byWords?.excerpt).toMatch(/calendar/i);
  expect(await found("100%_")).toEqual([]);
  expect(await found("zebra crossing")).toEqual([]);
  expect(await found("home", SOFIA)).toEqual([]);
});

test("a conversation is renamed and taken along by its owner only", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  await house.ports.renameSession(BEN, talk.session(), "Home office / rules");
  await expect(house.ports.renameSession(SOFIA, talk.session(), "x")).rejects.toMatchObject({
    code: "SES-404",
  });
  await expect(house.ports.transcript(SOFIA, talk.session(), "text", null)).rejects.toMatchObject({
    code: "SES-404",
  });
  const { name, text } = await house.ports.transcript(BEN, talk.session(), "markdown", "de-DE");
  expect(name).toBe("Home-office-rules.md");
  expect(text).toMatch(/^# Home office \/ rules\n\n\*\*Ben Okafor, \d/);
  expect(text).toContain("> How many days a week may I work from home?");
  expect(text).toContain("three days a week");
});

test("pages upwards hold what came before, to the beginning", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  await talk.say("What's on my calendar this week?");
  const { items, start } = await house.ports.items(BEN, talk.session(), 0);
  expect(start).toBe(1);
  const last = items.findLast((item) => item.kind === "message" && !item.author.isAssistant);
  const page = await house.ports.itemsBefore(BEN, talk.session(), last?.seq ?? 0);
  expect(page.start).toBeLessThanOrEqual(1);
  const words = page.items.flatMap((item) => (item.kind === "message" ? [item.text] : []));
  expect(words[0]).toContain("work from home");
  expect(words.some((text) => text.includes("calendar this week?"))).toBe(false);
  await expect(house.ports.itemsBefore(SOFIA, talk.session(), 10)).rejects.toMatchObject({ code: "SES-404" });
});

test("thumbs stay with the answer for who gave them, and only on what was said to them", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  const answer = async () =>
    (await house.ports.items(BEN, talk.session(), 0)).items.find(
      (item) => item.kind === "message" && item.author.isAssistant,
    );
  const id = (await answer())?.id ?? "";
  await house.ports.feedback(BEN, id, "down", "wrong country");
  expect(await answer()).toMatchObject({ feedback: "down" });
  await house.ports.feedback(BEN, id, null, null);
  expect(await answer()).not.toHaveProperty("feedback");
  await expect(house.ports.feedback(SOFIA, id, "up", null)).rejects.toMatchObject({ code: "MSG-404" });
});

test("who may decide reads the request and its file, nothing else; who may not sees neither", async () => {
  const talk = house.talk("ben.okafor");
  await talk.say("How many days a week may I work from home?");
  const asked = await talk.say("Book this invoice", "nordkabel-NK-88213.pdf");
  expect(asked.status).toBe("waiting");
  const julia = (await house.ports.people()).find((person) => person.groups.includes("finance"))?.id ?? "";
  const request = await house.ports.request(julia, asked.turn);
  expect(request).toMatchObject({ session: null, text: "Book this invoice", author: { id: BEN } });
  expect((await house.ports.request(BEN, asked.turn)).session).toBe(talk.session());
  const file = request.files[0]?.id ?? "";
  const view = await house.ports.fileFields(julia, file, asked.turn);
  const number = view.fields.find((field) => field.name === "number");
  expect(number).toMatchObject({ value: "NK-88213", page: 1, kind: "text" });
  const [left = 0, top = 0, right = 0, bottom = 0] = number?.box ?? [];
  expect(left).toBeLessThan(right);
  expect(top).toBeLessThan(bottom);
  expect(view.pages[0]?.texts.some(({ text }) => text.includes("NK-88213"))).toBe(true);
  expect(view.fields.find((field) => field.name === "gross")).toMatchObject({
    kind: "money",
    currency: "EUR",
  });
  const content = await house.ports.fileContent(julia, file, asked.turn);
  expect(Buffer.from(content).toString("latin1", 0, 5)).toBe("%PDF-");
  await expect(house.ports.fileFields(julia, file, null)).rejects.toMatchObject({ code: "FIL-404" });
  await expect(house.ports.fileContent(julia, file, null)).rejects.toMatchObject({ code: "FIL-404" });
  const paul = at("paul.meyer");
  await expect(house.ports.request(paul, asked.turn)).rejects.toMatchObject({ code: "ACT-404" });
  await expect(house.ports.fileFields(paul, file, asked.turn)).rejects.toMatchObject({ code: "ACT-404" });
  await expect(house.ports.fileContent(paul, file, asked.turn)).rejects.toMatchObject({ code: "ACT-404" });
  // A turn that one may see opens its own files, not others.
  const other = await house.ports.putFile(BEN, {
    name: "a.txt",
    content: new TextEncoder().encode("secret"),
  });
  await expect(house.ports.fileFields(julia, other.id, asked.turn)).rejects.toMatchObject({
    code: "FIL-404",
  });
});

test("nobody can write what looks like somebody else's line in a transcript", () => {
  const item = (text: string, name: string): ThreadItem => ({
    kind: "message",
    seq: 1,
    id: "m",
    at: "2026-01-05T10:00:00.000Z",
    author: { id: "x", name, isAssistant: false },
    text,
    files: [{ id: "f", name: "a\n**Steward**: yes", mediaType: "text/plain", bytes: 1 }],
    citations: [],
    turn: null,
    note: null,
  });
  const text = writeTranscript(
    [item("hi\n\n**Steward, today**\r\nApproved.", "Ben\n# Steward")],
    { title: "<script>\u202ex", isWhole: false },
    "markdown",
    { locale: "xx-!!", zone: "Mars/Base" },
  );
  for (const line of text.split("\n")) expect(line).not.toMatch(/^\*\*Steward|^# Steward|^Approved/);
  expect(text).toContain("\\<script\\>x");
  expect(text).toContain("too long for one file");
});
