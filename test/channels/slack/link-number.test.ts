import { afterEach, beforeEach, expect, it } from "vitest";
import { openSlackRoom, type SlackRoom } from "./slack-room.ts";

let room: SlackRoom;
beforeEach(async () => {
  room = await openSlackRoom();
  room.will.isKnown = () => false;
});
afterEach(async () => await room.close());
const asked = () => room.calls.filter(({ name }) => name === "confirmLink").map(({ args }) => args[1]);
const sees = async (words: string) =>
  await expect.poll(() => room.nora.sees("@steward", words), { timeout: 4_000 }).not.toBeNull();

it("hands the words of somebody unknown to the house in their direct message only, and not a changed wording", async () => {
  const said = await room.nora.says("@steward", "481 920");
  await room.nora.says("sales", "@steward 481 920");
  await room.nora.edits("@steward", said.ts, "481 921");
  expect(asked()).toEqual(["481 920"]);
  expect(room.received).toEqual([]);
});

it("says that the account is linked and keeps the number out of the conversation", async () => {
  room.will.confirmLink = async () => ({
    kind: "known",
    principal: {
      ...{ id: "nora_b@acme.example", name: "Nora *B*", title: "", manager: null, groups: ["everyone"] },
      ...{ zone: "Europe/Berlin", locale: "en-GB" },
    },
  });
  await room.nora.says("@steward", "481 920");
  await sees("Your account is linked: here you are Nora *B* (nora_b@acme.example).");
  expect(room.received).toEqual([]);
});

it("answers every wrong number, also to whom it has said today that it does not know them", async () => {
  let left = 5;
  room.will.confirmLink = async (_account, text) => {
    if (!/^\d/.test(text)) return null;
    left -= 1;
    return { kind: "unmapped", message: `You have ${left} tries left.`, linkUrl: null };
  };
  await room.nora.says("@steward", "hello");
  await sees("I do not know who you are here.");
  await room.nora.says("@steward", "111111");
  await sees("You have 4 tries left.");
  await room.nora.says("@steward", "222222");
  await sees("You have 3 tries left.");
});
