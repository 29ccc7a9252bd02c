/**
 * Phrases by which a text speaks to the reader's software or tries to steer a payment, rather than to state
 * what is owed. They only raise a check for people; nothing in a file is ever followed.
 */
const PATTERNS: readonly RegExp[] = [
  /\b(ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(previous|prior|above|earlier|all|any|your|the|these|those)\b.{0,30}\b(instruction|prompt|rule|polic|check|approval|guideline|direction|message|control)/i,
  /\b(system|assistant|developer)\s*(prompt|message|instruction|override|note)?\s*:\s*\S/i,
  /\b(you are|act as|behave as)\b.{0,30}\b(an?|the)\b.{0,20}\b(assistant|agent|ai|model|bot|system)\b/i,
  /\b(ai|language model|llm|chat ?bot|assistant|agent|copilot|steward)\b.{0,40}\b(must|should|shall|please|has to|is to|need to|approve|pay|transfer|book|send|process)\b/i,
  /\b(approve|authori[sz]e|release|pay|book|process)\b.{0,40}\b(immediately|at once|right away|automatically|without)\b.{0,40}\b(approval|review|check|confirm|question|purchase order|asking|human|delay|verification)/i,
  /\b(approve|authori[sz]e) (this|the) (invoice|payment|transfer)\b/i,
  /\b(change|update|replace|overwrite|set)\b.{0,40}\b(iban|bank (account|details)|payee|beneficiary|account (number|details))\b/i,
  /\b(pay|transfer|send|wire)\b.{0,20}[\d.,]{3,}.{0,30}\bto\b.{0,40}\b([A-Z]{2}\d{2}|iban|account|wallet)/i,
  /\bdo not (tell|inform|ask|notify|mention|alert|contact|verify|check)\b/i,
  /\b(mark|treat|flag|classify)\b.{0,30}\b(as)\b.{0,15}\b(approved|paid|matched|verified|trusted|safe)\b/i,
  /\b(ignorier|missacht|vergiss|ûberspring|überspring)\w*\b.{0,40}\b(anweisung|regel|vorgabe|prüfung|freigabe|instruktion)/i,
  /\b(zahle|überweise|genehmige|gib)\b.{0,40}\b(sofort|ohne)\b.{0,30}\b(freigabe|prüfung|rückfrage|genehmigung|bestätigung)?/i,
  /\b(ignore[zr]?|oublie[zr]?)\b.{0,40}\b(instructions|consignes|règles)\b/i,
  /\b(approuve[zr]?|paye[zr]?|vire[zr]?)\b.{0,40}\b(immédiatement|sans)\b.{0,30}\b(validation|contrôle|vérification|approbation)/i,
  /\b(ignor[ae]r?|olvid[ae])\b.{0,40}\b(instrucciones|reglas|istruzioni|regole|instruções|instructies)\b/i,
  /\b(negeer|vergeet)\b.{0,40}\b(instructies|regels|aanwijzingen)\b/i,
];

/** The first passage (up to 160 characters) in which a text gives orders, or null. Linear in the text. */
export function findOrders(text: string): string | null {
  // Invisible characters (zero width, soft hyphen, direction marks, tags) may hide a phrase from a filter.
  const plain = text
    .normalize("NFKC")
    .replace(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]|[\u{E0000}-\u{E007F}]/gu, "")
    .replace(/\s+/g, " ")
    .slice(0, 400_000);
  for (const pattern of PATTERNS) {
    const match = pattern.exec(plain);
    if (match) return plain.slice(Math.max(0, match.index - 20), match.index + 140).trim();
  }
  return null;
}
