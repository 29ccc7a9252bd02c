import { expect, test } from "vitest";
import { createButtons } from "../../../channels/teams/buttons.ts";
import type { ButtonMeaning } from "../../../channels/teams/cards/item-actions.ts";
import type { JsonObject } from "../../../src/types/json.ts";

const PLACE = {
  conversation: "a:1",
  item: "trn_1:card",
  viewer: "mia@acme.example",
  turn: "trn_1",
  kept: null,
};

function open() {
  const kept = new Map<string, JsonObject>();
  const notes = {
    read: async (key: string) => kept.get(key) ?? null,
    write: async (key: string, value: JsonObject) => void kept.set(key, value),
    remove: async (key: string) => void kept.delete(key),
    list: async (prefix: string) =>
      [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
    writeOnce: async (key: string, value: JsonObject) => !kept.has(key) && !!kept.set(key, value),
  };
  const buttons = createButtons({ notes, now: () => new Date("2026-11-22T10:00:00Z") });
  /** A card with one Approve, which looks the same whatever it stands for. */
  const show = async (approval: string): Promise<string> => {
    const meaning: ButtonMeaning = { verb: "approve", approval, digest: "d", action: "act_1" };
    const card = await buttons.card(PLACE, (set) => ({ card: { id: `${set}.0` }, buttons: [meaning] }));
    return String(card.id);
  };
  return { buttons, show, kept };
}

test("the same card keeps its buttons, so that being asked again fills no notes", async () => {
  const { show, kept } = open();
  expect(await show("apr_1")).toBe(await show("apr_1"));
  expect(kept.size).toBe(1);
});

test("a card that looks the same and stands for another approval has buttons of its own", async () => {
  const { buttons, show } = open();
  const [before, after] = [await show("apr_1"), await show("apr_2")];
  expect(after).not.toBe(before);
  expect((await buttons.find(after))?.meaning.approval).toBe("apr_2");
  expect((await buttons.find(before))?.meaning.approval).toBe("apr_1");
});
