import { useEffect, useRef, useState } from "preact/hooks";
import type { ChatState } from "../state/chat.ts";
import { statusWords } from "../text/card-words.ts";
import { spoken } from "../text/plain.ts";

/**
 * Tells a screen reader what is finished: whole messages, cards that changed, new approvals. Never words as
 * they are being written, and nothing that was there when the conversation was opened.
 */
export function Announcer({ state }: { state: ChatState }) {
  const told = useRef(0);
  const session = useRef(state.session);
  const isReady = useRef(false);
  const waiting = useRef<ReadonlySet<string>>(new Set());
  const [lines, setLines] = useState<readonly { key: number; text: string }[]>([]);
  const key = useRef(0);

  useEffect(() => {
    const news: string[] = [];
    // A new conversation that one begins oneself is news from its first message on.
    if (session.current !== state.session) {
      if (session.current !== null || !state.isLoaded) isReady.current = false;
      session.current = state.session;
    }
    if (!state.isLoaded) isReady.current = false;
    for (const item of state.thread.items) {
      if (item.seq <= told.current && isReady.current) continue;
      if (!isReady.current) continue;
      if (item.kind === "message" && item.author.id !== state.me?.principal.id) {
        news.push(`${item.author.isAssistant ? "Steward" : item.author.name}: ${spoken(item.text)}`);
      }
      if (item.kind === "card")
        for (const each of item.card.items) news.push(`${statusWords(each).text}: ${each.line}`);
      if (item.kind === "turn" && item.status === "failed" && item.error) news.push(item.error.message);
    }
    told.current = state.thread.seen;
    if (state.isLoaded) isReady.current = true;
    for (const card of state.approvals.cards) {
      if (waiting.current.has(card.id) || !state.approvals.waiting.has(card.id)) continue;
      news.push(
        `Waiting for you: ${card.requester.name} asks. ${card.items.map((each) => each.line).join(". ")}`,
      );
    }
    waiting.current = state.approvals.waiting;
    if (news.length > 0) {
      setLines((before) => [...before, ...news.map((text) => ({ key: key.current++, text }))].slice(-5));
    }
  }, [state]);

  return (
    <div class="sr" role="log" aria-live="polite" aria-label="What is new">
      {lines.map((line) => (
        <p key={line.key}>{line.text}</p>
      ))}
    </div>
  );
}
