import { randomUUID } from "node:crypto";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSitePorts } from "../../src/api/identity/create-site-ports.ts";
import { createIdentity, type Identity } from "../../src/api/identity/identity.ts";
import { createSiteDirectory, type SiteDirectory } from "../../src/api/identity/site-directory.ts";
import { createDirectory } from "../../src/compose/create-directory.ts";
import type { Db } from "../../src/store/db.ts";
import type { Vault } from "../../src/types/channel-host.ts";
import { freshDatabase } from "../setup/database.ts";
import { ANA, fakePorts } from "./fake-ports.ts";
import { startServer } from "./start-server.ts";

const SITE = "https://intranet.example";
const AT_SITE = { origin: SITE, own: [] };
/** With a k in the address, which the Kelvin sign becomes in lower case. */
const KIM = { ...ANA, id: "kim@example.com" };

let db: Db;
let sites: SiteDirectory;
let identity: Identity;
let ports: ReturnType<typeof createSitePorts>;

beforeEach(async () => {
  db = await freshDatabase();
  const kept = new Map<string, string>();
  const vault: Vault = {
    read: async (name) => kept.get(name) ?? null,
    write: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  };
  sites = await createSiteDirectory(db, () => {});
  const directory = createDirectory([ANA, KIM], { name: "", about: "", domains: [], groupTitles: {} });
  identity = createIdentity({ db, vault, sites, findPerson: async (id) => directory.find(id) });
  ports = createSitePorts(db, () => vault);
});
afterEach(async () => {
  await sites.stop();
  await db.close();
});

async function add(publicKey: string | null) {
  const made = await ports.addSite("test", {
    ...{ name: "", origins: [SITE], issuer: null, audience: "steward", jwksUrl: null, publicKey },
  });
  await sites.refresh();
  return made;
}
async function mint(alg: string, key: Uint8Array | CryptoKey, issuer: string, sub: string = ANA.id) {
  return await new SignJWT({ sub })
    .setProtectedHeader({ alg })
    .setIssuer(issuer)
    .setAudience("steward")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(key);
}
const verdict = async (token: string) =>
  await identity.verify(token, AT_SITE).then(
    ({ principal }) => principal.id,
    (error: { code: string }) => error.code,
  );

/** The same signature with other bits where its last character has none to say. */
function twinOf(token: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(token.at(-1) ?? "");
  return `${token.slice(0, -1)}${letters[last ^ 1]}`;
}

/** The other signature of the same words: of (r, s), the curve takes (r, n - s) as well. */
function mirrorOf(token: string): string {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const at = token.lastIndexOf(".");
  const signature = Buffer.from(token.slice(at + 1), "base64url");
  const s = n - BigInt(`0x${signature.subarray(32).toString("hex")}`);
  const mirrored = Buffer.from(s.toString(16).padStart(64, "0"), "hex");
  return `${token.slice(0, at)}.${Buffer.concat([signature.subarray(0, 32), mirrored]).toString("base64url")}`;
}

test("a token that signed out does not come back with another writing of its signature", async () => {
  const { id, secret } = await add(null);
  const shared = await mint("HS256", new TextEncoder().encode(secret ?? ""), id);
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const own = await add(await exportSPKI(publicKey));
  const curved = await mint("ES256", privateKey, own.id);
  for (const [token, other] of [
    [shared, twinOf(shared)],
    [curved, mirrorOf(curved)],
  ] as const) {
    expect(await verdict(token)).toBe(ANA.id);
    await identity.signOut(token, AT_SITE);
    expect(other).not.toBe(token);
    expect([await verdict(token), await verdict(other)]).not.toContain(ANA.id);
  }
});

test("an address with a look-alike letter is nobody's, also where lower case would make it somebody's", async () => {
  const { id, secret } = await add(null);
  const key = new TextEncoder().encode(secret ?? "");
  expect(await verdict(await mint("HS256", key, id, "KIM@example.com"))).toBe(KIM.id);
  for (const sub of [
    "\u212aim@example.com",
    "\u043aim@example.com",
    "kim@ex\u00e4mple.com",
    "kim@example.com\u200b",
  ])
    expect(await verdict(await mint("HS256", key, id, sub))).toMatch(/^IDN-4/);
});

test("a site's page cannot tie an account for good to the person in front of it; Steward's own page can", async () => {
  const { id, secret } = await add(null);
  const server = await startServer(db, { ...fakePorts(db), ...ports }, { isDemo: false, identity });
  try {
    const { port } = new URL(server.url);
    const origin = `http://127.0.0.1:${port}`;
    const confirm = async (token: string, from: string) => {
      const Host = `127.0.0.1:${port}`;
      const proof = { Authorization: `Bearer ${token}`, "Idempotency-Key": randomUUID() };
      const headers = { ...proof, Host, Origin: from };
      const { status, body } = await server.call("POST", `/api/links/${"a".repeat(32)}/confirm`, { headers });
      return `${status} ${String(body.code ?? body.channel)}`;
    };
    const site = await mint("HS256", new TextEncoder().encode(secret ?? ""), id);
    expect(await confirm(site, SITE)).toBe("403 AUTH-403");
    expect(await confirm(await identity.tokens.mint({ email: ANA.id, origin: SITE }), SITE)).toBe(
      "403 AUTH-403",
    );
    const own = await identity.tokens.mint({ email: ANA.id, origin });
    expect(await confirm(own, origin)).toBe("200 slack");
    expect(await confirm(own, SITE)).toBe("403 IDN-403");
    expect(await confirm(own, "https://evil.example")).toBe("403 API-403");
  } finally {
    await server.close();
  }
});
