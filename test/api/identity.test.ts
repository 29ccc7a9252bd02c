import { randomBytes } from "node:crypto";
import { exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSitePorts } from "../../src/api/identity/create-site-ports.ts";
import { createIdentity, type Identity } from "../../src/api/identity/identity.ts";
import { createSiteDirectory, type SiteDirectory } from "../../src/api/identity/site-directory.ts";
import type { Db } from "../../src/store/db.ts";
import type { Vault } from "../../src/types/channel-host.ts";
import { freshDatabase } from "../setup/database.ts";
import { ANA, BEN, fakePorts } from "./fake-ports.ts";
import { startServer, type TestServer } from "./start-server.ts";

const SITE = "https://intranet.example";
const OTHER = "https://other.example";
const now = () => Math.floor(Date.now() / 1_000);
const bytes = (text: string) => new TextEncoder().encode(text);

/** Secrets in memory, behind the vault's own contract. */
function memoryVault(): Vault {
  const kept = new Map<string, string>();
  return {
    read: async (name) => kept.get(name) ?? null,
    write: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  };
}

let db: Db;
let vault: Vault;
let sites: SiteDirectory;
let identity: Identity;
let server: TestServer;
let site: { id: string; secret: string };
const findPerson = async (id: string) => [ANA, BEN].find((each) => each.id === id) ?? null;

beforeAll(async () => {
  db = await freshDatabase();
  return async () => await db.close();
});
beforeEach(async () => {
  await db.query("delete from sites");
  vault = memoryVault();
  sites = await createSiteDirectory(db, () => {});
  identity = createIdentity({ db, vault, sites, findPerson });
  server = await startServer(
    db,
    { ...fakePorts(db), ...createSitePorts(db, () => vault) },
    { isDemo: false, identity },
  );
  const made = await add({ origins: [SITE] });
  site = { id: made.id, secret: made.secret ?? "" };
});
afterEach(async () => {
  await server.close();
  await sites.stop();
});

async function add(over: Partial<Parameters<ReturnType<typeof createSitePorts>["addSite"]>[1]>) {
  const made = await createSitePorts(db, () => vault).addSite("test", {
    ...{ name: "", origins: [SITE], issuer: null, audience: "steward", jwksUrl: null, publicKey: null },
    ...over,
  });
  await sites.refresh();
  return made;
}

/** A token as the site's server mints it; what is given goes over it, null takes a claim away. */
async function mint(
  over: Record<string, unknown> = {},
  secret = site.secret,
  alg = "HS256",
): Promise<string> {
  const claims = { iss: site.id, aud: "steward", sub: ANA.id, iat: now(), exp: now() + 300, ...over };
  const given = Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== null),
  ) as JWTPayload;
  return await new SignJWT(given).setProtectedHeader({ alg }).sign(bytes(secret));
}
async function me(token: string, headers: Record<string, string> = { Origin: SITE }) {
  const { status, body } = await server.call("GET", "/api/me", {
    headers: { ...headers, Authorization: `Bearer ${token}` },
  });
  return status === 200 ? "in" : `${status} ${String(body.code)}`;
}

