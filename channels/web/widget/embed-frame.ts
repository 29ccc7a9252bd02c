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
