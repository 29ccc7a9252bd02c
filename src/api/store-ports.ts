import { randomBytes } from "node:crypto";
import { writeAudit } from "../store/audit/write-audit.ts";
import type { Db } from "../store/db.ts";
import { savePeople } from "../store/people/people.ts";
import { listTokens, revokeToken, saveToken, type TokenRow } from "../store/tokens/tokens.ts";
import { newId } from "../types/ids.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import { hashToken } from "./authenticate.ts";
import type { ApiPorts, TokenInfo } from "./ports.ts";

const DAY_MS = 86_400_000;

/** The ports that only need the database: tokens and the import of people. */
export function createStorePorts(
  db: Db,
  findPerson: (id: string) => Promise<Principal | null>,
): Pick<ApiPorts, "createToken" | "listTokens" | "revokeToken" | "importPeople"> {
  return {
    createToken: async (by, { principal, name, isAdmin, days }) => {
      if (!(await findPerson(principal))) {
        throw new StewardError("DIR-404", `Nobody in the directory has the address '${principal}'.`);
      }
      const token = `stw_${randomBytes(32).toString("base64url")}`;
      const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS);
      const row = await db.tx(async (sql) => {
        const id = newId("tok");
        await writeAudit(sql, {
          actor: by,
          type: "token.created",
          subject: id,
          data: { principal, isAdmin },
        });
        return await saveToken(sql, { id, hash: hashToken(token), principal, name, isAdmin, expiresAt });
      });
      return { ...toInfo(row), token };
    },
    listTokens: async () => (await listTokens(db)).map(toInfo),
    revokeToken: async (by, id) =>
      await db.tx(async (sql) => {
        const row = await revokeToken(sql, id);
        if (!row) throw new StewardError("TOK-404");
        await writeAudit(sql, { actor: by, type: "token.revoked", subject: id, data: {} });
        return toInfo(row);
      }),
    importPeople: async (by, people) => {
      await db.tx(async (sql) => {
        await savePeople(sql, people);
        const ids = people.map((person) => person.id);
        await writeAudit(sql, { actor: by, type: "people.imported", subject: "people", data: { ids } });
      });
      return { saved: people.length };
    },
  };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

function toInfo(row: TokenRow): TokenInfo {
  return {
    id: row.id,
    principal: row.principal,
    name: row.name,
    isAdmin: row.isAdmin,
    createdAt: row.createdAt.toISOString(),
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
    usedAt: iso(row.usedAt),
  };
}
