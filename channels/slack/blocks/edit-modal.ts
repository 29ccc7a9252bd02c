import type { CardItem } from "../../../src/types/card.ts";
import { CALLBACK_IDS } from "./action-ids.ts";
import { paragraph, plainText } from "./block-parts.ts";
import type { ModalView, Reader } from "./slack-message.ts";

export type EditModalOptions = {
  readonly reader: Reader;
  /** Why the last attempt was not taken (the house's words); shown above the fields. */
  readonly problem?: string | null;
};

/** The form before an edited approval. `meta` comes back as `private_metadata`, at most 3,000 characters. */
export function editModal(item: CardItem, meta: string, options: EditModalOptions): ModalView {
  void options;
  return {
    type: "modal",
    callback_id: CALLBACK_IDS.edit,
    private_metadata: meta,
    title: plainText("Change and approve", 24),
    submit: plainText("Approve", 24),
    close: plainText("Back", 24),
    blocks: [paragraph(item.line)],
  };
}
