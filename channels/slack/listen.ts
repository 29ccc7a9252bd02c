import type { App } from "@slack/bolt";
import { ASK_SHORTCUT, askAbout } from "./ask-about.ts";
import { readMessageNews } from "./heard-message.ts";
import { clickBody, commandBody, shortcutBody, submitBody } from "./interaction.ts";
import { onClick } from "./on-click.ts";
import { onCommand } from "./on-command.ts";
import {
  onHomeOpened,
  onPeopleChanged,
  onSessionStopped,
  onThreadStarted,
  onUninstalled,
} from "./on-event.ts";
import { onSubmit } from "./on-submit.ts";
import { onReaction } from "./react.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";
import { createTakeMessage } from "./take-message.ts";

/** A click is acknowledged when it is done, or after so long; Slack shows a warning after three seconds. */
const CLICK_ACK_MS = 1_800;

/**
 * Connects what Slack tells with what is done about it. A listener that throws makes the gate refuse the event, so
 * that Slack sends it again: only what can be kept on a later try throws.
 */
export function listen(app: App, context: SlackContext): void {
  const take = createTakeMessage(context);
  const quietly =
    (what: string, work: (body: unknown) => Promise<void> | void) =>
    async ({ body }: { readonly body: unknown }) => {
      context.later(what, async () => await work(body));
    };

  app.event("message", async ({ body }) => await take(readMessageNews(body)));
  app.event("app_mention", async ({ body }) => await take(readMessageNews(body)));
  app.event("reaction_added", async ({ body }) => await onReaction(context, body));
  app.event("reaction_removed", async ({ body }) => await onReaction(context, body));
  app.event("agent_session_stopped", async ({ body }) => await onSessionStopped(context, body));
  app.event(
    "app_home_opened",
    quietly("show the home tab", (body) => onHomeOpened(context, body)),
  );
  app.event(
    "assistant_thread_started",
    quietly("suggest", (body) => onThreadStarted(context, body)),
  );
  app.event("app_uninstalled", async ({ body }) => await onUninstalled(context, body));
  for (const name of ["user_change", "member_joined_channel", "member_left_channel"]) {
    app.event(name, async ({ body }) => await onPeopleChanged(context, body));
  }

  app.action(/^steward\./, async ({ body, ack }) => {
    const read = clickBody.safeParse(body);
    const work = read.success ? onClick(context, read.data) : Promise.resolve();
    work.catch((error: unknown) => {
      context.host.log("warn", "A click could not be taken.", { reason: reasonOf(error) });
    });
    await Promise.race([work.catch(() => undefined), pause(CLICK_ACK_MS)]);
    await ack();
  });
  app.view(/^steward\./, async ({ body, ack }) => {
    const read = submitBody.safeParse(body);
    const answer = read.success ? await onSubmit(context, read.data) : undefined;
    await (ack as (answer?: unknown) => Promise<void>)(answer);
  });
  app.command(/^\/.{1,32}$/, async ({ body, ack }) => {
    const read = commandBody.safeParse(body);
    const answer = read.success ? await onCommand(context, read.data) : null;
    await ack(answer === null ? undefined : { response_type: "ephemeral", ...answer });
  });
  app.shortcut(ASK_SHORTCUT, async ({ body, ack }) => {
    const read = shortcutBody.safeParse(body);
    const team = read.data?.team?.id ?? read.data?.user.team_id;
    if (read.success && team) context.later("open a window", () => askAbout(context, read.data, team));
    await ack();
  });
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}
