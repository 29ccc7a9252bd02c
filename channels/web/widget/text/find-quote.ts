/**
 * Where the quoted words stand in a text, white space and case aside; null when they do not. Quotes that were
 * shortened with an ellipsis are found by their longest part.
 */
export function findQuote(
  text: string,
  quote: string,
): { readonly from: number; readonly to: number } | null {
  const parts = quote.split(/…|\.\.\./).map((part) => part.trim());
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), "");
  if (longest.length < 3 || longest.length > 5_000) return null;
  const places: number[] = [];
  let flat = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (/\s/.test(char)) {
      if (flat.endsWith(" ")) continue;
      flat += " ";
    } else flat += char.toLowerCase().charAt(0);
    places.push(i);
  }
  const wanted = [...longest.replace(/\s+/g, " ")]
    .map((char) => (char.length === 1 ? char.toLowerCase().charAt(0) : char))
    .join("");
  const at = flat.indexOf(wanted);
  if (at === -1) return null;
  return { from: places[at] ?? 0, to: (places[at + wanted.length - 1] ?? 0) + 1 };
}
