import type { Decided } from "../../src/types/channel-host.ts";
import { takeThumb } from "./ask-comment.ts";
import { ACTION_IDS } from "./blocks/action-ids.ts";
import type { ButtonIntent } from "./blocks/button-intent.ts";
import { editModal } from "./blocks/edit-modal.ts";
import { refuseModal } from "./blocks/refuse-modal.ts";
import { identifyOrTell } from "./identify-or-tell.ts";
import type { Click } from "./interaction.ts";
import { messageModal } from "./message-modal.ts";
import { renderCard } from "./render-item.ts";
import { replacePassing } from "./replace-passing.ts";
import type { Sheet } from "./sheets.ts";
import { choosePlace, publishHome } from "./show-home.ts";
import { showPrivate } from "./show-private.ts";
import { orNull } from "./slack-call.ts";
import type { SlackContext } from "./slack-context.ts";
import { type Ear, problemOf, sentence, type TellOptions, tell } from "./tell.ts";

/** Where a click was made, and by whom. */
export type Clicker = {
  readonly as: string;
  readonly team: string;
  readonly user: string;
  /** Null in the home tab and in modals. */
  readonly ear: Ear | null;
  /** The message that was clicked, when everybody there sees it. */
  readonly ts: string | null;
  readonly trigger: string | null;
  /** The window in which it was clicked. */
  readonly modal: string | null;
  /** Where the clicked message is changed when only the clicker sees it. */
  readonly passing: string | null;
};

const GONE =
  "This button is not valid any more. The newest card of this request shows what can still be done.";

/** Does what a button means. Whatever is wrong with it is said to the clicker alone; nothing is thrown for it. */
export async function onClick(context: SlackContext, body: Click): Promise<void> {
  const team = body.team?.id ?? body.user.team_id ?? "";
  if ((await context.installations.workspace(team)) === null) return;
  const channel = body.channel?.id ?? body.container?.channel_id;
  const root = body.message?.thread_ts ?? body.container?.thread_ts ?? body.message?.ts ?? null;
  const user = body.user.id;
  const ear = channel === undefined ? null : { team, channel, user, root };
  const principal = await identifyOrTell(context, ear ?? { team, channel: user, user, root: null }, {
    isAsked: true,
  });
  if (principal === null) return;
  const isPassing = body.container?.is_ephemeral === true;
  const ts = isPassing ? null : (body.message?.ts ?? body.container?.message_ts ?? null);
  const passing = isPassing ? (body.response_url ?? null) : null;
  const modal = body.view?.type === "modal" ? body.view.id : null;
  const clicker = { as: principal.id, team, user, ear, ts, trigger: body.trigger_id ?? null, modal, passing };
  for (const action of body.actions) {
    if (action.action_id === ACTION_IDS.openLink) continue;
    try {
      if (action.action_id === ACTION_IDS.place || action.action_id === ACTION_IDS.placeChannel) {
        await choosePlace(
          context,
          clicker,
          action.selected_option?.value,
          action.selected_conversation ?? undefined,
        );
        continue;
      }
      const found = await context.sheets.read(action.value ?? action.selected_option?.value ?? "", team);
      if (found === null) await say(context, clicker, sentence(GONE));
      else await act(context, clicker, found.intent, found.sheet);
    } catch (error) {
      await say(context, clicker, problemOf(error));
    }
  }
}

/** In the thread for the clicker's eyes, or as a small window where there is no thread. */
export async function say(
  context: SlackContext,
  { ear, team, trigger, modal }: Clicker,
  message: ReturnType<typeof sentence>,
  options: TellOptions = {},
): Promise<void> {
  if (ear !== null) return await tell(context, ear, message, options);
  if (trigger === null) return;
  const method = modal === null ? "views.open" : "views.push";
  await orNull(context.call(team, method, { trigger_id: trigger, view: messageModal(message) }));
}

