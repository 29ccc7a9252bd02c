import { z } from "zod";
import type { Member } from "./activity-transport.ts";

const text = z.string().max(1024).nullish();
const memberShape = z.object({
  id: z.string().min(1).max(1024),
  name: text,
  objectId: text,
  aadObjectId: text,
  email: text,
  userPrincipalName: text,
  userRole: text,
  role: text,
  tenantId: text,
});
const pageShape = z.object({
  members: z.array(memberShape).max(10_000).nullish(),
  continuationToken: z.string().max(8192).nullish(),
});
const MAX_MEMBERS = 10_000;
const MAX_PAGES = 100;

/** How a roster is read: whose tenant it is, and whether a member without a role may pass as one of it. */
type Reading = { readonly tenant: string | null; readonly isLenient: boolean };

/**
 * Who a member is. A guest is who has not the role "user", comes from another tenant or has a name made for guests;
 * on doubt, too.
 */
export function readMember(raw: unknown, { tenant, isLenient }: Reading): Member {
  const member = memberShape.parse(raw);
  const role = member.userRole ?? member.role ?? null;
  const isOwnRole = role === null ? isLenient : role.toLowerCase() === "user";
  const home = member.tenantId ?? (isLenient ? tenant : null);
  const isForeign = tenant !== null && home?.toLowerCase() !== tenant.toLowerCase();
  const principalName = member.userPrincipalName ?? null;
  return {
    id: member.id,
    aadObjectId: member.aadObjectId ?? member.objectId ?? null,
    name: member.name ?? null,
    email: member.email?.trim().toLowerCase() || null,
    userPrincipalName: principalName,
    role,
    tenant: member.tenantId ?? tenant,
    isGuest: !isOwnRole || isForeign || /#ext#/i.test(principalName ?? ""),
  };
}

/** All pages of a roster, at most 10,000 people. */
export async function readRoster(
  page: (continuation: string | null) => Promise<unknown>,
  reading: Reading,
): Promise<readonly Member[]> {
  const found: Member[] = [];
  let next: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && found.length < MAX_MEMBERS; pages++) {
    const { members, continuationToken } = pageShape.parse(await page(next));
    for (const member of members ?? []) found.push(readMember(member, reading));
    next = continuationToken || null;
    if (next === null) break;
  }
  return found.slice(0, MAX_MEMBERS);
}
