/** Everyday words of a language that English does not have, and what to say to somebody who writes in it. */
const LANGUAGES: readonly { readonly words: ReadonlySet<string>; readonly reply: string }[] = [
  language(
    "Ich verstehe bisher nur Englisch. Bitte schreiben Sie es auf Englisch.",
    `der die das und ich wir sie mit nicht ist sind ein eine einen einem kein keine um morgen heute gestern bitte danke nein
    ja wie wer wo wann warum welche welcher mein meine meinen für von auf zu zum zur im am bei nach über kann können soll
    habe haben hat wird werden termin besprechung rechnung urlaub uhr montag dienstag mittwoch donnerstag freitag guten
    viel viele tage gibt es mir mich dir`,
  ),
  language(
    "Je ne comprends pour l'instant que l'anglais. Merci d'écrire en anglais.",
    `le la les un une des du et je tu nous vous il elle avec pas est sont pour sur dans demain aujourd hui bonjour merci
    oui non quel quelle quand où comment combien mon ma mes ce cette qui que réunion facture congé jours rendez peux peut
    voudrais bonsoir salut au aux`,
  ),
  language(
    "Por ahora solo entiendo inglés. Escríbalo en inglés, por favor.",
    `el los las una unos y yo con no es son para por en mañana hoy hola gracias sí qué cuál cuándo dónde cómo cuánto
    cuántos mi mis este esta reunión factura vacaciones días puedo puede quiero tengo del al`,
  ),
  language(
    "Per ora capisco solo l'inglese. Scriva in inglese, per favore.",
    `il lo gli uno e io noi con non è sono per domani oggi ciao grazie sì quale quando dove come quanto quanti mio mia
    questo questa riunione fattura ferie giorni posso può vorrei ho del della che`,
  ),
];

function language(reply: string, words: string) {
  return { reply, words: new Set(words.split(/\s+/)) };
}

/** Words that the lists above share with English, or that are too short to tell. */
const SHARED = new Set(
  "a in no on so me come due die sole son hat war am is was will do e y il al per mi ma est".split(" "),
);
const ENGLISH =
  /^(?:the|an|and|is|are|was|my|your|with|for|of|to|at|on|what|who|when|where|how|which|can|could|do|does|did|please|me|i|it|this|that|have|has|not|tomorrow|today)$/;

/**
 * What to say to a message that is written in another language; null for English and for what is too short to tell.
 * Names and loan words never make a message foreign, its small words do.
 */
export function sayOtherLanguage(text: string): string | null {
  const words =
    text
      .toLowerCase()
      .normalize("NFC")
      .match(/\p{L}+/gu)
      ?.slice(0, 60) ?? [];
  const english = words.filter((word) => ENGLISH.test(word)).length;
  const [best] = LANGUAGES.map(({ words: own, reply }) => ({
    reply,
    hits: words.filter((word) => own.has(word) && !SHARED.has(word)).length,
  })).sort((a, b) => b.hits - a.hits);
  if (!best || best.hits < 2 || best.hits <= english * 2 || best.hits * 4 < words.length) return null;
  return `I understand English only for now. ${best.reply}`;
}
