import type { Delta } from "../../src/types/channel.ts";

/** A delta as it goes over the wire: `offset` is where its text begins in the words of the turn so far. */
export type WireDelta = Delta & { readonly offset: number };

const MAX_SESSIONS = 2_000;
const MAX_CHARACTERS = 100_000;

/**
 * Holds the words of running turns, so that who comes in the middle gets them from the start and a lost piece is
 * noticed. Bounded: the oldest turn goes first, and a very long text is no longer held but still sent.
 */
export function createStreamBuffer() {
  const texts = new Map<string, { turn: string; text: string; step: string | null }>();

  return {
    add(delta: Delta): WireDelta {
      const known = texts.get(delta.session);
      const before = known?.turn === delta.turn ? known : { turn: delta.turn, text: "", step: null };
      const offset = before.text.length;
      const text = offset + delta.text.length > MAX_CHARACTERS ? before.text : before.text + delta.text;
      texts.delete(delta.session);
      texts.set(delta.session, { turn: delta.turn, text, step: delta.step ?? before.step });
      const oldest = texts.size > MAX_SESSIONS ? texts.keys().next().value : undefined;
      if (oldest !== undefined) texts.delete(oldest);
      return { ...delta, offset };
    },
    /** Words that another replica heard; false when some before them did not arrive here. */
    follow(words: WireDelta): boolean {
      const known = texts.get(words.session);
      const before = known?.turn === words.turn ? known.text : "";
      if (words.offset > before.length) return false;
      const text = before.slice(0, words.offset) + words.text;
      if (text.length > MAX_CHARACTERS) return true;
      texts.delete(words.session);
      texts.set(words.session, { turn: words.turn, text, step: words.step ?? known?.step ?? null });
      const oldest = texts.size > MAX_SESSIONS ? texts.keys().next().value : undefined;
      if (oldest !== undefined) texts.delete(oldest);
      return true;
    },
    /** What a newcomer needs to see what the others see; null when nothing is being written. */
    catchUp(session: string): WireDelta | null {
      const known = texts.get(session);
      return known === undefined ? null : { session, ...known, offset: 0 };
    },
    /** The words so far are in the log now. */
    said(session: string, turn: string | null): void {
      const known = texts.get(session);
      if (known !== undefined && known.turn === turn) texts.set(session, { ...known, text: "" });
    },
    over(session: string): void {
      texts.delete(session);
    },
  };
}
