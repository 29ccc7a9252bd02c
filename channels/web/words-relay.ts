import type { Server } from "socket.io";
import type { Delta } from "../../src/types/channel.ts";
import { createStreamBuffer, type WireDelta } from "./stream-buffer.ts";

/** Name of the event between replicas. */
const EVENT = "steward:words";

/**
 * Words of running turns, to the watchers here and, where there are other replicas, to theirs: each holds the words
 * so far, so that whoever joins anywhere in the middle gets them from the start. What is lost on the way is shown
 * when the whole message follows from the log.
 */
export function createWordsRelay(io: Server, roomOf: (session: string) => string, relayMs: number | null) {
  const buffer = createStreamBuffer();
  const waiting = new Map<string, WireDelta>();
  let timer: NodeJS.Timeout | undefined;

  const show = (words: WireDelta) => void io.local.to(roomOf(words.session)).emit("delta", words);
  const flush = () => {
    timer = undefined;
    for (const words of waiting.values()) io.serverSideEmit(EVENT, words);
    waiting.clear();
  };
  const relay = (words: WireDelta) => {
    if (relayMs === null) return;
    const before = waiting.get(words.session);
    const follows = before?.turn === words.turn && before.offset + before.text.length === words.offset;
    if (before !== undefined && !follows) io.serverSideEmit(EVENT, before);
    waiting.set(
      words.session,
      before !== undefined && follows
        ? { ...words, offset: before.offset, text: before.text + words.text, step: words.step ?? before.step }
        : words,
    );
    timer ??= setTimeout(flush, relayMs);
  };
  if (relayMs !== null) {
    io.on(EVENT, (words: WireDelta) => {
      if (buffer.follow(words)) show(words);
    });
  }
  return {
    say(delta: Delta): void {
      const words = buffer.add(delta);
      show(words);
      relay(words);
    },
    catchUp: buffer.catchUp,
    said: buffer.said,
    over: buffer.over,
    stop: () => clearTimeout(timer),
  };
}
