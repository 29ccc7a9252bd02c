/** Control characters, and marks that turn the direction of what follows ("invoice\u202efdp.exe"). */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const SEGMENTER = new Intl.Segmenter("und", { granularity: "grapheme" });
/** How far back a cut looks for a safe place; longer clusters are cut between code points. */
const LOOK_BACK = 400;

/** Text as it may be shown: well-formed, one kind of line end, nothing invisible that steers the display. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(HIDDEN, "");
}

/** The same in one line. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, " ").trim();

/** For `mrkdwn` and fallback texts: nothing in it can be a mention, a link or a date of Slack's. */
export const escapeMrkdwn = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Keeps right-to-left words from reordering what stands around them (Unicode UAX 9, isolates). */
export const isolate = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

/** The largest place at most `at` where a text may be cut without breaking an emoji or an accent off its letter. */
export function cutPlace(text: string, at: number): number {
  if (at >= text.length) return text.length;
  if (at <= 0) return 0;
  // Before an ASCII character a cluster always ends: from there on the clusters can be counted.
  const floor = Math.max(0, at - LOOK_BACK);
  let start = at - 1;
  while (start > floor && text.charCodeAt(start) > 0x7e) start--;
  let place = start;
  for (const { index } of SEGMENTER.segment(text.slice(start, at + 64))) {
    if (start + index <= at) place = start + index;
  }
  if (place > floor) return place;
  // One cluster fills the whole window: at least no surrogate pair is halved.
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** At most `max` UTF-16 units (so never more characters than Slack counts), with an ellipsis when cut. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, cutPlace(text, max - 1)).trimEnd()}…`;
}
