/** Words that begin a second request. */
const JOIN =
  /(?:[,;]?\s+(?:and then|and also|and afterwards|then also|after that|then|and|also)|;|[.!?]\s+(?:then|also|and|after that|afterwards)?,?)\s+(?=\p{L})/giu;

/** How a question begins, once what leads up to it is left out. */
const QUESTION =
  /^\s*(?:(?:hi|hello|hey|please|so|and|also|then|tell me|can you tell me|could you tell me|do you know|i want to know)[\s,]+)*(?:what|who|whom|whose|which|when|where|why|how|is|are|am|do|does|did|can i|may i|must i|should i|has|have)(?:['’]s)?\s+\S+\s+\S/i;
/** A question that goes on about the thing of the one before is no second one. */
const REFERS = /^(?:\S+\s+){0,4}(?:it|its|they|them|their|that|there|he|she|his|her)\b/i;

/**
 * Splits a message where a second request may begin: at joins that are followed by one of the verbs, or by a
 * question after a question.
 * Text that is dictated ("note that …", after a colon, in quotation marks) is never split.
 */
export function splitClauses(
  text: string,
  verbs: ReadonlySet<string>,
  stem: (word: string) => string,
): readonly string[] {
  const limit = dictationStart(text);
  const clauses: string[] = [];
  let from = 0;
  for (const m of text.matchAll(JOIN)) {
    if (m.index >= limit || clauses.length >= 3) break;
    const after = text.slice(m.index + m[0].length);
    const words = after.match(/\p{L}+/gu)?.slice(0, 3) ?? [];
    // "Nora and I meet" has one verb and two people.
    if (/^I\s+(?!want\b|need\b|would\b|also\b|like\b|have to\b)\p{L}/u.test(after)) continue;
    const first = words.find(
      (w) => !/^(?:please|also|then|can|could|would|you|just|i|want|to|kindly)$/i.test(w),
    );
    const head = text.slice(from, m.index).trim();
    const isQuestion = QUESTION.test(after) && QUESTION.test(head) && !REFERS.test(after);
    if (!isQuestion && (!first || !verbs.has(stem(first.toLowerCase())))) continue;
    const alone = /^(?:(?:please|can|could|would|you|now|just)\s+)*(\p{L}+)$/iu.exec(head)?.[1];
    const isVerb = alone !== undefined && verbs.has(stem(alone.toLowerCase()));
    if (isVerb && first) {
      // "Book and pay this invoice": both verbs have the one object.
      const object = after.slice(after.indexOf(first) + first.length).split(/\s+(?:and|then)\s+/)[0] ?? "";
      clauses.push(`${head}${object}`);
    } else if (head.split(/\s+/).length < 2) continue;
    else clauses.push(head);
    from = m.index + m[0].length;
  }
  clauses.push(text.slice(from).trim());
  return clauses;
}

function dictationStart(text: string): number {
  const m = /["“„«]|:\s|\b(?:saying|note that|noting|that (?:they|he|she|we|it|the|i)\b|says)\b/iu.exec(text);
  return m ? m.index : text.length;
}
