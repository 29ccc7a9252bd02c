import { css } from "steward:panel.css";
import type { Card } from "../../../../src/types/card.ts";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { Citation } from "../../../../src/types/passage.ts";
import { addRules } from "../chat-sheet.ts";
import type { Chat } from "../state/chat.ts";
import { addEnglish } from "../text/texts.ts";
import later from "../texts/en.later.json" with { type: "json" };
import { FilePanel } from "./file-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { DocumentPanel, RequestPanel, WhyPanel } from "./panels.tsx";
import { SettingsPanel } from "./settings-panel.tsx";

addRules(css);
addEnglish(later);

/** What lies over the chat; `back`: what lay there before, to go back to. */
export type Open = { readonly back?: Open } & (
  | { readonly kind: "source"; readonly citation: Citation }
  | { readonly kind: "why"; readonly action: string }
  | { readonly kind: "request"; readonly card: Card }
  | { readonly kind: "file"; readonly file: FileRef; readonly turn?: string }
  | { readonly kind: "history" | "settings" }
);

type Props = {
  readonly open: Open;
  readonly chat: Chat;
  readonly session: string | null;
  readonly show: (open: Open) => void;
  readonly onClose: () => void;
};

export function OpenPanel({ open, chat, session, show, onClose: onEnd }: Props) {
  const { back } = open;
  const onClose = back ? () => show(back) : onEnd;
  switch (open.kind) {
    case "source":
      return <DocumentPanel chat={chat} citation={open.citation} onClose={onClose} />;
    case "why":
      return <WhyPanel chat={chat} action={open.action} onClose={onClose} />;
    case "request":
      return <RequestPanel chat={chat} card={open.card} show={show} onClose={onClose} />;
    case "file":
      return <FilePanel chat={chat} file={open.file} turn={open.turn ?? null} onClose={onClose} />;
    case "history":
      return <HistoryPanel chat={chat} current={session} onClose={onClose} />;
    case "settings":
      return <SettingsPanel chat={chat} onClose={onClose} />;
  }
}
