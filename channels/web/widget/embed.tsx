import { createEvents } from "./embed-events.ts";
import { keepFocus } from "./embed-frame.ts";
import { type MountedChat, mountChat } from "./mount.tsx";
import { type Identity, readClaims } from "./state/credentials.ts";
import { loadTexts, pickLanguage } from "./text/texts.ts";

/** A token, or how to get one: asked again before each ends. */
export type EmbedIdentity = string | (() => Promise<string> | string);

export type AttachOptions = {
  readonly base: string;
  readonly identity: EmbedIdentity | null;
  readonly title: string;
  readonly isOpen: boolean;
  readonly language?: string | undefined;
  readonly theme?: string | undefined;
  /** Null where the chat is a part of the page and cannot be closed. */
  readonly onClose: (() => void) | null;
  emit(name: string, detail?: unknown): void;
};
export type Attached = {
  show(isOpen: boolean): void;
  send(text: string): void;
  identify(identity: EmbedIdentity | null): void;
  destroy(): void;
};

/** How long a page may take to say who somebody is before it is told that it did not. */
const PATIENCE_MS = 4_000;

const asIdentity = (given: EmbedIdentity): Identity =>
  typeof given === "string" ? { token: given } : { identify: given };
const personOf = (given: EmbedIdentity | null) =>
  typeof given === "string" ? (readClaims(given).sub ?? given) : given;

/** The chat in an element of a host page: who one is comes from the page, and what happens is told to it. */
export function attach(slot: HTMLElement, options: AttachOptions): Attached {
  const { base, emit, onClose } = options;
  let identity: EmbedIdentity | null = null;
  let chat: MountedChat | null = null;
  let stopEvents = () => {};
  let isOpen = options.isOpen;
  let pending: string[] = [];
  let patience: ReturnType<typeof setTimeout> | undefined;
  const { theme } = options;
  if (theme !== undefined) slot.dataset.theme = theme;
  const letGo = onClose ? [keepFocus(slot, onClose)] : [];
  // Only what has no keyboard of its own shows one on the screen.
  if (onClose && matchMedia("(pointer: coarse)").matches) {
    import("./embed-keyboard.ts").then(
      ({ sizeToKeyboard }) => letGo.push(sizeToKeyboard(slot)),
      () => {},
    );
  }

  function begin(next: EmbedIdentity): void {
    clearTimeout(patience);
    identity = next;
    (slot.shadowRoot ?? slot).replaceChildren();
    chat = mountChat(slot, {
      identity: asIdentity(next),
      base,
      personas: null,
      onSignOut: null,
      isShown: isOpen,
      onClose,
      ...(options.language === undefined ? {} : { language: options.language }),
      onUnread: (count: number) => emit("unread", count),
      onWaiting: (count: number) => emit("approval", count),
    });
    stopEvents = createEvents(chat.chat, emit);
    for (const text of pending.splice(0)) chat.chat.send(text, []);
    if (isOpen && onClose) chat.focus();
  }
  function end(): void {
    stopEvents();
    chat?.unmount();
    chat = null;
    identity = null;
    emit("unread", 0);
  }
  function waitForIdentity(): void {
    clearTimeout(patience);
    patience = setTimeout(() => {
      const message = "This page has not said who you are. Sign in to it, or reload it.";
      if (chat !== null) return;
      void loadTexts(pickLanguage([options.language, navigator.language])).then(
        ({ texts }) => chat ?? mountNote(slot, String(texts["IDN-400"] ?? message)),
      );
      emit("error", { code: "IDN-400", message });
    }, PATIENCE_MS);
  }

  if (options.identity === null) waitForIdentity();
  else begin(options.identity);
  return {
    show(next) {
      isOpen = next;
      chat?.update({ isShown: next });
      if (next && onClose) chat?.focus();
    },
    send(text) {
      if (chat === null) pending = [...pending, text].slice(-20);
      else chat.chat.send(text, []);
    },
    identify(next) {
      if (next === null) {
        end();
        return waitForIdentity();
      }
      // A newer token of the same person goes on with the same conversation.
      if (chat !== null && typeof next === "string" && personOf(next) === personOf(identity)) {
        identity = next;
        chat.chat.api.credentials.replace(next);
        return;
      }
      if (chat !== null) end();
      begin(next);
    },
    destroy() {
      clearTimeout(patience);
      for (const stop of letGo) stop();
      end();
    },
  };
}

function mountNote(slot: HTMLElement, message: string): void {
  const note = document.createElement("p");
  note.textContent = message;
  note.setAttribute("role", "status");
  (slot.shadowRoot ?? slot).replaceChildren(note);
}
