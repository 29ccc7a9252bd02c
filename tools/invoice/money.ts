/** ISO 4217 minor digits other than two. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Number of minor digits of a currency (ISO 4217). */
export function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

/**
 * A plain decimal ("-1234.5") as integer minor units, rounded half away from zero at the currency's digits;
 * null when it is no plain decimal or too large to be exact.
 */
export function toMinor(decimal: string, currency: string): number | null {
  const match = /^([+-]?)(\d{1,15})?(?:\.(\d{0,20}))?$/.exec(decimal.trim());
  if (!match || (!match[2] && !match[3])) return null;
  const digits = minorDigits(currency);
  const fraction = (match[3] ?? "").padEnd(digits + 1, "0");
  const whole = Number(`${match[2] ?? "0"}${fraction.slice(0, digits)}`);
  const value = Number(fraction.charAt(digits)) >= 5 ? whole + 1 : whole;
  if (!Number.isSafeInteger(value)) return null;
  return match[1] === "-" && value !== 0 ? -value : value;
}

/** "€1,234.50" in the reader's own manner; never rounded. */
export function formatMoney(minor: number, currency: string, locale = "en-GB"): string {
  const digits = minorDigits(currency);
  const figures = String(Math.abs(Math.trunc(minor))).padStart(digits + 1, "0");
  const cents = digits === 0 ? "" : `.${figures.slice(-digits)}`;
  const value = `${minor < 0 ? "-" : ""}${figures.slice(0, figures.length - digits)}${cents}`;
  if (!/^[A-Z]{3}$/.test(currency)) return value;
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value as `${number}`);
}
