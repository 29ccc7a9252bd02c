import type { RefObject } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { asProblem, type Problem } from "../state/api.ts";
import type { Chat, ChatState } from "../state/chat.ts";
import type { Reader } from "../text/time.ts";

/** The chat's state, rendered anew at each change. */
export function useChat(chat: Chat): ChatState {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    again(undefined as never);
    return chat.subscribe(() => again(undefined as never));
  }, [chat]);
  return chat.state();
}

/** The time, ticking every `everyMs` while `isOn`. */
export function useNow(everyMs: number, isOn = true): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isOn]);
  return now;
}

export type Deed = {
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  /** Does it unless one is under way already: twenty clicks are one. True when it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
};

/** A button's deed: busy while it runs, and the problem when it did not succeed. */
export function useDeed(): Deed {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  // State is only seen at the next rendering; a second click may come before it.
  const isRunning = useRef(false);
  return {
    isBusy,
    problem,
    async run(work) {
      if (isRunning.current) return false;
      isRunning.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (thrown) {
        setProblem(asProblem(thrown));
        return false;
      } finally {
        isRunning.current = false;
        setBusy(false);
      }
    },
  };
}

export function readerOf(state: ChatState): Reader {
  const principal = state.me?.principal;
  return {
    locale: principal?.locale ?? navigator.language,
    zone: principal?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** The element that has the focus, through shadow roots. */
function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element as HTMLElement | null;
}

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex="0"]';

/** Keeps the focus inside while mounted, and gives it back to where it was. Esc calls `onClose`. */
export function useFocusTrap(onClose: () => void): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  // Taken while rendering: once the page behind is inert, its focus is gone.
  const [before] = useState(focusedElement);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
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
    box.addEventListener("keydown", onKey);
    return () => {
      box.removeEventListener("keydown", onKey);
      // After this rendering, when the page behind can be reached again.
      requestAnimationFrame(() => before?.focus({ preventScroll: true }));
    };
  }, []);
  return ref;
}
