/**
 * What a click means. It is kept on our side under an opaque id: a button carries only that id, so that nothing
 * in Slack can be changed into another decision. `digest` is what the card showed; an approval binds to it.
 */
export type ButtonIntent =
  | {
      readonly kind: "approve" | "edit" | "refuse";
      readonly card: string;
      readonly action: string;
      readonly approval: string;
      readonly digest: string | null;
    }
  | {
      readonly kind: "approve-all";
      readonly card: string;
      readonly approvals: readonly { readonly approval: string; readonly digest: string | null }[];
    }
  | { readonly kind: "why" | "undo"; readonly card: string; readonly action: string }
  | {
      readonly kind: "resolve";
      readonly card: string;
      readonly action: string;
      readonly choice: "check" | "retry" | "give-up";
    }
  | { readonly kind: "open-card"; readonly card: string }
  /** `item` is the id of the thread item that only its viewer may see. */
  | { readonly kind: "show-private"; readonly item: string }
  | { readonly kind: "feedback"; readonly message: string; readonly verdict: "up" | "down" };

/** Makes the opaque id of a button, at most 2,000 characters. */
export type IdFor = (what: ButtonIntent) => string;
