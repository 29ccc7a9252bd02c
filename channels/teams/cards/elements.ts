import type { Json, JsonObject } from "../../../src/types/json.ts";
import { foreign } from "./foreign-text.ts";

/** Colours of Adaptive Cards; never the only carrier of a meaning. */
export type Tone = "Default" | "Accent" | "Good" | "Warning" | "Attention";

/** A piece of a line. Runs are never read as markdown, so other people's words stand in runs only. */
type RunStyle = {
  readonly isBold?: boolean;
  readonly isQuiet?: boolean;
  readonly isStruck?: boolean;
  readonly isItalic?: boolean;
  readonly isCode?: boolean;
  readonly tone?: Tone;
};

/** Plain words, ours or others'. */
export function run(text: string, style: RunStyle = {}): JsonObject {
  return {
    type: "TextRun",
    text: foreign(text),
    ...(style.isBold ? { weight: "Bolder" } : {}),
    ...(style.isQuiet ? { isSubtle: true } : {}),
    ...(style.isStruck ? { strikethrough: true } : {}),
    ...(style.isItalic ? { italic: true } : {}),
    ...(style.isCode ? { fontType: "Monospace" } : {}),
    ...(style.tone && style.tone !== "Default" ? { color: style.tone } : {}),
  };
}

/** A line of runs; it wraps by itself. */
export function line(runs: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { type: "RichTextBlock", inlines: runs, spacing: "Small", ...more };
}

/** Words of our own only: a text block is read as markdown, and replaces {{DATE()}} by the reader's. */
export function ownText(text: string, more: JsonObject = {}): JsonObject {
  return { type: "TextBlock", text, wrap: true, spacing: "Small", ...more };
}

export function container(items: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { type: "Container", items, ...more };
}

type Button = {
  readonly title: string;
  readonly verb: string;
  /** The opaque id of the button. */
  readonly id: string;
  readonly style?: "positive" | "destructive";
  readonly takesInputs?: boolean;
};

/** A button that answers in place; clients that do not know it send the same data as a message. */
export function execute({ title, verb, id, style, takesInputs = false }: Button): JsonObject {
  const shared = {
    title,
    data: { b: id },
    ...(style ? { style } : {}),
    associatedInputs: takesInputs ? "auto" : "none",
  };
  return { type: "Action.Execute", verb, ...shared, fallback: { type: "Action.Submit", ...shared } };
}

/** A button that opens a second step inside the card. */
export function showCard(
  title: string,
  body: readonly JsonObject[],
  actions: readonly JsonObject[],
): JsonObject {
  return {
    type: "Action.ShowCard",
    title,
    card: { type: "AdaptiveCard", body, actions },
  };
}

/** Opens a dialog (task module) that `task/fetch` fills. */
export function openDialog(title: string, id: string): JsonObject {
  return { type: "Action.Submit", title, data: { b: id, msteams: { type: "task/fetch" } } };
}

export function openUrl(title: string, url: string): JsonObject {
  return { type: "Action.OpenUrl", title, url };
}

export const actionSet = (actions: readonly JsonObject[]): JsonObject => ({ type: "ActionSet", actions });

type Shell = {
  readonly body: readonly JsonObject[];
  readonly actions?: readonly JsonObject[];
  /** One line for notifications and for clients without cards. */
  readonly fallbackText: string;
  readonly rtl?: boolean;
  readonly refresh?: { readonly id: string; readonly userIds: readonly string[] } | null;
};

/** Teams redraws a card by itself for at most so many people. */
const MAX_REFRESH_USERS = 60;

export function adaptiveCard({ body, actions = [], fallbackText, rtl = false, refresh }: Shell): JsonObject {
  const userIds = [...new Set(refresh?.userIds ?? [])].slice(0, MAX_REFRESH_USERS);
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.5",
    fallbackText: foreign(fallbackText),
    ...(rtl ? { rtl } : {}),
    msteams: { width: "Full" },
    ...(refresh && userIds.length > 0
      ? {
          refresh: {
            action: { type: "Action.Execute", title: "Refresh", verb: "refresh", data: { b: refresh.id } },
            userIds,
          },
        }
      : {}),
    body,
    ...(actions.length > 0 ? { actions } : {}),
  };
}

export const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

export const cardAttachment = (card: JsonObject): { contentType: string; content: JsonObject } => ({
  contentType: CARD_TYPE,
  content: card,
});

/** Bytes of a payload on the wire. */
export const sizeOf = (payload: Json): number => Buffer.byteLength(JSON.stringify(payload));
