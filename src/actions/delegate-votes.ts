import { DateTime } from "luxon";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Db } from "../store/db.ts";
import {
  type Delegation,
  findDelegationByKey,
  restoreDelegation,
  revokeDelegation,
  saveDelegation,
} from "../store/delegations/delegations.ts";
import { newId } from "../types/ids.ts";
import { EVERYONE } from "../types/label.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";

/** Nobody hands a vote over for longer. */
export const MAX_DELEGATION_MS = 30 * 86_400_000;

/**
 * The end of a delegation from what was said: a day means to its end in the person's zone. Throws DLG-400 when it
 * cannot be read, is over, or is too far away.
 */
export function readUntil(text: string, { zone }: Principal, now: Date): Date {
  const at = DateTime.fromISO(text, { zone });
  if (!at.isValid) throw new StewardError("DLG-400", "I couldn't read until when. Name a day or a time.");
  const end = text.includes("T") || /^\d{2}:/.test(text) ? at : at.endOf("day").startOf("second");
  const ms = end.toMillis() - now.getTime();
  if (ms <= 0) throw new StewardError("DLG-400", "That time is over already.");
  if (ms > MAX_DELEGATION_MS)
    throw new StewardError("DLG-400", "A vote can be handed over for 30 days at most.");
  return end.toJSDate();
}

/** Throws DLG-400 when this person's vote cannot be handed to that one. */
export function assertDelegable(from: Principal, to: Principal): void {
  if (from.id === to.id) throw new StewardError("DLG-400", "You decide for yourself already.");
  if (!to.groups.includes(EVERYONE)) {
    throw new StewardError(
      "DLG-400",
      `${to.name} is not an employee, so your vote cannot be handed to them.`,
    );
  }
}

/** Hands a vote over and keeps the record of it. The second call with one key changes nothing. */
export async function delegate(
  db: Db,
  given: { readonly key: string; readonly from: Principal; readonly to: Principal; readonly until: Date },
): Promise<Delegation> {
  assertDelegable(given.from, given.to);
  return await db.tx(async (sql) => {
    const before = await findDelegationByKey(sql, given.key);
    if (before) return before;
    const { key, until } = given;
    const made = await saveDelegation(sql, {
      id: newId("dlg"),
      key,
      from: given.from.id,
      to: given.to.id,
      until,
    });
    if (!made) throw new StewardError("DLG-404");
    await note(sql, given.from.id, "delegation.made", made.id, {
      to: made.to,
      until: made.until.toISOString(),
    });
    return made;
  });
}

/** Ends a delegation of this person. Throws DLG-404 when it is not in force or not theirs. */
export async function endDelegation(db: Db, id: string, from: string): Promise<void> {
  await db.tx(async (sql) => {
    if (!(await revokeDelegation(sql, id, from))) throw new StewardError("DLG-404");
    await note(sql, from, "delegation.revoked", id, {});
  });
}

/** Brings a revoked delegation back, where its own time is not over. Throws DLG-404 otherwise. */
export async function bringBackDelegation(db: Db, id: string, from: string): Promise<void> {
  await db.tx(async (sql) => {
    if (!(await restoreDelegation(sql, id, from))) throw new StewardError("DLG-404");
    await note(sql, from, "delegation.restored", id, {});
  });
}

async function note(
  sql: Parameters<typeof writeAudit>[0],
  actor: string,
  type: string,
  subject: string,
  data: Parameters<typeof writeAudit>[1]["data"],
): Promise<void> {
  await writeAudit(sql, { actor, type, subject, data });
}
