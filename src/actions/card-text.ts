import { DateTime } from "luxon";
import type { Json } from "../types/json.ts";
import type { Directory, Principal } from "../types/principal.ts";
import type { ArgSpec } from "../types/tool.ts";

/** A value as people read it: a time in the reader's zone, a person by name, a list with commas. */
export function valueText(
  value: Json,
  spec: ArgSpec | undefined,
  viewer: Principal,
  directory: Directory,
): string {
  if (Array.isArray(value)) return value.map((item) => valueText(item, spec, viewer, directory)).join(", ");
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return JSON.stringify(value);
  if (spec?.role === "amount" && typeof value === "number") {
    return new Intl.NumberFormat(viewer.locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    }).format(value / 100);
  }
  if (typeof value === "number") return new Intl.NumberFormat(viewer.locale).format(value);
  if (spec?.role === "time") {
    const time = DateTime.fromISO(String(value), { setZone: true });
    if (time.isValid) return timeText(time.toJSDate(), viewer, String(value).includes("T"));
  }
  return directory.find(String(value))?.name ?? String(value);
}

/** A moment in the reader's zone and language: "Thu 26 Nov, 14:00". */
export function timeText(at: Date, viewer: Principal, hasTime = true): string {
  return DateTime.fromJSDate(at, { zone: viewer.zone })
    .setLocale(viewer.locale)
    .toFormat(hasTime ? "ccc d LLL, HH:mm" : "ccc d LLL yyyy");
}

/** A span in words: "10 minutes", "2 hours", "3 days". */
export function spanText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [count, unit] =
    minutes < 120
      ? [minutes, "minute"]
      : minutes < 2_880
        ? [Math.round(minutes / 60), "hour"]
        : [Math.round(minutes / 1_440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
