/** Digits after the point of a currency (2 for EUR, 0 for JPY); 2 when it is not known. */
export function currencyDigits(currency: string | undefined): number {
  if (currency === undefined) return 2;
  try {
    const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return options.maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Minor units as a plain decimal for a form: 4800050 → "48000.50"; exact, no floating point. */
export function fromMinor(minor: number, digits: number): string {
  const whole = String(Math.abs(Math.trunc(minor))).padStart(digits + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return digits === 0 ? sign + whole : `${sign}${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
}

/**
 * What a person typed, in minor units; null when it is not one clear amount. Takes "48000", "48,000.50",
 * "48.000,50" and "48 000,50"; a single mark before exactly three digits groups thousands, but for currencies
 * with three digits of their own.
 */
export function toMinor(typed: string, digits: number): number | null {
  const text = typed.trim().replace(/[\s\u00a0\u202f'’]/g, "");
  if (text.length > 30 || !/^-?\d[\d.,]*$/.test(text)) return null;
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const mark = last === -1 ? "" : text.charAt(last);
  const behind = last === -1 ? 0 : text.length - last - 1;
  const hasBoth = text.includes(".") && text.includes(",");
  const isDecimal = last !== -1 && text.indexOf(mark) === last && (hasBoth || behind !== 3 || digits === 3);
  const whole = isDecimal ? text.slice(0, last) : text;
  const part = isDecimal ? text.slice(last + 1) : "";
  if (/[.,]/.test(whole) && !/^-?[1-9]\d{0,2}(?:[.,]\d{3})+$/.test(whole)) return null;
  // "1.000,000" mixes the marks of thousands: nobody can say what was meant.
  if (new Set(whole.match(/[.,]/g)).size > 1 || part.length > digits) return null;
  const minor = Number(whole.replace(/[.,]/g, "") + part.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : null;
}