async function act(context: SlackContext, clicker: Clicker, what: ButtonIntent, sheet: Sheet): Promise<void> {
  const { host } = context;
  const { as } = clicker;
  switch (what.kind) {
    case "approve": {
      const more = what.digest === null ? {} : { digest: what.digest };
      return await decided(context, clicker, sheet, await host.approve(as, what.approval, null, more));
    }
    case "approve-all": {
      let last: Decided | null = null;
      try {
        for (const { approval, digest } of what.approvals) {
          last = await host.approve(as, approval, null, digest === null ? {} : { digest });
        }
      } finally {
        // Where one of them fails, those before it are decided all the same.
        if (last !== null) await decided(context, clicker, sheet, last);
      }
      return;
    }
    case "edit":
    case "refuse":
      return await openModal(context, clicker, what, sheet);
    case "undo":
      return await decided(context, clicker, sheet, await host.undo(as, what.action));
    case "resolve":
      return await decided(context, clicker, sheet, await host.resolve(as, what.action, what.choice));
    case "why":
      return await say(context, clicker, sentence(await host.why(as, what.action)));
    case "feedback":
      return await takeThumb(context, clicker, what);
    case "show-private":
      return await showPrivate(context, clicker, what.item);
    case "open-card": {
      const card = await host.card(as, what.card);
      const own = context.sheets.open(clicker.team, as);
      const message = await renderCard(context, card, as, clicker, own.idFor);
      await own.save();
      return await say(context, clicker, message);
    }
  }
}

async function openModal(
  context: SlackContext,
  clicker: Clicker,
  what: Extract<ButtonIntent, { readonly kind: "approve" | "edit" | "refuse" }>,
  sheet: Sheet,
): Promise<void> {
  const card = await context.host.card(clicker.as, what.card);
  const item = card.items.find(({ action }) => action === what.action);
  if (!item || item.approval !== what.approval || !item.mayDecide) {
    const why = item?.mayNotBecause ?? "There is nothing to decide here any more.";
    return await say(context, clicker, sentence(why));
  }
  if (clicker.trigger === null) return;
  // The modal carries an id of its own, as opaque as the button's.
  const own = context.sheets.open(clicker.team, clicker.as);
  const value = own.idFor(what);
  await own.save();
  const reader = (await context.people.user(clicker.team, clicker.user))?.reader ?? {
    locale: "en-GB",
    zone: "UTC",
  };
  const meta = JSON.stringify({ value, ear: clicker.ear, ts: clicker.ts, viewer: sheet.viewer });
  const view = what.kind === "edit" ? editModal(item, meta, { reader }) : refuseModal(meta, item.line);
  const method = clicker.modal === null ? "views.open" : "views.push";
  await context.call(clicker.team, method, { trigger_id: clicker.trigger, view });
}

/** Shows at once, where it was clicked, what the outbox brings to every copy; and one sentence for the clicker. */
export async function decided(
  context: SlackContext,
  clicker: Clicker,
  sheet: Pick<Sheet, "viewer">,
  outcome: Decided,
): Promise<void> {
  const { as, team, ear, ts, modal, passing } = clicker;
  if (ear === null) await publishHome(context, team, clicker.user, as);
  const isOwnMessage = ear !== null && ts !== null && sheet.viewer === as;
  if (isOwnMessage || modal !== null || passing !== null) {
    const own = context.sheets.open(team, as);
    const message = await renderCard(context, outcome.card, as, clicker, own.idFor);
    await own.save();
    const { text, blocks } = message;
    if (modal !== null) {
      const said = { text, blocks: [...sentence(outcome.message).blocks, ...blocks] };
      await orNull(context.call(team, "views.update", { view_id: modal, view: messageModal(said) }));
    } else if (passing !== null) {
      await replacePassing(passing, context.settings.apiUrl, message).catch(() => undefined);
    } else if (ear !== null) {
      await orNull(context.call(team, "chat.update", { channel: ear.channel, ts, text, blocks }));
    }
  }
  if (ear !== null) await tell(context, ear, sentence(outcome.message));
}
