import type { CardItem } from "../../../src/types/card.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import type { Reader } from "./card-times.ts";
import { editInputs } from "./edit-fields.ts";
import { execute, line, openDialog, run, showCard, sizeOf } from "./elements.ts";
import { foreignLine } from "./foreign-text.ts";

/** What a button stands for; kept by the server under the button's id. It says which, never with what. */
export type ButtonMeaning = {
  readonly verb:
    | "approve"
    | "approve-all"
    | "edit"
    | "edit-dialog"
    | "refuse"
    | "undo"
    | "check"
    | "retry"
    | "give-up"
    | "why"
    | "refresh"
    | "open"
    | "show-private";
  readonly approval: string | null;
  readonly digest: string | null;
  readonly action: string | null;
  /** Which item of the card it belongs to; its form is named after it. */
  readonly place?: number;
  /** Of `approve-all`: each approval with the digest that was shown. */
  readonly all?: readonly { readonly approval: string; readonly digest: string }[];
};

/** Gives a button its opaque id. */
export type Mint = (meaning: ButtonMeaning) => string;

/** A form in the card stays readable up to here; what is larger opens in a dialog. */
const MAX_FORM_FIELDS = 6;
const MAX_FORM_BYTES = 4_000;
export const MAX_REASON = 500;

/** The id of the form of one item; its inputs begin with it. */
export const formOf = (kind: "edit" | "reason", place: number): string => `${kind}${place}`;

/** What this reader can do with an item now. */
export function itemActions(
  item: CardItem,
  place: number,
  options: {
    readonly mint: Mint;
    readonly reader: Reader;
    readonly isRequester: boolean;
    readonly now: Date;
  },
): JsonObject[] {
  const { mint, now } = options;
  const meaning = (verb: ButtonMeaning["verb"]): ButtonMeaning => ({
    verb,
    approval: item.approval,
    digest: item.digest ?? null,
    action: item.action,
    place,
  });
  const button = (title: string, verb: ButtonMeaning["verb"], style?: "positive" | "destructive") =>
    execute({ title, verb, id: mint(meaning(verb)), ...(style ? { style } : {}) });
  const isPast = item.expiresAt !== null && Date.parse(item.expiresAt) <= now.getTime();

  if (item.status === "awaiting" && item.mayDecide && item.approval !== null && !isPast) {
    return [
      approveAction(item, button),
      ...(item.editable.length > 0 ? [editAction(item, place, options, meaning)] : []),
      refuseAction(place, mint(meaning("refuse"))),
    ];
  }
  const mayUndo =
    item.status === "succeeded" && item.undoUntil !== null && Date.parse(item.undoUntil) > now.getTime();
  const isDecided = !["awaiting", "running", "proposed"].includes(item.status);
  return [
    ...(mayUndo ? [button("Undo", "undo")] : []),
    ...(item.status === "unknown" && options.isRequester
      ? [
          button("Check", "check"),
          button("Retry with the same key", "retry"),
          button("Give up", "give-up", "destructive"),
        ]
      : []),
    ...(isDecided ? [button("Why?", "why")] : []),
  ];
}

type MakeButton = (
  title: string,
  verb: ButtonMeaning["verb"],
  style?: "positive" | "destructive",
) => JsonObject;

/** High risk asks once more and names the amount. */
function approveAction(item: CardItem, button: MakeButton): JsonObject {
  if (item.risk !== "high") return button("Approve", "approve", "positive");
  const amount = item.amountText === null ? null : foreignLine(item.amountText, 60);
  const question = line([
    run("Approve "),
    run(amount ?? "this", { isBold: true }),
    run(`? ${foreignLine(item.undoText, 200)}`),
  ]);
  const yes = amount === null ? "Yes, approve" : `Yes, approve ${amount}`;
  return showCard("Approve", [question], [button(yes, "approve", "positive")]);
}

function editAction(
  item: CardItem,
  place: number,
  { mint, reader }: { readonly mint: Mint; readonly reader: Reader },
  meaning: (verb: ButtonMeaning["verb"]) => ButtonMeaning,
): JsonObject {
  const inputs = editInputs(formOf("edit", place), item.editable, reader);
  if (item.editable.length > MAX_FORM_FIELDS || sizeOf(inputs) > MAX_FORM_BYTES)
    return openDialog("Edit", mint(meaning("edit-dialog")));
  // High risk asks once more also here: the words say that the changed one is approved.
  const title = item.risk === "high" ? "Yes, approve the changed one" : "Approve with changes";
  const body =
    item.risk === "high"
      ? [...inputs, line([run(`This is approved as changed. ${foreignLine(item.undoText, 200)}`)])]
      : inputs;
  return showCard("Edit", body, [
    execute({ title, verb: "edit", id: mint(meaning("edit")), style: "positive", takesInputs: true }),
  ]);
}

function refuseAction(place: number, id: string): JsonObject {
  const input = {
    type: "Input.Text",
    id: formOf("reason", place),
    label: "Why do you refuse? The requester will read it.",
    isMultiline: true,
    maxLength: MAX_REASON,
    isRequired: true,
    errorMessage: "Write a reason.",
  };
  return showCard(
    "Refuse",
    [input],
    [execute({ title: "Refuse", verb: "refuse", id, style: "destructive", takesInputs: true })],
  );
}
