const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]';

/** Keeps the keyboard inside the chat while it is in there; Esc closes. Returns the way to stop. */
export function keepFocus(slot: HTMLElement, onClose: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    const root = slot.shadowRoot;
    if (root === null || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
      return;
    }
    if (event.key !== "Tab") return;
    const all = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
      (each) => each.checkVisibility({ visibilityProperty: true }) && each.closest("[inert]") === null,
    );
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
  };
  slot.addEventListener("keydown", onKey);
  return () => slot.removeEventListener("keydown", onKey);
}

/** On a phone the keyboard covers what the page does not know of: the chat ends where it begins. */
export function sizeToKeyboard(slot: HTMLElement): () => void {
  const view = window.visualViewport;
  const panel = slot.parentElement;
  if (view === null || panel === null) return () => {};
  const follow = () => {
    const isFull = innerWidth < 480;
    panel.style.setProperty("height", isFull ? `${view.height}px` : "");
    panel.style.setProperty("top", isFull ? `${view.offsetTop}px` : "", isFull ? "important" : "");
  };
  follow();
  view.addEventListener("resize", follow);
  view.addEventListener("scroll", follow);
  return () => {
    view.removeEventListener("resize", follow);
    view.removeEventListener("scroll", follow);
  };
}
