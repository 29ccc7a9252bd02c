import { askInDirect } from "./ask-about.ts";
import { helpMessage } from "./blocks/notices.ts";
import type { SlackMessage } from "./blocks/slack-message.ts";
import { identifyOrTell } from "./identify-or-tell.ts";
import type { Command } from "./interaction.ts";
import { commandKey } from "./note-keys.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";
import { plainTextOf } from "./take-message.ts";
import { problemOf, sentence } from "./tell.ts";

/** The slash command: the answer comes as a direct message; what is said here is seen by the asker alone. */
export async function onCommand(context: SlackContext, body: Command): Promise<SlackMessage | null> {
  const { team_id: team, user_id: user, channel_id: channel } = body;
  const workspace = await context.installations.workspace(team);
  if (workspace === null) return null;
  const principal = await identifyOrTell(context, { team, channel, user, root: null }, { isAsked: true });
  if (principal === null) return null;
  const text = await plainTextOf(context, team, body.text, workspace.botUser);
  if (text === "" || /^help$/i.test(text)) {
    const suggestions = await context.host.suggestions(principal.id);
    return helpMessage({ suggestions, linkTo: context.host.linkTo, command: body.command });
  }
  const dedupe = commandKey(body.trigger_id);
  if (!(await context.host.notes.writeOnce(dedupe, { at: context.host.now().getTime() }))) return null;
  try {
    await askInDirect(context, { team, user, as: principal.id, dedupe, text, files: [] });
  } catch (error) {
    context.host.log("warn", "A slash command was not taken.", { reason: reasonOf(error) });
    await context.host.notes.remove(dedupe);
    return problemOf(error);
  }
  return sentence("I answer in our direct message.");
}
