import type { CardItem } from "../../../src/types/card.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import { MAX_CARD_BYTES } from "./approval-card.ts";
import type { Reader } from "./card-times.ts";
import { editInputs } from "./edit-fields.ts";
import { adaptiveCard, line, run, sizeOf } from "./elements.ts";
import { foreignLine } from "./foreign-text.ts";
import { formOf } from "./item-actions.ts";

/** The form of an edit in a dialog; null when even that cannot hold its values. */
export function editDialog(
  item: CardItem,
  place: number,
  reader: Reader,
  buttonId: string,
  wrong: string | null = null,
): JsonObject | null {
  const card = adaptiveCard({
    body: [
      line([run(foreignLine(item.line, 300), { isBold: true })]),
      ...(wrong === null ? [] : [line([run(foreignLine(wrong, 300), { tone: "Attention", isBold: true })])]),
      ...editInputs(formOf("edit", place), item.editable, reader),
      line([run(`This is approved as changed. ${foreignLine(item.undoText, 200)}`, { isQuiet: true })]),
    ],
    actions: [
      { type: "Action.Submit", title: "Approve with changes", style: "positive", data: { b: buttonId } },
    ],
    fallbackText: "Edit and approve",
  });
  return sizeOf(card) <= MAX_CARD_BYTES ? card : null;
}
