import { randomBytes } from "node:crypto";
import { writeAudit } from "../../store/audit/write-audit.ts";
import type { Db } from "../../store/db.ts";
import { listSites, removeSite, type SiteRow, saveSite } from "../../store/sites/sites.ts";
import type { Vault } from "../../types/channel-host.ts";
import { newId } from "../../types/ids.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { SiteInfo, SitePorts } from "../site-ports.ts";
import { OWN_ISSUER } from "./own-tokens.ts";
import { readPublicKey, secretName } from "./site-keys.ts";

/** The sites, in the database; their secrets, in the vault. */
export function createSitePorts(db: Db, vault: () => Vault): SitePorts {
  return {
    listSites: async () => (await listSites(db)).map(toInfo),
    addSite: async (by, wish) => {
      const id = newId("sit");
      const origins = [...new Set(wish.origins.map(readOrigin))];
      const issuer = wish.issuer?.trim() || id;
      if (issuer === OWN_ISSUER)
        throw new StewardError("IDN-423", `The issuer '${OWN_ISSUER}' is Steward's own.`);
      if (wish.jwksUrl !== null && wish.publicKey !== null) {
        throw new StewardError("IDN-423", "Give either the address of its keys or one public key.");
      }
      if (wish.jwksUrl !== null) checkJwksUrl(wish.jwksUrl);
      if (wish.publicKey !== null) await readPublicKey(wish.publicKey);
      const kind = wish.jwksUrl !== null ? "jwks" : wish.publicKey !== null ? "key" : "secret";
      const secret = kind === "secret" ? `sws_${randomBytes(32).toString("base64url")}` : null;
      // Before the row: a site without its secret would refuse everybody, a secret without its site harms nobody.
      if (secret !== null) await vault().write(secretName(id), secret);
      const row = await db.tx(async (sql) => {
        await writeAudit(sql, {
          actor: by,
          type: "site.added",
          subject: id,
          data: { origins, kind, issuer },
        });
        return await saveSite(sql, {
          ...{ id, name: wish.name, kind, origins, issuer, audience: wish.audience },
          ...{ jwksUrl: wish.jwksUrl, publicKey: wish.publicKey },
        });
      });
      return { ...toInfo(row), secret };
    },
    removeSite: async (by, id) => {
      const row = await db.tx(async (sql) => {
        const removed = await removeSite(sql, id);
        if (!removed) throw new StewardError("IDN-410");
        await writeAudit(sql, { actor: by, type: "site.removed", subject: id, data: {} });
        return removed;
      });
      if (row.kind === "secret") await vault().remove(secretName(id));
      return toInfo(row);
    },
  };
}

/** An origin as browsers say it: scheme, host and port, nothing after. Plain http only on this machine. */
function readOrigin(text: string): string {
  const url = URL.parse(text.trim());
  const isPlain =
    url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new StewardError(
      "IDN-423",
      `'${text.slice(0, 100)}' is not an origin such as https://intranet.example.`,
    );
  }
  if (url.protocol === "http:" && !isThisMachine(url)) {
    throw new StewardError("IDN-423", `${url.origin} is not encrypted: its tokens could be read on the way.`);
  }
  return url.origin;
}

function checkJwksUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && !(url.protocol === "http:" && isThisMachine(url)))) {
    throw new StewardError("IDN-423", "The keys' address begins with https://.");
  }
}

const isThisMachine = ({ hostname }: URL) =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|.+\.localhost)$/.test(hostname);

function toInfo({ publicKey: _key, createdAt, ...row }: SiteRow): SiteInfo {
  return { ...row, createdAt: createdAt.toISOString() };
}
