import type { RefObject } from "preact";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Principal } from "../../../../src/types/principal.ts";
import { asProblem, type Problem } from "../state/api.ts";
import type { Chat, ChatState } from "../state/chat.ts";
import { recall } from "../state/remembered.ts";
import { createVoice, loadTexts, pickLanguage, type Texts, type Voice } from "../text/texts.ts";

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

/** Every chat of the page, to be told when a setting of the browser has changed. */
const tellers = new Set<() => void>();
export const retell = (): void => {
  for (const tell of tellers) tell();
};

/**
 * The texts of whom it is for: in the language that the page or the person chose, else the person's or the browser's;
 * times and numbers as their own locale has them where it is of that language. English until a language has come.
 */
export function useVoiceOf(
  person: Pick<Principal, "locale" | "zone"> | null,
  wish: string | undefined,
): Voice {
  const [texts, setTexts] = useState<{ language: string; texts: Texts } | null>(null);
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const tell = () => again(undefined as never);
    tellers.add(tell);
    return () => void tellers.delete(tell);
  }, []);
  const { locale, zone } = person ?? {};
  const wishes = [recall("language"), wish, locale, navigator.language];
  const language = pickLanguage(wishes);
  useEffect(() => {
    let isGone = false;
    if (language !== "en")
      void loadTexts(language).then((found) => isGone || setTexts({ language, texts: found }));
    return () => {
      isGone = true;
    };
  }, [language]);
  return useMemo(() => {
    const reader = {
      locale: wishes.find((each) => each?.toLowerCase().startsWith(language)) ?? language,
      zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
    if (texts?.language === language) return createVoice(reader, language, texts.texts);
    return createVoice(language === "en" ? reader : { ...reader, locale: "en" }, "en", {});
  }, [language, locale, zone, texts]);
}

/** The page's title with a count before it. */
export function useTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Steward` : "Steward";
    return () => {
      document.title = "Steward";
    };
  }, [count]);
}

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
