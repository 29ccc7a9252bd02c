import { render } from "preact";
import { chatSheet } from "./chat-sheet.ts";
import { ChatView, type ChatViewProps } from "./chat-view.tsx";
import { type Chat, createChat } from "./state/chat.ts";
import type { Identity } from "./state/credentials.ts";

export type MountOptions = Omit<ChatViewProps, "chat"> & {
  readonly identity: Identity;
  /** Where Steward is; the page's own origin when left out. */
  readonly base?: string;
};

export type MountedChat = {
  readonly chat: Chat;
  update(options: Partial<Omit<ChatViewProps, "chat">>): void;
  /** Puts the focus where one writes. */
  focus(): void;
  unmount(): void;
};

/**
 * Puts a chat into an element. It lives in a shadow root with a constructed style sheet: the page's CSS does not
 * reach in, and no inline style is needed, so that the strictest Content-Security-Policy holds.
 */
export function mountChat(element: HTMLElement, { identity, base, ...first }: MountOptions): MountedChat {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [chatSheet()];
  const chat = createChat(identity, base);
  let props = first;
  const show = () => render(<ChatView chat={chat} {...props} />, root);
  show();
  return {
    chat,
    focus() {
      // After this rendering, when the field is there.
      requestAnimationFrame(() => root.querySelector("textarea")?.focus({ preventScroll: true }));
    },
    update(options) {
      props = { ...props, ...options };
      show();
    },
    unmount() {
      chat.close();
      render(null, root);
    },
  };
}
