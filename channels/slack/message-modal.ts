import type { ModalView, SlackMessage } from "./blocks/slack-message.ts";

/** A few words in a small window, where there is no thread to say them in. */
export function messageModal(message: SlackMessage): ModalView {
  return {
    type: "modal",
    title: { type: "plain_text", text: "Steward" },
    close: { type: "plain_text", text: "Close" },
    blocks: message.blocks.slice(0, 100),
  };
}
