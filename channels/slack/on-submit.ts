import { z } from "zod";
import { StewardError } from "../../src/types/steward-error.ts";
import { ASK_CALLBACK, takeAsked } from "./ask-about.ts";
import { takeComment } from "./ask-comment.ts";
import { CALLBACK_IDS } from "./blocks/action-ids.ts";
import { editModal } from "./blocks/edit-modal.ts";
import { readEditModal } from "./blocks/read-edit-modal.ts";
import { readRefuseModal } from "./blocks/refuse-modal.ts";
import type { Submit } from "./interaction.ts";
import { messageModal } from "./message-modal.ts";
import { type Clicker, decided } from "./on-click.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";
import { problemOf, sentence } from "./tell.ts";

/** What goes back to Slack with the acknowledgement; undefined closes the window. */
export type SubmitAnswer = Readonly<Record<string, unknown>> | undefined;

const metaSchema = z.object({
  value: z.string(),
  ear: z
    .object({ team: z.string(), channel: z.string(), user: z.string(), root: z.string().nullable() })
    .nullable(),
  ts: z.string().nullable(),
  viewer: z.string().nullable(),
});
const inWindow = (view: unknown) => ({ response_action: "update", view });

/** A modal was sent: does what it says, or tells in the window itself what does not fit. */
export async function onSubmit(context: SlackContext, body: Submit): Promise<SubmitAnswer> {
  const team = body.team?.id ?? body.user.team_id ?? "";
  if ((await context.installations.workspace(team)) === null) return undefined;
  const user = body.user.id;
  const who = await context.people.identify(team, user);
  if (who.kind !== "known") return inWindow(messageModal(sentence(who.message)));
  const as = who.principal.id;
  if (body.view.callback_id === ASK_CALLBACK) return await takeAsked(context, { team, user, as }, body.view);
  if (body.view.callback_id === CALLBACK_IDS.comment)
    return await takeComment(context, { team, as }, body.view);
  const meta = readMeta(body.view.private_metadata);
  const found = meta === null ? null : await context.sheets.read(meta.value, team);
  const what = found?.intent;
  if (!meta || !found || found.sheet.viewer !== as || (what?.kind !== "edit" && what?.kind !== "refuse")) {
    return inWindow(
      messageModal(sentence("This window is not valid any more. Open it again from the card.")),
    );
  }
  // What the window carried about its place counts only where it is the sender's own.
  const ear = meta.ear?.team === team && meta.ear.user === user ? meta.ear : null;
  const clicker: Clicker = {
    as,
    team,
    user,
    ear,
    ts: ear === null ? null : meta.ts,
    trigger: null,
    modal: null,
    passing: null,
  };
  const { host } = context;
  try {
    const card = await host.card(as, what.card);
    const item = card.items.find(({ action }) => action === what.action);
    if (!item) throw new StewardError("APR-409");
    if (body.view.callback_id === CALLBACK_IDS.refuse && what.kind === "refuse") {
      const read = readRefuseModal(body.view.state);
      if ("errors" in read) return { response_action: "errors", errors: read.errors };
      finish(
        context,
        clicker,
        meta.viewer,
        found.sheet.id,
        await host.refuse(as, what.approval, read.reason),
      );
      return closing(clicker);
    }
    const reader = (await context.people.user(team, user))?.reader ?? { locale: "en-GB", zone: "UTC" };
    const read = readEditModal(item, body.view.state, reader);
    if ("errors" in read) return { response_action: "errors", errors: read.errors };
    try {
      const more = what.digest === null ? {} : { digest: what.digest };
      const outcome = await host.approve(as, what.approval, read.edit, more);
      finish(context, clicker, meta.viewer, found.sheet.id, outcome);
      return closing(clicker);
    } catch (error) {
      if (!(error instanceof StewardError) || error.code !== "APR-422") throw error;
      return inWindow(editModal(item, body.view.private_metadata, { reader, problem: error.message }));
    }
  } catch (error) {
    if (!(error instanceof StewardError)) {
      context.host.log("error", "A window could not be taken.", { reason: reasonOf(error) });
    }
    return inWindow(messageModal(problemOf(error)));
  }
}

/** A window that stands on a card's window takes that away too: what it shows is over. */
const closing = ({ ear }: Clicker): SubmitAnswer => (ear === null ? { response_action: "clear" } : undefined);

function finish(
  context: SlackContext,
  clicker: Clicker,
  viewer: string | null,
  sheet: string,
  outcome: Parameters<typeof decided>[3],
): void {
  context.later("show a decision", async () => {
    await context.sheets.close(sheet);
    await decided(context, clicker, { viewer }, outcome);
  });
}

function readMeta(text: string): z.infer<typeof metaSchema> | null {
  try {
    return metaSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
