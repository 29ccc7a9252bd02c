import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Principal } from "../../../../src/types/principal.ts";
import { asProblem, type Problem } from "../state/api.ts";
import type { Chat, ChatState } from "../state/chat.ts";
import { recall } from "../state/remembered.ts";
import { createVoice, loadTexts, pickLanguage, type Said, type Voice } from "../text/texts.ts";

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
  const [texts, setTexts] = useState<(Said & { language: string }) | null>(null);
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
      void loadTexts(language).then((found) => isGone || setTexts({ language, ...found }));
    return () => {
      isGone = true;
    };
  }, [language]);
  return useMemo(() => {
    const reader = {
      locale: wishes.find((each) => each?.toLowerCase().startsWith(language)) ?? language,
      zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
    if (texts?.language === language) return createVoice(reader, language, texts);
    return createVoice(language === "en" ? reader : { ...reader, locale: "en" }, "en");
  }, [language, locale, zone, texts]);
}
