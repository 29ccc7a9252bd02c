import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ModalView } from "./blocks/slack-message.ts";
import { SPOKEN } from "./heard-message.ts";
import type { Shortcut, Submit } from "./interaction.ts";
import { messageModal } from "./message-modal.ts";
import type { SubmitAnswer } from "./on-submit.ts";
import { directChannel } from "./post-place.ts";
import { showWorking } from "./show-status.ts";
import type { SlackContext } from "./slack-context.ts";
import { plainTextOf } from "./take-message.ts";
import { problemOf, sentence } from "./tell.ts";
import { toThreadRef } from "./thread-ref.ts";

export const ASK_CALLBACK = "steward.ask_modal";
export const ASK_SHORTCUT = "steward.ask_about";
const BLOCK = "question";
const MAX_QUESTION = 3_000;
const KEEP_MS = 24 * 3_600_000;

const state = z.object({
  values: z.object({ [BLOCK]: z.object({ [BLOCK]: z.object({ value: z.string().nullish() }) }) }),
});
const quote = z.object({
  team: z.string(),
  user: z.string(),
  text: z.string(),
  author: z.string(),
  until: z.number(),
});
const stamp = z.object({ ts: z.string() });

/** Asks what is wanted with a message. Its words are kept here; the window carries an opaque id. */
export async function askAbout(context: SlackContext, body: Shortcut, team: string): Promise<void> {
  const { host } = context;
  const workspace = await context.installations.workspace(team);
  if (workspace === null) return;
  const user = body.user.id;
  const who = await context.people.identify(team, user);
  if (who.kind !== "known") {
    const view = messageModal(sentence(who.message));
    await context.call(team, "views.open", { trigger_id: body.trigger_id, view });
    return;
  }
  const id = `ask:${randomBytes(16).toString("hex")}`;
  const text = (await plainTextOf(context, team, body.message.text, workspace.botUser)).slice(0, 20_000);
  // What a program posts under a person's name (mail, calendars, forms) are others' words.
  const { bot_id, app_id, subtype = "" } = body.message;
  const isSpoken = !bot_id && !app_id && SPOKEN.has(subtype);
  const author = isSpoken ? (body.message.user ?? "") : "";
  const at = host.now().getTime();
  await host.notes.write(id, { team, user, text, author, at, until: at + KEEP_MS });
  const view: ModalView = {
    type: "modal",
    callback_id: ASK_CALLBACK,
    private_metadata: id,
    title: { type: "plain_text", text: "Ask Steward" },
    submit: { type: "plain_text", text: "Ask" },
    close: { type: "plain_text", text: "Back" },
    blocks: [
      {
        type: "input",
        block_id: BLOCK,
        label: { type: "plain_text", text: "What do you want to know or have done?" },
        hint: { type: "plain_text", text: "The answer comes to you alone, as a direct message." },
        element: { type: "plain_text_input", action_id: BLOCK, multiline: true, max_length: MAX_QUESTION },
      },
    ],
  };
  await context.call(team, "views.open", { trigger_id: body.trigger_id, view });
}

/**
 * The question goes in as the person's own words; the message it is about goes in as a file, because words of others
 * must not count as the person's.
 */
export async function takeAsked(
  context: SlackContext,
  { team, user, as }: { readonly team: string; readonly user: string; readonly as: string },
  view: Submit["view"],
): Promise<SubmitAnswer> {
  const { host } = context;
  const question = state.safeParse(view.state).data?.values[BLOCK][BLOCK].value?.trim() ?? "";
  if (question === "")
    return { response_action: "errors", errors: { [BLOCK]: "Write what you want to know." } };
  const kept = quote.safeParse(await host.notes.read(view.private_metadata));
  const isOwn = kept.success && kept.data.team === team && kept.data.user === user;
  if (!/^ask:[0-9a-f]{32}$/.test(view.private_metadata) || !isOwn || kept.data.until < host.now().getTime()) {
    const words = "This window is not valid any more. Open it again from the message.";
    return { response_action: "update", view: messageModal(sentence(words)) };
  }
  try {
    const { text, author } = kept.data;
    const files =
      text === "" || author === user
        ? []
        : [await host.putFile(as, { name: "slack-message.txt", content: new TextEncoder().encode(text) })];
    const asked = author === user && text !== "" ? `${question}\n\n${text}` : question;
    await askInDirect(context, { team, user, as, dedupe: view.private_metadata, text: asked, files });
    await host.notes.remove(view.private_metadata);
    return undefined;
  } catch (error) {
    return { response_action: "update", view: messageModal(problemOf(error)) };
  }
}

/** Begins a conversation in the person's direct message with what they asked elsewhere. */
export async function askInDirect(
  context: SlackContext,
  what: {
    readonly team: string;
    readonly user: string;
    readonly as: string;
    readonly dedupe: string;
    readonly text: string;
    readonly files: Parameters<SlackContext["host"]["receive"]>[0]["files"];
  },
): Promise<void> {
  const { team, user, as, text, files } = what;
  const channel = await directChannel(context, team, user);
  const { text: said, blocks } = sentence(`You asked: ${text.slice(0, 2_500)}`);
  const begun = await context.call(
    team,
    "chat.postMessage",
    { channel, text: said, blocks },
    { conversation: channel },
  );
  const place = { team, channel, root: stamp.parse(begun).ts, user: null };
  const { session } = await context.host.receive({
    dedupe: `slack:${team}:${what.dedupe}`,
    thread: toThreadRef(place),
    session: null,
    principal: as,
    text,
    files,
  });
  context.sessions.note(session, place);
  showWorking(context, place);
}
