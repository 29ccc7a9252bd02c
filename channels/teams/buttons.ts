import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { BuiltCard } from "./cards/approval-card.ts";
import type { ButtonMeaning } from "./cards/item-actions.ts";

/** Longer than any approval waits (90 days, `@within`); afterwards a card is asked for again. */
const KEPT_MS = 100 * 86_400_000;
const MAX_SETS = 2_000;
const ID = /^([0-9a-z]{9}[\w-]{22})\.(\d{1,4})$/;

const meaning = z.object({
  verb: z.enum([
    "approve",
    "approve-all",
    "edit",
    "edit-dialog",
    "refuse",
    "undo",
    "check",
    "retry",
    "give-up",
    "why",
    "refresh",
    "open",
    "show-private",
  ]),
  approval: z.string().nullable(),
  digest: z.string().nullable(),
  action: z.string().nullable(),
  place: z.number().int().optional(),
  all: z.array(z.object({ approval: z.string(), digest: z.string() })).optional(),
});
const about = z.object({
  conversation: z.string(),
  item: z.string(),
  viewer: z.string().nullable(),
  turn: z.string().nullable(),
  /** What a thread does not show to all: the outbound that it stands for. */
  kept: z.record(z.string(), z.json()).nullable(),
});
const setNote = about.extend({ until: z.string(), buttons: z.array(meaning) });

/** Where a card stands and for whom. */
export type ButtonPlace = {
  readonly conversation: string;
  readonly item: string;
  readonly viewer: string | null;
  readonly turn: string | null;
  readonly kept: JsonObject | null;
};
export type Pressed = { readonly place: ButtonPlace; readonly meaning: ButtonMeaning; readonly id: string };

export type Buttons = {
  /**
   * Builds a card with button ids that nobody can guess and keeps what they mean. The same card for the same
   * reader keeps its ids, so that being asked again and again does not fill the notes.
   */
  card(place: ButtonPlace, build: (buttonSet: string) => BuiltCard): Promise<JsonObject>;
  /** What a button means; null when there is none such, or none any more. */
  find(id: unknown): Promise<Pressed | null>;
  /** True for the first who presses it. */
  take(id: string): Promise<boolean>;
  /** It came to nothing and may be pressed again. */
  giveBack(id: string): Promise<void>;
  /** Removes what nobody can press any more; at most 1,000 at a time. */
  clean(): Promise<void>;
};

export function createButtons(host: Pick<ChannelHost, "notes" | "now">): Buttons {
  const sets = new Map<string, string>();

  return {
    async card(place, build) {
      // Also what the buttons mean: a card that is asked for anew looks the same and stands for another approval.
      const same = JSON.stringify([place, build("")]);
      const before = sets.get(same);
      if (before !== undefined) return build(before).card;
      const now = host.now().getTime();
      // Keys in order of time, so that the oldest are found first.
      const buttonSet = now.toString(36).padStart(9, "0").slice(-9) + randomBytes(16).toString("base64url");
      const { card, buttons } = build(buttonSet);
      if (buttons.length === 0) return card;
      await host.notes.write(`teams/button/${buttonSet}`, {
        ...place,
        until: new Date(now + KEPT_MS).toISOString(),
        buttons: buttons.map((each) => ({ ...each })),
      } as JsonObject);
      sets.set(same, buttonSet);
      const oldest = sets.size > MAX_SETS ? sets.keys().next().value : undefined;
      if (oldest !== undefined) sets.delete(oldest);
      return card;
    },

    async find(id) {
      const parts = typeof id === "string" ? ID.exec(id) : null;
      if (typeof id !== "string" || parts === null) return null;
      const note = setNote.safeParse(await host.notes.read(`teams/button/${parts[1]}`));
      if (!note.success || Date.parse(note.data.until) < host.now().getTime()) return null;
      const { buttons, until: _, ...place } = note.data;
      const found = buttons[Number(parts[2])];
      return found === undefined
        ? null
        : { id, place: place as ButtonPlace, meaning: found as ButtonMeaning };
    },

    take: (id) => host.notes.writeOnce(`teams/used/${id}`, { at: host.now().toISOString() }),
    giveBack: (id) => host.notes.remove(`teams/used/${id}`),

    async clean() {
      const now = host.now().getTime();
      for (const { key, value } of await host.notes.list("teams/button/")) {
        const until = typeof value.until === "string" ? Date.parse(value.until) : 0;
        if (until > now) break;
        const buttonSet = key.slice("teams/button/".length);
        for (const used of await host.notes.list(`teams/used/${buttonSet}`))
          await host.notes.remove(used.key);
        await host.notes.remove(key);
      }
    },
  };
}
