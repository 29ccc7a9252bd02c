import { z } from "zod";
import { CALLBACK_IDS } from "./action-ids.ts";
import { paragraph, plainText } from "./block-parts.ts";
import { clean } from "./plain.ts";
import type { ModalView } from "./slack-message.ts";

const BLOCK = "reason";
const MAX_REASON = 500;
const stateSchema = z.object({
  values: z.object({ [BLOCK]: z.object({ [BLOCK]: z.object({ value: z.string().nullish() }) }) }),
});

/** Asks for the reason of a refusal; `line` is the action's, so that one knows what one refuses. */
export function refuseModal(meta: string, line?: string): ModalView {
  return {
    type: "modal",
    callback_id: CALLBACK_IDS.refuse,
    private_metadata: meta,
    title: plainText("Refuse", 24),
    submit: plainText("Refuse", 24),
    close: plainText("Back", 24),
    blocks: [
      ...(line ? [paragraph(line)] : []),
      {
        type: "input",
        block_id: BLOCK,
        label: plainText("Why do you refuse?", 100),
        hint: plainText("The person who asked will read it.", 100),
        element: {
          type: "plain_text_input",
          action_id: BLOCK,
          multiline: true,
          min_length: 1,
          max_length: MAX_REASON,
        },
      },
    ],
  };
}

/** The reason, or what to say at the field. `state` is `view.state` of the submission. */
export function readRefuseModal(
  state: unknown,
): { readonly reason: string } | { readonly errors: Readonly<Record<string, string>> } {
  const read = stateSchema.safeParse(state);
  const reason = clean(read.data?.values[BLOCK][BLOCK].value ?? "").trim();
  if (reason === "") return { errors: { [BLOCK]: "Write a short reason." } };
  if (reason.length > MAX_REASON) return { errors: { [BLOCK]: `At most ${MAX_REASON} characters.` } };
  return { reason };
}
