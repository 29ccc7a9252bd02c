import type { CardField, CardItem } from "../../../src/types/card.ts";
import { CALLBACK_IDS } from "./action-ids.ts";
import { fromMinor } from "./amount.ts";
import { LIMITS } from "./block-cost.ts";
import { note, paragraph, plainText } from "./block-parts.ts";
import { type FieldForm, fieldBlock, formOf, inputOf } from "./edit-field.ts";
import { cut, oneLine } from "./plain.ts";
import type { ModalView, Reader, SlackBlock } from "./slack-message.ts";

export type EditModalOptions = {
  readonly reader: Reader;
  /** Why the last attempt was not taken (the house's words); shown above the fields. */
  readonly problem?: string | null;
};

/** How many fields have room beside the line, a problem and the note about the rest. */
export const MAX_FIELDS = LIMITS.viewBlocks - 5;

/** The form before an edited approval. `meta` comes back as `private_metadata`, at most 3,000 characters. */
export function editModal(item: CardItem, meta: string, options: EditModalOptions): ModalView {
  if (meta.length > 3_000) throw new RangeError("private_metadata holds at most 3,000 characters");
  const fields = item.editable.slice(0, MAX_FIELDS);
  const blocks: SlackBlock[] = [paragraph(oneLine(item.line))];
  if (options.problem) blocks.push(paragraph(`Not taken: ${cut(oneLine(options.problem), 1_000)}`));
  if (item.risk === "high") {
    const amount = oneLine(item.amountText ?? "");
    blocks.push(
      note(
        `High risk${amount === "" ? "" : `, now ${cut(amount, 100)}`}. "Approve" below approves it with your changes.`,
      ),
    );
  }
  blocks.push(...fields.map((field, i) => fieldBlockOf(field, i, options.reader)));
  const more = item.editable.length - fields.length;
  if (more > 0) blocks.push(note(`${more} more values cannot be changed here; they stay as they are.`));
  return {
    type: "modal",
    callback_id: CALLBACK_IDS.edit,
    private_metadata: meta,
    title: plainText("Change and approve", 24),
    submit: plainText("Approve", 24),
    close: plainText("Back", 24),
    blocks,
  };
}

function fieldBlockOf(field: CardField, index: number, reader: Reader): SlackBlock {
  const form = formOf(field, reader);
  const element = inputOf(form, field);
  const label = oneLine(field.label) || oneLine(field.name) || `Value ${index + 1}`;
  if (element === null || form.kind === "fixed") {
    const why = form.kind === "fixed" ? form.why : "";
    return note(`${cut(label, 200)}: ${why} It stays as it is.`);
  }
  const currency = form.kind === "money" && field.currency ? ` (${oneLine(field.currency)})` : "";
  const hint = hintOf(form, reader);
  return {
    type: "input",
    block_id: fieldBlock(field, index),
    label: plainText(`${cut(label, 200)}${cut(currency, 20)}`, 300),
    element,
    optional: field.value === null || field.value === "",
    ...(hint === null ? {} : { hint: plainText(hint, 300) }),
  };
}

function hintOf(form: FieldForm, reader: Reader): string | null {
  if (form.kind === "money") return `Written like ${exampleAmount(form.digits, reader)}.`;
  return null;
}

/** "48,000.00" as the reader would write it. */
export const exampleAmount = (digits: number, reader: Reader): string =>
  fromMinor(48_000 * 10 ** digits, digits, reader.locale);
