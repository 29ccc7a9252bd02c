import type { ButtonIntent } from "./blocks/button-intent.ts";
import { commentModal, readCommentModal } from "./blocks/comment-modal.ts";
import type { Submit } from "./interaction.ts";
import { messageModal } from "./message-modal.ts";
import type { Clicker } from "./on-click.ts";
import type { SubmitAnswer } from "./on-submit.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { problemOf, sentence } from "./tell.ts";

type Feedback = Extract<ButtonIntent, { readonly kind: "feedback" }>;

/** A thumb, and after a bad one the offer to say why; the thumb counts whether or not anything is said. */
export async function takeThumb(context: SlackContext, clicker: Clicker, what: Feedback): Promise<void> {
  await context.host.feedback(clicker.as, what.message, what.verdict, null);
  if (what.verdict !== "down" || clicker.trigger === null) return;
  const own = context.sheets.open(clicker.team, clicker.as);
  const view = commentModal(own.idFor(what));
  await own.save();
  await orNull(context.call(clicker.team, "views.open", { trigger_id: clicker.trigger, view }));
}

/** The words behind a thumb. */
export async function takeComment(
  context: SlackContext,
  { team, as }: { readonly team: string; readonly as: string },
  view: Submit["view"],
): Promise<SubmitAnswer> {
  const found = await context.sheets.read(view.private_metadata, team);
  if (found?.intent.kind !== "feedback" || found.sheet.viewer !== as) {
    const words = "This window is not valid any more. Your thumb is counted.";
    return { response_action: "update", view: messageModal(sentence(words)) };
  }
  const comment = readCommentModal(view.state);
  if (comment === null) return undefined;
  try {
    await context.host.feedback(as, found.intent.message, found.intent.verdict, comment);
    await context.sheets.close(found.sheet.id);
    return undefined;
  } catch (error) {
    return { response_action: "update", view: messageModal(problemOf(error)) };
  }
}
