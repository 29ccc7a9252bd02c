import type { types } from "@slack/bolt";

export type SlackBlock = types.KnownBlock;
export type ModalView = types.ModalView;
export type HomeView = types.HomeView;
export type Button = types.Button;
export type PlainText = types.PlainTextElement;
export type ActionsBlock = types.ActionsBlock;
export type ContextActionsBlock = types.ContextActionsBlock;
export type ContextBlock = types.ContextBlock;
export type ContextElement = types.ContextBlockElement;
export type InputBlock = types.InputBlock;
export type InputElement = types.InputBlockElement;
export type RichTextBlock = types.RichTextBlock;
export type RichTextPart = types.RichTextBlockElement;
export type RichTextList = types.RichTextList;
export type TableBlock = types.TableBlock;
export type Leaf = types.RichTextText | types.RichTextLink | types.RichTextDate;
export type Confirm = types.ConfirmationDialog;

/** One message: `text` is what notifications and screen readers say, already escaped for Slack. */
export type SlackMessage = { readonly text: string; readonly blocks: SlackBlock[] };

/** How a person reads times and numbers: BCP 47 language and IANA zone, as Slack's `users.info` tells them. */
export type Reader = { readonly locale: string; readonly zone: string };

/** The page of the web chat for something; null when there is none that people can reach. */
export type LinkTo = (what: {
  readonly document?: string;
  readonly passage?: string;
  readonly session?: string;
  readonly turn?: string;
}) => string | null;
