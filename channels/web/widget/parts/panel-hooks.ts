import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "../state/api.ts";

/** Loads when one of `about` is another; the problem when it could not. What came before stays until then. */
export function useLoaded<T>(load: () => Promise<T>, about: readonly unknown[] = []) {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isGone = false;
    load().then(
      (answer) => {
        if (isGone) return;
        setValue(answer);
        setProblem(null);
      },
      (thrown) => isGone || setProblem(asProblem(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, about);
  return { value, problem };
}

/** The element that has the focus, through shadow roots. */
function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element as HTMLElement | null;
}

/** Where the last panel was opened from. */
let origin: HTMLElement | null = null;

/** What gets the focus back: where a panel takes another one's place the focus has gone with that, and its origin stays. */
function findOrigin(): HTMLElement | null {
  const focused = focusedElement();
  if (focused !== document.body || !origin?.isConnected) origin = focused;
  return origin;
}

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]';

/** Keeps the focus inside while mounted, and gives it back to where it was. Esc calls `onClose`. */
export function useFocusTrap(onClose: () => void): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  // Taken while rendering: once the page behind is inert, its focus is gone.
  const [before] = useState(findOrigin);
  const close = useRef(onClose);
  close.current = onClose;
  // At once: a key that comes right after the panel is for it.
  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null) return;
    const root = box.getRootNode() as ShadowRoot | Document;
    (box.querySelector<HTMLElement>("[data-first]") ?? box).focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close.current();
      }
      if (event.key !== "Tab") return;
      const all = [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
        (each) => each.offsetParent !== null,
      );
      const edge = event.shiftKey ? all[0] : all.at(-1);
      if (root.activeElement === edge || root.activeElement === box) {
        const to = event.shiftKey ? all.at(-1) : all[0];
        if (root.activeElement === box && !event.shiftKey) return;
        event.preventDefault();
        to?.focus();
      }
    };
    // What had the focus may have gone: then the key reaches nothing but the page.
    const onLost = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.activeElement === document.body) close.current();
    };
    box.addEventListener("keydown", onKey);
    addEventListener("keydown", onLost);
    return () => {
      box.removeEventListener("keydown", onKey);
      removeEventListener("keydown", onLost);
      // After this rendering, when the page behind can be reached again.
      requestAnimationFrame(() => {
        // Unless somebody went elsewhere meanwhile.
        if (document.activeElement === document.body) before?.focus({ preventScroll: true });
      });
    };
  }, []);
  return ref;
}
