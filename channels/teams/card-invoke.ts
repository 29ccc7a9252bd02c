import { z } from "zod";
import type { Card } from "../../src/types/card.ts";
import type { Outbound } from "../../src/types/channel.ts";
import type { ChannelHost, Decided } from "../../src/types/channel-host.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import type { Buttons, Pressed } from "./buttons.ts";
import { readEdit } from "./cards/edit-fields.ts";
import { CARD_TYPE } from "./cards/elements.ts";
import { formOf, MAX_REASON } from "./cards/item-actions.ts";
import type { People } from "./people.ts";
import type { PostItem } from "./post-item.ts";
import type { RenderCard } from "./render-card.ts";
import type { InActivity } from "./transport/activity.ts";

/** Who clicks waits for at most a second; what takes longer says so and goes on. */
const PATIENCE_MS = 600;
const MOST_MS = 900;
const ON_IT = "I am on it. The card changes as soon as it is done.";

export type Answer =
  | { readonly kind: "card"; readonly card: JsonObject }
  | { readonly kind: "message"; readonly text: string };

export type Press = {
  /** What the person sees after pressing a button; never throws what the person did wrong. */
  press(activity: InActivity, id: unknown, inputs: Readonly<Record<string, unknown>>): Promise<Answer>;
};

export type PressDeps = {
  readonly host: ChannelHost;
  readonly buttons: Buttons;
  readonly people: People;
  readonly render: RenderCard;
  readonly post: Pick<PostItem, "postPrivately">;
  /** Tells somebody in private what came of it when the answer was already given. */
  readonly tellLater: (activity: InActivity, text: string) => Promise<void>;
};

const UNKNOWN =
  "This button is not one that I can read any more. Nothing was done. Write “what is waiting for me?” to get the card again.";
const SINGLE_USE = new Set([
  "approve",
  "approve-all",
  "edit",
  "edit-dialog",
  "refuse",
  "undo",
  "check",
  "retry",
  "give-up",
]);

const kept = z
  .object({ id: z.string(), thread: z.object({}).loose(), item: z.object({ kind: z.string() }).loose() })
  .loose();