describe("a site's token", () => {
  test("lets its person in, by `sub` or by `email`, in any case of letters", async () => {
    expect(await me(await mint())).toBe("in");
    expect(await me(await mint({ sub: "00u1", email: "ANA@Example.com" }))).toBe("in");
    expect(await me(await mint({ aud: ["other", "steward"] }))).toBe("in");
  });

  test("counts on the site's own pages alone: not on another site's, not in a program", async () => {
    await add({ origins: [OTHER] });
    const token = await mint();
    expect(await me(token, { Origin: OTHER })).toBe("403 IDN-403");
    expect(await me(token, {})).toBe("403 IDN-403");
    expect(await me(token, { Origin: "https://nobody.example" })).toBe("403 API-403");
    expect(await me(token, { "Sec-Fetch-Site": "same-origin" })).toBe("403 IDN-403");
    expect(await me(token, { Origin: `${SITE}:8443` })).toBe("403 API-403");
    expect(await me(token, { Origin: "null" })).toBe("403 API-403");
  });

  test("that was forged is refused, whatever was forged", async () => {
    const right = await mint();
    const [head, body, mark] = right.split(".") as [string, string, string];
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const forged = [
      await mint({}, randomBytes(32).toString("base64url")),
      await mint({}, site.secret, "HS512"),
      `${part({ alg: "none" })}.${body}.`,
      `${head}.${part({ iss: site.id, aud: "steward", sub: BEN.id, exp: now() + 300 })}.${mark}`,
      `${head}.${body}.${mark.slice(0, -2)}`,
      `${part({ alg: "HS256", crit: ["x"], x: 1 })}.${body}.${mark}`,
      await mint({ iss: "sit_other" }),
      await mint({ iss: null }),
      await mint({ aud: "another" }),
      await mint({ aud: null }),
      "aa.bb.cc",
      `${"a".repeat(5_000)}.bb.cc`,
    ];
    for (const token of forged) expect(await me(token), token.slice(0, 60)).toBe("401 IDN-406");
  });

  test("ends, begins and lasts as it says, with a minute between clocks and 15 minutes at most", async () => {
    expect(await me(await mint({ iat: now() - 400, exp: now() - 61 }))).toBe("401 IDN-401");
    expect(await me(await mint({ iat: now() - 400, exp: now() - 50 }))).toBe("in");
    expect(await me(await mint({ nbf: now() + 120 }))).toBe("401 IDN-422");
    expect(await me(await mint({ nbf: now() + 30 }))).toBe("in");
    expect(await me(await mint({ exp: null }))).toBe("401 IDN-422");
    expect(await me(await mint({ exp: now() + 3_600 }))).toBe("401 IDN-422");
    expect(await me(await mint({ iat: now() - 1_000, exp: now() + 10 }))).toBe("401 IDN-422");
    expect(await me(await mint({ iat: now() + 300, exp: now() + 600 }))).toBe("401 IDN-422");
    expect(await me(await mint({ iat: null, exp: now() + 899 }))).toBe("in");
    expect(await me(await mint({ iat: now(), exp: now() + 900 }))).toBe("in");
    expect(await me(await mint({ exp: "soon" }))).toMatch(/^401 IDN-4/);
  });

  test("for somebody who is not in the directory, or whose address nobody checked, is refused by name", async () => {
    expect(await me(await mint({ sub: "eve@example.com" }))).toBe("403 IDN-404");
    expect(await me(await mint({ email: ANA.id, email_verified: false }))).toBe("403 IDN-404");
    expect(await me(await mint({ sub: null }))).toBe("401 IDN-422");
    expect(await me(await mint({ sub: "a\u0000b@x" }))).toBe("401 IDN-422");
  });

  test("speaks for the one person it names, and never as an administrator", async () => {
    const token = await mint();
    expect(await me(token, { Origin: SITE, "X-Steward-As": BEN.id })).toBe("403 AUTH-403");
    const headers = { Origin: SITE, Authorization: `Bearer ${token}` };
    expect((await server.call("GET", "/api/tokens", { headers })).status).toBe(403);
    expect((await server.call("GET", "/api/sites", { headers })).status).toBe(403);
  });

  test("counts no more once its page signed out, also under another token of the same `jti`", async () => {
    const [token, twin] = [await mint({ jti: "one" }), await mint({ jti: "one", exp: now() + 301 })];
    expect(await me(twin)).toBe("in");
    const headers = { Origin: SITE, Authorization: `Bearer ${token}` };
    expect((await server.call("POST", "/api/identity/sign-out", { headers })).status).toBe(204);
    expect([await me(token), await me(twin)]).toEqual(["401 IDN-409", "401 IDN-409"]);
    expect(await me(await mint({ jti: "two" }))).toBe("in");
  });

  test("counts no more once its site was removed, and its pages may no longer call", async () => {
    const token = await mint();
    await createSitePorts(db, () => vault).removeSite("test", site.id);
    await sites.refresh();
    expect(await me(token)).toBe("403 API-403");
    expect(await vault.read(`site/${site.id}`)).toBeNull();
  });
});

