import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { Buttons } from "./buttons.ts";
import { type Answer, invokeBody, type Press, saidOf } from "./card-invoke.ts";
import { editDialog } from "./cards/edit-dialog.ts";
import { cardAttachment } from "./cards/elements.ts";
import { sentKey } from "./note-keys.ts";
import type { People } from "./people.ts";
import type { InActivity } from "./transport/activity.ts";
import type { ActivityTransport, InvokeAnswer } from "./transport/activity-transport.ts";

const MAX_INPUTS = 200;
const inputs = z
  .record(z.string().max(200), z.unknown())
  .refine((read) => Object.keys(read).length <= MAX_INPUTS);
const cardValue = z.object({ action: z.object({ data: inputs }), trigger: z.string().max(40).nullish() });
const taskValue = z.object({ data: inputs });
const feedbackValue = z.object({
  actionName: z.literal("feedback"),
  actionValue: z.object({
    reaction: z.enum(["like", "dislike"]),
    feedback: z.string().max(20_000).nullish(),
  }),
});
const feedbackWords = z.object({ feedbackText: z.string() });
const tokenValue = z.object({
  id: z.string().max(200).nullish(),
  connectionName: z.string().max(200).nullish(),
  token: z.string().max(20_000).nullish(),
});

export type InvokeDeps = {
  readonly host: ChannelHost;
  readonly transport: Pick<ActivityTransport, "exchangeToken">;
  readonly buttons: Buttons;
  readonly people: People;
  readonly press: Press;
  /** Name of the OAuth connection; null where single sign-on is not set up. */
  readonly ssoConnection: string | null;
};

/** Answers what Teams asks for at once: buttons, dialogs, thumbs, single sign-on. */
export function createInvokes(deps: InvokeDeps): (activity: InActivity) => Promise<InvokeAnswer> {
  return async (activity) => {
    switch (activity.name) {
      case "adaptiveCard/action":
        return await cardAction(deps, activity);
      case "task/fetch":
        return { status: 200, body: await openDialog(deps, activity) };
      case "task/submit":
        return { status: 200, body: await submitDialog(deps, activity) };
      case "message/submitAction":
        return await feedback(deps, activity);
      case "signin/tokenExchange":
        return await exchange(deps, activity);
      case "signin/verifyState":
        return { status: 200, body: {} };
      default:
        return { status: 501, body: {} };
    }
  };
}

async function cardAction({ press, host }: InvokeDeps, activity: InActivity): Promise<InvokeAnswer> {
  const read = cardValue.safeParse(activity.value);
  const { b, ...typed } = read.success ? read.data.action.data : { b: null };
  const answer = await press.press(activity, b, typed);
  // A copy that is asked for without a click must not talk: the client keeps the one that all see.
  if (read.success && read.data.trigger === "automatic" && answer.kind === "message") {
    host.log("info", "teams: no copy of a card for a reader");
    return {
      status: 200,
      body: {
        statusCode: 400,
        type: "application/vnd.microsoft.error",
        value: { code: "BadRequest", message: answer.text },
      },
    };
  }
  return { status: 200, body: invokeBody(answer) };
}

const words = (text: string): Json => ({ task: { type: "message", value: text } });

async function openDialog(
  deps: InvokeDeps,
  activity: InActivity,
  wrong: string | null = null,
): Promise<Json> {
  const read = taskValue.safeParse(activity.value);
  const closed =
    "This form cannot be opened any more. Write “what is waiting for me?” to get the card again.";
  try {
    const [who, pressed] = await Promise.all([
      deps.people.identify(activity),
      deps.buttons.find(read.success ? read.data.data.b : null),
    ]);
    if (who.kind !== "known") return words(who.message);
    if (pressed?.meaning.verb !== "edit-dialog" || pressed.place.turn === null) return words(closed);
    const card = await deps.host.card(who.principal.id, pressed.place.turn);
    const item = card.items.find(({ approval }) => approval === pressed.meaning.approval);
    if (item === undefined || !item.mayDecide) return words(item?.mayNotBecause ?? closed);
    const form = editDialog(item, pressed.meaning.place ?? 0, who.principal, pressed.id, wrong);
    if (form === null) return words("This is too long to edit in Teams. Edit it on the web.");
    const value: JsonObject = {
      title: "Edit and approve",
      height: "large",
      width: "medium",
      card: cardAttachment(form),
    };
    return { task: { type: "continue", value } };
  } catch (error) {
    return words(saidOf(deps.host, error));
  }
}

async function submitDialog(deps: InvokeDeps, activity: InActivity): Promise<Json> {
  const read = taskValue.safeParse(activity.value);
  const { b, ...typed } = read.success ? read.data.data : { b: null };
  const answer: Answer = await deps.press.press(activity, b, typed);
  if (answer.kind === "card")
    return words("Approved with your changes. The card in the chat shows what came of it.");
  // Something typed was wrong: the form comes back with the reason on top.
  return answer.text.endsWith("Nothing was decided.")
    ? await openDialog(deps, activity, answer.text)
    : words(answer.text);
}

async function feedback({ host, people }: InvokeDeps, activity: InActivity): Promise<InvokeAnswer> {
  const done = { status: 200, body: {} };
  const read = feedbackValue.safeParse(activity.value);
  if (!read.success || activity.replyToId === null) return done;
  const [who, note] = await Promise.all([
    people.identify(activity),
    host.notes.read(sentKey(activity.conversation.id, activity.replyToId)),
  ]);
  if (who.kind !== "known" || typeof note?.item !== "string") return done;
  const { reaction, feedback: raw } = read.data.actionValue;
  await host.feedback(who.principal.id, note.item, reaction === "like" ? "up" : "down", commentOf(raw ?? ""));
  return done;
}

function commentOf(raw: string): string | null {
  let text = raw;
  try {
    const read = feedbackWords.safeParse(JSON.parse(raw));
    if (read.success) text = read.data.feedbackText;
  } catch {
    // Older clients send the words as they are.
  }
  return text.trim() === "" ? null : text.trim().slice(0, 2_000);
}

/** Whoever asked for the exchange gets to know only whether it worked; the token goes nowhere. */
async function exchange(
  { transport, ssoConnection, host }: InvokeDeps,
  activity: InActivity,
): Promise<InvokeAnswer> {
  const read = tokenValue.safeParse(activity.value);
  const id = (read.success ? read.data.id : null) ?? null;
  const failed = (failureDetail: string): InvokeAnswer => ({
    status: 412,
    body: { id, connectionName: ssoConnection, failureDetail },
  });
  if (ssoConnection === null) return failed("Single sign-on is not set up.");
  if (!read.success || !read.data.token || read.data.connectionName !== ssoConnection)
    return failed("This is not the connection that is set up.");
  try {
    const token = await transport.exchangeToken({
      user: activity.from.id,
      connection: ssoConnection,
      token: read.data.token,
    });
    return token === null
      ? failed("Consent is missing.")
      : { status: 200, body: { id, connectionName: ssoConnection } };
  } catch (error) {
    host.log("warn", "teams: a token was not exchanged", { error: String(error) });
    return failed("The token could not be exchanged.");
  }
}
