/** Digits after the point of a currency (2 for EUR, 0 for JPY); 2 when the currency is not known. */
export function currencyDigits(currency: string | undefined): number {
  if (currency === undefined) return 2;
  try {
    return (
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
      2
    );
  } catch {
    return 2;
  }
}

/** Minor units as a plain decimal for a form: 4800050 → "48000.50". Exact, no floating point. */
export function fromMinor(minor: number, digits: number): string {
  const sign = minor < 0 ? "-" : "";
  const text = String(Math.abs(Math.trunc(minor))).padStart(digits + 1, "0");
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * What a person typed, in minor units; null when it is not one clear amount. Takes "48000", "48,000.50",
 * "48.000,50" and "48 000,50"; a single separator followed by three digits groups thousands.
 */
export function toMinor(typed: string, digits: number): number | null {
  const text = typed.trim().replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^-?\d[\d.,]*$/.test(text)) return null;
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  let whole = text;
  let part = "";
  if (last !== -1) {
    const mark = text.charAt(last);
    const isRepeated = text.indexOf(mark) !== last;
    const hasBoth = text.includes(".") && text.includes(",");
    const isDecimal = !isRepeated && (hasBoth || text.length - last - 1 !== 3);
    if (isDecimal) {
      whole = text.slice(0, last);
      part = text.slice(last + 1);
    }
    if (/[.,]/.test(whole) && !/^-?\d{1,3}(?:[.,]\d{3})+$/.test(whole)) return null;
  }
  if (part.length > digits) return null;
  const minor = Number(whole.replace(/[.,]/g, "") + part.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}