describe("keys instead of a secret", () => {
  test("RS256 and ES256 are proven by a public key, and nothing is by the key as a secret", async () => {
    for (const alg of ["RS256", "ES256"] as const) {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const pem = await exportSPKI(publicKey);
      await add({ origins: [SITE], issuer: `https://idp.example/${alg}`, publicKey: pem });
      const claims = {
        iss: `https://idp.example/${alg}`,
        aud: "steward",
        sub: ANA.id,
        iat: now(),
        exp: now() + 60,
      };
      const sign = (key: CryptoKey | Uint8Array, by: string) =>
        new SignJWT(claims).setProtectedHeader({ alg: by }).sign(key);
      expect(await me(await sign(privateKey, alg))).toBe("in");
      expect(await me(await sign(bytes(pem), "HS256"))).toBe("401 IDN-406");
      expect(await me(await sign((await generateKeyPair(alg)).privateKey, alg))).toBe("401 IDN-406");
    }
  });

  test("keys that cannot be fetched are the server's trouble, not the person's", async () => {
    await add({ origins: [SITE], issuer: "https://idp.example", jwksUrl: "http://127.0.0.1:9/keys" });
    const { privateKey } = await generateKeyPair("ES256");
    const claims = { iss: "https://idp.example", aud: "steward", sub: ANA.id, exp: now() + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    expect(await me(token)).toBe("502 IDN-502");
  });
});

describe("adding a site", () => {
  test("takes origins only, over https except on this machine, and gives its secret once", async () => {
    const wrong = [
      "intranet.example",
      "https://a.example/path",
      "http://a.example",
      "https://u:p@a.example",
      "ftp://a.example",
      "*",
      "",
    ];
    for (const origin of wrong)
      await expect(add({ origins: [origin] }), origin).rejects.toMatchObject({ code: "IDN-423" });
    await expect(add({ issuer: "steward" })).rejects.toMatchObject({ code: "IDN-423" });
    await expect(
      add({ publicKey: "-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----" }),
    ).rejects.toMatchObject({ code: "IDN-422" });
    await expect(add({ publicKey: '{"kty":"oct","k":"AAAA"}' })).rejects.toMatchObject({ code: "IDN-422" });
    await expect(add({ jwksUrl: "http://idp.example/keys" })).rejects.toMatchObject({ code: "IDN-423" });
    const made = await add({ origins: ["http://localhost:4000/", "HTTPS://Upper.Example"] });
    expect(made.origins).toEqual(["http://localhost:4000", "https://upper.example"]);
    expect(made.secret).toMatch(/^sws_[\w-]{43}$/);
    const { body } = await server.call("GET", "/api/sites", {
      headers: { Authorization: "Bearer local-secret-of-the-data-directory-0123456789" },
    });
    expect(JSON.stringify(body)).not.toContain("sws_");
  });
});

describe("what a browser is told", () => {
  test("a site's pages get the headers they need, without credentials; others get none", async () => {
    const ask = async (origin: string) =>
      (
        await server.call("OPTIONS", "/api/me", {
          headers: { Origin: origin, "Access-Control-Request-Method": "GET" },
        })
      ).headers;
    const allowed = await ask(SITE);
    expect(allowed["access-control-allow-origin"]).toBe(SITE);
    expect(allowed["access-control-allow-credentials"]).toBeUndefined();
    expect(allowed.vary).toContain("Origin");
    expect((await ask(OTHER))["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("Steward's own token", () => {
  test("counts for pages of its origin, is renewed while the sign-in lasts, and ends with it", async () => {
    const token = await identity.tokens.mint({ email: ANA.id, origin: SITE });
    expect(await me(token)).toBe("in");
    await add({ origins: [OTHER] });
    expect(await me(token, { Origin: OTHER })).toBe("403 IDN-403");
    const headers = { Origin: SITE, Authorization: `Bearer ${token}` };
    const renewed = await server.call("POST", "/api/identity/renew", { headers });
    expect(await me(String(renewed.body.token))).toBe("in");
    const old = await identity.tokens.mint({ email: ANA.id, origin: SITE, since: now() - 8 * 3_600 });
    const late = await server.call("POST", "/api/identity/renew", {
      headers: { Origin: SITE, Authorization: `Bearer ${old}` },
    });
    expect(late.body.code).toBe("IDN-401");
    await server.call("POST", "/api/identity/sign-out", { headers });
    expect(await me(String(renewed.body.token))).toBe("401 IDN-409");
  });

  test("is not made by a site: neither a site's token is renewed, nor may a site call itself Steward", async () => {
    const headers = { Origin: SITE, Authorization: `Bearer ${await mint()}` };
    expect((await server.call("POST", "/api/identity/renew", { headers })).body.code).toBe("IDN-406");
    expect(await me(await mint({ iss: "steward", aud: SITE }))).toBe("401 IDN-406");
  });

  test("two processes that make the key at the same time sign with the same one", async () => {
    const twin = createIdentity({ db, vault, sites, findPerson });
    const [a, b] = await Promise.all(
      [identity, twin].map((each) => each.tokens.mint({ email: ANA.id, origin: SITE })),
    );
    const whence = { origin: SITE, own: [] };
    for (const token of [a, b]) {
      for (const each of [identity, twin])
        expect((await each.verify(token ?? "", whence)).principal.id).toBe(ANA.id);
    }
  });
});
