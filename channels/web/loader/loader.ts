import type { attach as Attach, Attached, EmbedIdentity } from "../widget/embed.tsx";
import { LAUNCHER_CSS, launcherIcon } from "./launcher.ts";

/** Names of the files that the chat begins with, the entry first; put in when this is bundled. */
declare const FILES: readonly string[];

/** What the attributes of the script tag, or `Steward.mount`, may say. All are optional. */
export type EmbedOptions = {
  target?: string | Element;
  position?: string;
  theme?: string;
  accent?: string;
  language?: string;
  title?: string;
  open?: boolean | string;
  preload?: boolean | string;
};
type Listener = (detail?: unknown) => void;
type Queued = readonly [string, ...unknown[]];

const script = document.currentScript as HTMLScriptElement;
const base = new URL(script.src).origin;
const address = (name: string) => `${base}/assets/${name}`;
const isOn = (value: unknown) => value === true || (typeof value === "string" && value !== "false");
type Code = { readonly attach: typeof Attach };
let code: Promise<Code> | undefined;

function load(): Promise<Code> {
  for (const name of FILES) {
    // All parts at once, instead of each when the one before it was read.
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = address(name);
    document.head.append(link);
  }
  // A task of its own for the first drawing: with the reading of the code it would be a long one on a busy machine.
  code ??= import(address(FILES[0] as string)).then(
    (found) => new Promise<Code>((go) => setTimeout(go, 0, found)),
  );
  code.catch(() => {
    code = undefined;
  });
  return code;
}

/** One chat on the page: beside it behind a button, or inside `target`. */
function mount(target: Element | null, options: EmbedOptions = {}) {
  const host = document.createElement("steward-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_CSS);
  root.adoptedStyleSheets = [sheet];
  const title = options.title || "Steward";
  const { dataset: look } = host;
  const make = <K extends keyof HTMLElementTagNameMap>(name: K, className: string) => {
    const element = document.createElement(name);
    element.className = className;
    root.append(element);
    return element;
  };
  const panel = make("div", "panel");
  const slot = panel.appendChild(document.createElement("div"));
  const listeners = new Map<string, Set<Listener>>();
  const emit = (name: string, detail?: unknown) => {
    for (const hear of [...(listeners.get(name) ?? [])]) {
      try {
        hear(detail);
      } catch (error) {
        // A fault of the page is the page's: told there, and no matter here.
        reportError(error);
      }
    }
  };
  let attached: Promise<Attached | null> | null = null;
  let chat: Attached | null = null;
  let identity: EmbedIdentity | null = null;
  let isOpen = target !== null;
  let isGone = false;

  if (options.theme === "light" || options.theme === "dark") look.theme = options.theme;
  if (options.accent) {
    host.style.setProperty("--steward-accent", options.accent);
    look.accent = "";
  }
  if (target) look.inline = "";
  if (options.position === "left") look.left = "";

  const button = target ? null : make("button", "launcher");
  if (button) {
    button.type = "button";
    button.title = title;
    button.ariaHasPopup = "dialog";
    button.append(launcherIcon());
    button.onclick = () => (isOpen ? close() : open());
    // A hand on its way to the button: the chat is there when it arrives.
    button.onpointerenter = button.onfocus = () => void load().catch(() => {});
    panel.role = "dialog";
    panel.ariaLabel = title;
  }
  const count = button?.appendChild(document.createElement("span"));
  const showUnread = (unread: number) => {
    if (!count || !button) return;
    count.textContent = unread > 99 ? "99+" : unread > 0 ? String(unread) : "";
    button.ariaLabel = unread > 0 ? `${title} (${unread})` : title;
    emit("unread", unread);
  };
  const show = () => {
    look.state = isOpen ? "open" : "closed";
    if (button) button.ariaExpanded = String(isOpen);
  };
  showUnread(0);
  show();

  const begin = (): Promise<Attached | null> => {
    attached ??= load().then(
      ({ attach }) => {
        if (isGone) return null;
        chat = attach(slot, {
          ...{ base, identity, title, isOpen, language: options.language, theme: look.theme },
          onClose: target ? null : close,
          emit: (name, detail) => (name === "unread" ? showUnread(Number(detail)) : emit(name, detail)),
        });
        return chat;
      },
      () => {
        attached = null;
        const message = `Steward could not be loaded from ${base}.`;
        slot.textContent = message;
        emit("error", { code: "NET-000", message });
        return null;
      },
    );
    return attached;
  };
  const withChat = (work: (loaded: Attached) => void) =>
    void begin().then((loaded) => loaded && work(loaded));

  function open(): void {
    if (isOpen || isGone) return;
    isOpen = true;
    show();
    withChat((loaded) => isOpen && loaded.show(true));
    emit("open");
  }
  function close(): void {
    if (!isOpen || target || isGone) return;
    // Given back only when it was inside: a page that closes it from elsewhere keeps its own focus.
    const hadFocus = document.activeElement === host;
    isOpen = false;
    show();
    chat?.show(false);
    if (hadFocus) button?.focus();
    emit("close");
  }

  (target ?? document.body).append(host);
  if (target) withChat((loaded) => loaded.show(true));
  else if (isOn(options.open)) open();
  else if (isOn(options.preload)) void begin();

  return {
    element: host,
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
    /** Opens and sends, as if the person had typed it. */
    send(text: string) {
      open();
      withChat((loaded) => loaded.send(String(text)));
    },
    /** A token, or a function that gets one; null signs out. */
    identify(next: EmbedIdentity | null) {
      identity = next;
      // One that is still on its way begins with what was said last.
      chat?.identify(next);
    },
    on(name: string, hear: Listener) {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(hear));
      return () => void all.delete(hear);
    },
    destroy() {
      isGone = true;
      chat?.destroy();
      host.remove();
      listeners.clear();
    },
  };
}

/** Runs once the page has a body to put a chat into. */
function whenReady(work: () => void): void {
  if (document.body) work();
  else document.addEventListener("DOMContentLoaded", work, { once: true });
}

const { dataset } = script;
const place = window as unknown as { Steward?: unknown };
const before = place.Steward as Queued[] | (ReturnType<typeof mount> & { mount: typeof mount }) | undefined;

whenReady(() => {
  if (before && !Array.isArray(before)) {
    // A second script tag is a second chat; the page's `Steward` stays the first.
    if ("steward" in dataset)
      before.mount(dataset.target ? document.querySelector(dataset.target) : null, dataset);
    return;
  }
  const find = (target: EmbedOptions["target"]) =>
    typeof target === "string" ? document.querySelector(target) : (target ?? null);
  const main = "steward" in dataset ? mount(find(dataset.target), dataset) : null;
  const call = ([name, ...rest]: Queued) =>
    (api as unknown as Record<string, (...given: unknown[]) => unknown>)[name]?.(...rest);
  const api = {
    ...main,
    mount: (target: string | Element | null, options: EmbedOptions = {}) =>
      mount(find(target ?? undefined), options),
    push: (...calls: Queued[]) => void calls.forEach(call),
  };
  place.Steward = api;
  if (before) api.push(...(before as Queued[]));
});
