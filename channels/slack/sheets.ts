import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { JsonObject } from "../../src/types/json.ts";
import type { ButtonIntent, IdFor } from "./blocks/button-intent.ts";

/** What the buttons of one message mean; a button carries the sheet's random id and a number, nothing else. */
export type Sheet = {
  readonly id: string;
  readonly team: string;
  /** Principal that the message was made for; null where several people share it. */
  readonly viewer: string | null;
  readonly intents: readonly ButtonIntent[];
};

export type Sheets = {
  /** A new sheet: hand `idFor` to the rendering, `save` before the message goes out. Null when it has no buttons. */
  open(team: string, viewer: string | null): { readonly idFor: IdFor; save(): Promise<string | null> };
  /** What a button means; null for anything made up, used, old, or of another workspace. */
  read(value: string, team: string): Promise<{ readonly intent: ButtonIntent; readonly sheet: Sheet } | null>;
  close(id: string | null): Promise<void>;
  /** Forgets what has ended; at most 1,000 a call. */
  sweep(): Promise<void>;
};

const PREFIX = "sheet:";
/** Approvals wait for 90 days at most (`@within`); thumbs and "Why?" may be wanted later. */
const KEEP_MS = 100 * 24 * 3_600_000;
const VALUE = /^([a-z0-9]{33})\.(\d{1,3})$/;

const id = z.string().max(200);
const digest = z.string().max(200).nullable();
const intent = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["approve", "edit", "refuse"]), card: id, action: id, approval: id, digest }),
  z.object({
    kind: z.literal("approve-all"),
    card: id,
    approvals: z.array(z.object({ approval: id, digest })),
  }),
  z.object({ kind: z.enum(["why", "undo"]), card: id, action: id }),
  z.object({
    kind: z.literal("resolve"),
    card: id,
    action: id,
    choice: z.enum(["check", "retry", "give-up"]),
  }),
  z.object({ kind: z.literal("open-card"), card: id }),
  z.object({ kind: z.literal("show-private"), item: id }),
  z.object({ kind: z.literal("feedback"), message: id, verdict: z.enum(["up", "down"]) }),
]);
const note = z.object({
  team: z.string(),
  viewer: z.string().nullable(),
  until: z.number(),
  intents: z.array(intent),
});

/** Keeps the meaning of buttons on our side. Ids begin with their time, so that the oldest are found first. */
export function createSheets(host: Pick<ChannelHost, "notes" | "now">): Sheets {
  return {
    open(team, viewer) {
      const time = host.now().getTime().toString(36).padStart(9, "0").slice(-9);
      const sheet = `${time}${randomBytes(12).toString("hex")}`;
      const intents: ButtonIntent[] = [];
      return {
        idFor: (what) => `${sheet}.${intents.push(what) - 1}`,
        save: async () => {
          if (intents.length === 0) return null;
          const until = host.now().getTime() + KEEP_MS;
          const value = { team, viewer, until, intents: intents.slice(0, 1_000) };
          await host.notes.write(PREFIX + sheet, value as unknown as JsonObject);
          return sheet;
        },
      };
    },
    read: async (value, team) => {
      const [, sheet, number] = VALUE.exec(value) ?? [];
      if (!sheet || !number) return null;
      const parsed = note.safeParse(await host.notes.read(PREFIX + sheet));
      if (!parsed.success || parsed.data.team !== team || parsed.data.until < host.now().getTime())
        return null;
      const { viewer, intents } = parsed.data;
      const found = intents[Number(number)];
      return found ? { intent: found, sheet: { id: sheet, team, viewer, intents } } : null;
    },
    close: async (sheet) => {
      if (sheet !== null) await host.notes.remove(PREFIX + sheet);
    },
    sweep: async () => {
      const now = host.now().getTime();
      for (const { key, value } of await host.notes.list(PREFIX)) {
        const until = value.until;
        if (typeof until === "number" && until >= now) return;
        await host.notes.remove(key);
      }
    },
  };
}
