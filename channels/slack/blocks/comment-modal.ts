import { z } from "zod";
import { CALLBACK_IDS } from "./action-ids.ts";
import { plainText } from "./block-parts.ts";
import { clean } from "./plain.ts";
import type { ModalView } from "./slack-message.ts";

const BLOCK = "comment";
const MAX_COMMENT = 2_000;
const stateSchema = z.object({
  values: z.object({ [BLOCK]: z.object({ [BLOCK]: z.object({ value: z.string().nullish() }) }) }),
});

/** Asks what was wrong with an answer. Nobody has to say it: the thumb counts already. */
export function commentModal(meta: string): ModalView {
  return {
    type: "modal",
    callback_id: CALLBACK_IDS.comment,
    private_metadata: meta,
    title: plainText("Bad answer", 24),
    submit: plainText("Send", 24),
    close: plainText("Skip", 24),
    blocks: [
      {
        type: "input",
        block_id: BLOCK,
        optional: true,
        label: plainText("What was wrong with it?", 100),
        hint: plainText(
          "Your thumb is counted already. Whoever looks after Steward here may read this.",
          150,
        ),
        element: { type: "plain_text_input", action_id: BLOCK, multiline: true, max_length: MAX_COMMENT },
      },
    ],
  };
}

/** What was written; null when nothing was. `state` is `view.state` of the submission. */
export function readCommentModal(state: unknown): string | null {
  const read = stateSchema.safeParse(state);
  const comment = clean(read.data?.values[BLOCK][BLOCK].value ?? "").trim();
  return comment === "" ? null : comment.slice(0, MAX_COMMENT);
}
