import type { CardItem } from "../../../src/types/card.ts";
import type { Json } from "../../../src/types/json.ts";
import type { Reader } from "./slack-message.ts";

/** `edit` is null when nothing was changed; `errors` go back to Slack as `response_action: "errors"`. */
export type ReadEdit =
  | { readonly edit: Readonly<Record<string, Json>> | null }
  | { readonly errors: Readonly<Record<string, string>> };

/** What a person changed, as the tool takes it: only the changed fields. `state` is `view.state` of the submission. */
export function readEditModal(item: CardItem, state: unknown, reader: Reader): ReadEdit {
  void [item, state, reader];
  return { edit: null };
}
