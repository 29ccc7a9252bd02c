import type { Approvers } from "../types/decision.ts";

/** What a rule's annotations say, once they are known to be well formed. */
export type RuleAnnotations = {
  readonly id: string;
  readonly approvals: Approvers | null;
  readonly withinMs: number | null;
  readonly reason: string | null;
};

const KNOWN = new Set(["id", "approval", "within", "reason"]);
const ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const GROUP = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const QUORUM = /^([^:\s]+)\s*:\s*([1-9]\d?)$/;
const DURATION = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?$/;
const MAX_QUORUM = 20;
const MAX_WITHIN_MS = 90 * 86_400_000;

/**
 * Reads `@id`, `@approval("group:n[, group:m]")`, `@within` (ISO 8601 duration of days, hours and
 * minutes, at most 90 days) and `@reason`. Returns what is wrong instead when anything is.
 */
export function readAnnotations(
  annotations: Readonly<Record<string, string | null>>,
  effect: "permit" | "forbid",
):
  | { readonly ok: true; readonly value: RuleAnnotations }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const problems: string[] = [];
  for (const name of Object.keys(annotations)) {
    if (!KNOWN.has(name))
      problems.push(`@${name} is not known. There are @id, @approval, @within and @reason.`);
  }
  const id = annotations.id ?? "";
  if (!("id" in annotations)) problems.push('The rule has no @id("…").');
  else if (!ID.test(id)) problems.push("@id takes small letters, digits, dots and hyphens, at most 100.");

  let approvals: Approvers | null = null;
  if ("approval" in annotations) {
    approvals = readApprovers(annotations.approval ?? "");
    if (effect === "permit") {
      problems.push(
        "@approval stands on a permit. Put it on a forbid: a forbid holds until people have said yes.",
      );
    } else if (!approvals) {
      problems.push(`@approval takes "group:number[, group:number]", each group once, 1 to ${MAX_QUORUM}.`);
    }
  }
  let withinMs: number | null = null;
  if ("within" in annotations) {
    withinMs = readDurationMs(annotations.within ?? "");
    if (!("approval" in annotations))
      problems.push("@within says how long an approval may take; there is no @approval.");
    if (withinMs === null)
      problems.push('@within takes a duration such as "PT4H" or "P2D", at most 90 days.');
  }
  let reason: string | null = null;
  if ("reason" in annotations) {
    reason = (annotations.reason ?? "").trim();
    if (reason.length < 3 || reason.length > 300 || /\p{Cc}/u.test(reason)) {
      problems.push("@reason takes one sentence for people, 3 to 300 characters.");
    }
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { id, approvals, withinMs, reason } };
}

function readApprovers(text: string): Approvers | null {
  const approvers: Record<string, number> = {};
  for (const part of text.split(",")) {
    const match = QUORUM.exec(part.trim());
    const group = match?.[1] ?? "";
    const count = Number(match?.[2]);
    if (!match || !GROUP.test(group) || count > MAX_QUORUM || Object.hasOwn(approvers, group)) return null;
    approvers[group] = count;
  }
  return approvers;
}

/** Milliseconds of an ISO 8601 duration of days, hours and minutes; null when it is none. */
export function readDurationMs(text: string): number | null {
  const match = DURATION.exec(text);
  if (!match) return null;
  const [, days, hours, minutes] = match;
  const ms = ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000;
  return ms > 0 && ms <= MAX_WITHIN_MS ? ms : null;
}
