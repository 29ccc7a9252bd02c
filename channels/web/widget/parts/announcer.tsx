import { useEffect, useRef, useState } from "preact/hooks";
import type { ChatState } from "../state/chat.ts";
import { recall } from "../state/remembered.ts";
import { statusWords } from "../text/card-words.ts";
import { spoken } from "../text/plain.ts";
import { type TextKey, useVoice } from "../text/texts.ts";

type Props = {
  readonly state: ChatState;
  /** Whether the chat can be seen now; what comes meanwhile is counted. */
  readonly isShown: boolean;
  readonly onUnread?: ((count: number) => void) | undefined;
};

/**
 * Tells a screen reader what is finished: whole messages, cards that changed, new approvals. Never words as
 * they are being written, and nothing that was there when the conversation was opened. The same news are counted,
 * and rung or shown by the browser where the person wished it, while nobody looks.
 */
export function Announcer({ state, isShown, onUnread }: Props) {
  const voice = useVoice();
  const told = useRef(0);
  const session = useRef(state.session);
  const isReady = useRef(false);
  const waiting = useRef<ReadonlySet<string> | null>(null);
  const unread = useRef(0);
  const [lines, setLines] = useState<readonly { key: number; text: string }[]>([]);
  const key = useRef(0);

  useEffect(() => {
    const news: string[] = [];
    const requests: string[] = [];
    // A new conversation that one begins oneself is news from its first message on.
    if (session.current !== state.session) {
      if (session.current !== null || !state.isLoaded) isReady.current = false;
      session.current = state.session;
    }
    if (!state.isLoaded) isReady.current = false;
    const { items } = state.thread;
    const fresh = isReady.current ? items.filter((item) => item.seq > told.current) : [];
    for (const item of fresh) {
      if (item.kind === "message" && item.author.id !== state.me?.principal.id) {
        news.push(`${item.author.isAssistant ? "Steward" : item.author.name}: ${spoken(item.text)}`);
      }
      if (item.kind === "card")
        for (const each of item.card.items) news.push(`${statusWords(each, voice).text}: ${each.line}`);
      if (item.kind === "turn" && item.status === "failed" && item.error)
        news.push(voice.t(item.error.code as TextKey) || item.error.message);
    }
    told.current = state.thread.seen;
    if (state.isLoaded) isReady.current = true;
    for (const card of state.approvals.cards) {
      if (waiting.current?.has(card.id) || !state.approvals.waiting.has(card.id)) continue;
      const what = card.items.map((each) => each.line).join(". ");
      requests.push(voice.t("asksYou", { name: card.requester.name, what }));
    }
    // What waited before the page was opened is read out, but it is no reason to ring.
    const isRinging = waiting.current !== null;
    waiting.current = state.approvals.waiting;
    const all = [...news, ...requests];
    if (all.length === 0) return;
    setLines((before) => [...before, ...all.map((text) => ({ key: key.current++, text }))].slice(-5));
    if (isShown && !document.hidden) return;
    unread.current += news.length;
    onUnread?.(unread.current);
    const wishes = { sound: recall("sound") === "on", notify: isRinging && recall("notify") === "on" };
    if (wishes.sound || wishes.notify)
      import("../state/ring.ts").then(
        ({ ring }) => ring(requests, wishes),
        () => {},
      );
  }, [state]);

  useEffect(() => {
    const read = () => {
      if (document.hidden || !isShown || unread.current === 0) return;
      unread.current = 0;
      onUnread?.(0);
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [isShown, onUnread]);

  return (
    <div class="sr" role="log" aria-live="polite" aria-label={voice.t("news")}>
      {lines.map((line) => (
        <p key={line.key}>{line.text}</p>
      ))}
    </div>
  );
}
