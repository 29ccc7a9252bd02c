import { ACTION_IDS } from "./action-ids.ts";
import { plainText } from "./block-parts.ts";
import type { IdFor } from "./button-intent.ts";
import type { ContextActionsBlock } from "./slack-message.ts";

/** Slack's own thumbs under an answer; `message` is the thread item's id. */
export function feedbackBlock(message: string, idFor: IdFor): ContextActionsBlock {
  return {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: ACTION_IDS.feedback,
        positive_button: {
          text: plainText("Good answer", 75),
          accessibility_label: "Say that this answer is good",
          value: idFor({ kind: "feedback", message, verdict: "up" }),
        },
        negative_button: {
          text: plainText("Bad answer", 75),
          accessibility_label: "Say that this answer is bad",
          value: idFor({ kind: "feedback", message, verdict: "down" }),
        },
      },
    ],
  };
}
