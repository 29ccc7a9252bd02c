import type { Call } from "./call.ts";
import type { Button } from "./render-blocks.ts";
import {
  APP_ID,
  type Fields,
  formatMessage,
  type SlackMessage,
  type SlackUser,
  type SlackView,
} from "./slack-world.ts";
import { formatView } from "./view-methods.ts";

/** What the payloads of all interactions have in common. */
export function interactionBase(call: Pick<Call, "world" | "team">, user: SlackUser): Fields {
  const { team } = call;
  return {
    api_app_id: APP_ID,
    token: "deprecated",
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: call.world.newTrigger(user.id),
  };
}

/** What was pressed, as `actions[0]` tells it. */
function actionOf(call: Pick<Call, "world">, button: Button): Fields {
  const { element } = button;
  const base = {
    type: element.type,
    action_id: button.actionId,
    block_id: button.blockId,
    action_ts: call.world.newTs(),
  };
  if (["overflow", "static_select", "radio_buttons"].includes(String(element.type)))
    return {
      ...base,
      selected_option: { text: { type: "plain_text", text: button.label }, value: button.value },
    };
  return {
    ...base,
    ...(button.value === null ? {} : { value: button.value }),
    ...(button.style === null ? {} : { style: button.style }),
    text: { type: "plain_text", text: button.label, emoji: true },
  };
}

/** A click in a message. Of a message that only one person sees, Slack does not send the message itself. */
export function messageAction(
  call: Pick<Call, "world" | "team">,
  user: SlackUser,
  message: SlackMessage,
  button: Button,
  responseUrl: string,
): Fields {
  const channel = call.world.channels.get(message.channel);
  return {
    type: "block_actions",
    ...interactionBase(call, user),
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.onlyFor !== null,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    channel: { id: message.channel, name: channel?.name },
    ...(message.onlyFor === null ? { message: formatMessage(message, call.world) } : {}),
    state: { values: {} },
    response_url: responseUrl,
    actions: [actionOf(call, button)],
  };
}

/** A click in a modal or the App Home. */
export function viewAction(
  call: Pick<Call, "world" | "team">,
  user: SlackUser,
  view: SlackView,
  values: Fields,
  button: Button,
): Fields {
  return {
    type: "block_actions",
    ...interactionBase(call, user),
    container: { type: "view", view_id: view.id },
    view: formatView(call, view, values),
    actions: [actionOf(call, button)],
  };
}

export function viewSubmission(
  call: Pick<Call, "world" | "team">,
  user: SlackUser,
  view: SlackView,
  values: Fields,
): Fields {
  return {
    type: "view_submission",
    ...interactionBase(call, user),
    view: formatView(call, view, values),
    response_urls: [],
  };
}
