/**
 * Money as people read it: `formatMoney(3800000, "EUR", "en-GB")` → "€38,000"; cents only when there are some.
 * Exact for any safe integer of minor units, since the decimal is formatted as text.
 */
export function formatMoney(amountMinor: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    trailingZeroDisplay: "stripIfInteger",
  });
  const digits = new Intl.NumberFormat(locale, { style: "currency", currency }).resolvedOptions()
    .maximumFractionDigits;
  return format.format(decimal(amountMinor, digits ?? 2));
}

function decimal(amountMinor: number, digits: number): `${number}` {
  const sign = amountMinor < 0 ? "-" : "";
  const figures = String(Math.abs(Math.trunc(amountMinor))).padStart(digits + 1, "0");
  const whole = figures.slice(0, figures.length - digits);
  const rest = digits === 0 ? "" : `.${figures.slice(-digits)}`;
  return `${sign}${whole}${rest}` as `${number}`;
}