export function createPress(deps: PressDeps): Press {
  const { host, buttons, people } = deps;

  const decide = async (
    pressed: Pressed,
    me: Principal,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<Decided | string> => {
    const { verb, approval, digest, action } = pressed.meaning;
    const bound = digest === null ? {} : { digest };
    if (verb === "approve" && approval !== null) return await host.approve(me.id, approval, null, bound);
    if (verb === "approve-all") return await approveAll(host, me, pressed);
    if ((verb === "edit" || verb === "edit-dialog") && approval !== null)
      return await approveEdited(host, me, pressed, inputs);
    if (verb === "refuse" && approval !== null) {
      const typed = inputs[formOf("reason", pressed.meaning.place ?? 0)];
      const reason = typeof typed === "string" ? typed.trim().slice(0, MAX_REASON) : "";
      return reason === ""
        ? "Write why you refuse: the requester reads it. Nothing was decided."
        : await host.refuse(me.id, approval, reason);
    }
    if (action === null) return UNKNOWN;
    if (verb === "undo") return await host.undo(me.id, action);
    if (verb === "check" || verb === "retry" || verb === "give-up")
      return await host.resolve(me.id, action, verb);
    return UNKNOWN;
  };

  const shownTo = async (
    activity: InActivity,
    pressed: Pressed,
    me: Principal,
    card: Card,
    more: Parameters<RenderCard["forViewer"]>[3] = {},
  ): Promise<Answer> => {
    const { conversation, item } = pressed.place;
    // A copy of one's own goes on asking, so that it changes with the card that all see.
    const refreshFor = activity.conversation.kind === "personal" && !more.isBusy ? [] : [activity.from.id];
    return {
      kind: "card",
      card: await deps.render.forViewer(card, me.id, { conversation, item, refreshFor }, more),
    };
  };

  const decided = async (
    activity: InActivity,
    pressed: Pressed,
    me: Principal,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<Answer> => {
    if (!(await buttons.take(pressed.id))) {
      const card = await host.card(me.id, pressed.place.turn ?? "");
      return await shownTo(activity, pressed, me, card);
    }
    try {
      const result = await decide(pressed, me, inputs);
      if (typeof result !== "string")
        return await shownTo(activity, pressed, me, result.card, {
          notice: { text: result.message, tone: "Accent" },
        });
      await buttons.giveBack(pressed.id);
      return { kind: "message", text: result };
    } catch (error) {
      // Nothing was decided by it: whoever may can still press it.
      await buttons.giveBack(pressed.id);
      throw error;
    }
  };

  const withPatience = async (
    activity: InActivity,
    pressed: Pressed,
    me: Principal,
    work: Promise<Answer>,
  ): Promise<Answer> => {
    const late = Symbol("late");
    const first = await Promise.race([work, wait(PATIENCE_MS, late)]);
    if (first !== late) return first as Answer;
    // The card itself changes when the house sends it again; only what went wrong has to be told here.
    work.then(
      (answer) => (answer.kind === "message" ? deps.tellLater(activity, answer.text) : undefined),
      (error: unknown) => deps.tellLater(activity, saidOf(host, error)),
    );
    const { turn } = pressed.place;
    const busy =
      turn === null || !SINGLE_USE.has(pressed.meaning.verb)
        ? null
        : host.card(me.id, turn).then((card) => shownTo(activity, pressed, me, card, { isBusy: true }));
    const second = busy === null ? late : await Promise.race([busy.catch(() => late), wait(200, late)]);
    if (second !== late) return second as Answer;
    return { kind: "message", text: ON_IT };
  };

  const work = async (
    activity: InActivity,
    pressed: Pressed,
    me: Principal,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<Answer> => {
    const { verb, action } = pressed.meaning;
    const { turn } = pressed.place;
    if (SINGLE_USE.has(verb)) return await decided(activity, pressed, me, inputs);
    if (verb === "show-private") return await showPrivately(deps, pressed, me);
    if (turn === null) return { kind: "message", text: UNKNOWN };
    if (verb === "why" && action !== null) {
      const [text, card] = await Promise.all([host.why(me.id, action), host.card(me.id, turn)]);
      return await shownTo(activity, pressed, me, card, { record: { action, text } });
    }
    return await shownTo(activity, pressed, me, await host.card(me.id, turn));
  };

  const pressNow = async (
    activity: InActivity,
    id: unknown,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<Answer> => {
    try {
      const [who, pressed] = await Promise.all([people.identify(activity), buttons.find(id)]);
      if (who.kind !== "known") return { kind: "message", text: who.message };
      if (pressed === null || !isAt(activity, pressed)) return { kind: "message", text: UNKNOWN };
      const me = who.principal;
      return await withPatience(activity, pressed, me, work(activity, pressed, me, inputs));
    } catch (error) {
      return { kind: "message", text: saidOf(host, error) };
    }
  };

  return {
    async press(activity, id, inputs) {
      const answer = pressNow(activity, id, inputs);
      const first = await Promise.race([answer, wait(MOST_MS, null)]);
      if (first !== null) return first;
      // Not even who it is, or which button, could be said in time.
      void answer.then((late) => (late.kind === "message" ? deps.tellLater(activity, late.text) : undefined));
      return { kind: "message", text: ON_IT };
    },
  };
}

/** A button works where it was put; copied elsewhere it is none. */
const isAt = ({ conversation }: InActivity, { place }: Pressed): boolean =>
  conversation.id.split(";")[0] === place.conversation.split(";")[0];

/** What went wrong, for whoever pressed. */
export function saidOf(host: Pick<ChannelHost, "log">, error: unknown): string {
  if (error instanceof StewardError) return `${error.message} (${error.code})`;
  host.log("error", "teams: a button came to nothing", { error: String(error) });
  return "Something went wrong on my side, and I cannot say that it was done. Look at the card again in a moment.";
}

async function approveEdited(
  host: ChannelHost,
  me: Principal,
  { meaning, place }: Pressed,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Decided | string> {
  const { approval, digest } = meaning;
  if (approval === null || place.turn === null) return UNKNOWN;
  const card = await host.card(me.id, place.turn);
  const item = card.items.find((each) => each.approval === approval);
  // The form shows one version; what was typed into it says nothing about another.
  if (item === undefined || (digest !== null && item.digest !== digest))
    return "This has changed since the form was opened. Nothing was decided. Look at it again.";
  const read = readEdit(formOf("edit", meaning.place ?? 0), item.editable, inputs, me);
  if (read.kind === "wrong") return `${read.message} Nothing was decided.`;
  return await host.approve(me.id, approval, read.edit, digest === null ? {} : { digest });
}

/** One after the other, each by the digest that was shown; what came to nothing is said, the rest stays done. */
async function approveAll(host: ChannelHost, me: Principal, { meaning, place }: Pressed): Promise<Decided> {
  const problems: string[] = [];
  let done = 0;
  for (const { approval, digest } of meaning.all ?? []) {
    try {
      await host.approve(me.id, approval, null, { digest });
      done++;
    } catch (error) {
      problems.push(saidOf(host, error));
    }
  }
  const message = [`${done} approved.`, ...new Set(problems)].join(" ");
  return { card: await host.card(me.id, place.turn ?? ""), message };
}

async function showPrivately({ host, post }: PressDeps, { place }: Pressed, me: Principal): Promise<Answer> {
  const read = kept.safeParse(place.kept);
  if (!read.success || place.viewer === null) return { kind: "message", text: UNKNOWN };
  if (place.viewer !== me.id)
    return {
      kind: "message",
      text: "This answer is for somebody else. Ask me yourself, and I answer with what you may see.",
    };
  const outbound = read.data as unknown as Outbound;
  const item =
    outbound.item.kind === "card"
      ? { ...outbound.item, card: await host.card(me.id, outbound.item.card.id) }
      : outbound.item;
  const isShown = await post.postPrivately({ ...outbound, item }, me.id);
  return {
    kind: "message",
    text: isShown
      ? "It is in our personal chat."
      : "I have no personal chat with you yet. Add me there, say hello, and press again.",
  };
}

function wait<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref());
}

/** The answer of an `adaptiveCard/action` invoke. */
export function invokeBody(answer: Answer): Json {
  return answer.kind === "card"
    ? { statusCode: 200, type: CARD_TYPE, value: answer.card }
    : { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: answer.text };
}
