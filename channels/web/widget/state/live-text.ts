/** Words of a turn while they are written. */
export type LiveText = { readonly turn: string; readonly text: string; readonly step: string | null };

/** A delta on the wire: `offset` says where its text begins, so that a lost one is noticed. */
export type WireDelta = {
  readonly session: string;
  readonly turn: string;
  readonly text: string;
  readonly step: string | null;
  readonly offset: number;
};

/**
 * Adds a delta. After a gap nothing is added (the whole message follows, or a replay from the start): words
 * are shown rightly or not at all.
 */
export function addDelta(live: LiveText | null, delta: WireDelta): LiveText {
  const before = live?.turn === delta.turn ? live.text : "";
  const step = delta.step ?? (live?.turn === delta.turn ? live.step : null);
  const text = delta.offset > before.length ? before : before.slice(0, delta.offset) + delta.text;
  return { turn: delta.turn, text, step };
}
