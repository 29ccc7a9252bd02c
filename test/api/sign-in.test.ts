import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSitePorts } from "../../src/api/identity/create-site-ports.ts";
import { createIdentity, type Identity } from "../../src/api/identity/identity.ts";
import { createOidcClient } from "../../src/api/identity/oidc-client.ts";
import { createSiteDirectory } from "../../src/api/identity/site-directory.ts";
import { sha256 } from "../../src/api/identity/verify-token.ts";
import type { Db } from "../../src/store/db.ts";
import { spendToken } from "../../src/store/sites/sites.ts";
import type { Vault } from "../../src/types/channel-host.ts";
import { freshDatabase } from "../setup/database.ts";
import { ANA, fakePorts } from "./fake-ports.ts";
import { startServer, type TestServer } from "./start-server.ts";

const SITE = "https://intranet.example";
const PUBLIC = "https://steward.example";
const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

/** A provider that insists on everything: client, secret, address, PKCE, and each code once. */
async function createIssuer() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();
  const claims: Record<string, unknown> = {};
  let url = "";
  const server: Server = createServer(async (request, response) => {
    const at = new URL(request.url ?? "/", url);
    const json = (body: object, status = 200) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (at.pathname === "/.well-known/openid-configuration") {
      return json({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
      });
    }
    if (at.pathname === "/keys")
      return json({ keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }] });
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = new URLSearchParams(text);
    const kept = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const isRight =
      request.headers.authorization === `Basic ${Buffer.from("steward:s%20cret").toString("base64")}` &&
      kept !== undefined &&
      form.get("grant_type") === "authorization_code" &&
      form.get("redirect_uri") === kept.redirect &&
      challengeOf(form.get("code_verifier") ?? "") === kept.challenge;
    if (!isRight) return json({ error: "invalid_grant" }, 400);
    const now = Math.floor(Date.now() / 1_000);
    const said = {
      iss: url,
      aud: "steward",
      sub: "00u1",
      email: ANA.id,
      email_verified: true,
      nonce: kept.nonce,
      iat: now,
      exp: now + 300,
      ...claims,
    };
    json({
      id_token: await new SignJWT(said).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(privateKey),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    claims,
    /** What a person does there: signs in, and is sent back with a code. */
    approve(address: string): URLSearchParams {
      const wish = new URL(address).searchParams;
      expect(Object.fromEntries(wish)).toMatchObject({
        response_type: "code",
        client_id: "steward",
        code_challenge_method: "S256",
      });
      expect(wish.get("scope")?.split(" ")).toContain("openid");
      const code = randomBytes(8).toString("hex");
      codes.set(code, {
        challenge: wish.get("code_challenge") ?? "",
        nonce: wish.get("nonce") ?? "",
        redirect: wish.get("redirect_uri") ?? "",
      });
      return new URLSearchParams({ code, state: wish.get("state") ?? "" });
    },
    close: () => server.close(),
  };
}

let db: Db;
let issuer: Awaited<ReturnType<typeof createIssuer>>;
let identity: Identity;
let server: TestServer;
const Host = "steward.example";
const verifier = randomBytes(32).toString("base64url");

beforeAll(async () => {
  db = await freshDatabase();
  issuer = await createIssuer();
  const kept = new Map<string, string>();
  const vault: Vault = {
    read: async (name) => kept.get(name) ?? null,
    write: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  };
  await createSitePorts(db, () => vault).addSite("test", {
    ...{ name: "", origins: [SITE], issuer: null, audience: "steward", jwksUrl: null, publicKey: null },
  });
  const sites = await createSiteDirectory(db, () => {});
  const findPerson = async (id: string) => (id === ANA.id ? ANA : null);
  identity = createIdentity({ db, vault, sites, findPerson });
  server = await startServer(db, fakePorts(db, { findPerson }), {
    ...{ isDemo: false, publicUrl: PUBLIC, identity },
    signIn: {
      client: createOidcClient({ issuer: issuer.url, clientId: "steward", clientSecret: "s cret" }),
      publicUrl: PUBLIC,
      spend: async (code, endsAt) => await spendToken(db, sha256(code), endsAt),
    },
  });
  return async () => {
    await server.close();
    await sites.stop();
    await db.close();
  };
});
beforeEach(() => {
  for (const name of Object.keys(issuer.claims)) delete issuer.claims[name];
});
afterAll(() => issuer.close());

async function begin(origin = SITE, challenge = challengeOf(verifier)) {
  const answer = await server.call("GET", `/sign-in?${new URLSearchParams({ origin, challenge })}`, {
    headers: { Host },
  });
  const set = (answer.headers["set-cookie"] as unknown as string[] | undefined)?.[0] ?? "";
  return { answer, set, cookie: set.split(";")[0] ?? "", to: answer.headers.location ?? "" };
}
const finish = (query: URLSearchParams, cookie: string) =>
  server.call("GET", `/sign-in/callback?${query}`, { headers: { Host, Cookie: cookie } });
const exchange = (code: string, given = verifier, origin = SITE) =>
  server.call("POST", "/api/identity/exchange", {
    headers: { Host, Origin: origin },
    body: { code, verifier: given },
  });
const codeIn = (text: string) => /data-code="([^"]+)"/.exec(text)?.[1] ?? "";

describe("signing in with a company account", () => {
  test("goes out with PKCE, comes back with a code for one page, and ends in a token of five minutes", async () => {
    const { answer, set, cookie, to } = await begin();
    expect(answer.status).toBe(303);
    expect(set).toMatch(/^__Secure-steward-sign-in-.*HttpOnly.*Secure.*SameSite=Lax/);
    expect(answer.headers["cross-origin-opener-policy"]).toBe("unsafe-none");
    const page = await finish(issuer.approve(to), cookie);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`data-origin="${SITE}"`);
    expect(page.headers["content-security-policy"]).not.toContain("unsafe");
    const done = await exchange(codeIn(page.text));
    const { principal, endsAt } = await identity.verify(String(done.body.token), { origin: SITE, own: [] });
    expect(principal.id).toBe(ANA.id);
    expect(endsAt.getTime() - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test("a code counts once, for the page that began, and on its origin", async () => {
    const { cookie, to } = await begin();
    const code = codeIn((await finish(issuer.approve(to), cookie)).text);
    expect((await exchange(code, randomBytes(32).toString("base64url"))).body.code).toBe("IDN-409");
    expect((await exchange(code, verifier, PUBLIC)).body.code).toBe("IDN-403");
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).body.code).toBe("IDN-409");
    expect((await exchange("not-a-code")).body.code).toBe("IDN-409");
  });

  test("nobody finishes what another browser began, nor with another's state", async () => {
    const { to } = await begin();
    const other = await begin();
    expect((await finish(issuer.approve(to), "")).body.code).toBe("IDN-409");
    expect((await finish(issuer.approve(to), other.cookie)).body.code).toBe("IDN-409");
    const query = issuer.approve(to);
    query.set("state", "x".repeat(43));
    expect((await finish(query, other.cookie)).body.code).toBe("IDN-409");
    expect((await finish(new URLSearchParams({ error: "access_denied" }), other.cookie)).body.code).toBe(
      "IDN-406",
    );
  });

  test("an answer for another client, another question, from another issuer, or old, is not genuine", async () => {
    const wrong = [
      { aud: "another" },
      { nonce: "another" },
      { iss: "https://evil.example" },
      { exp: 1 },
      { azp: "another" },
      { iat: undefined },
    ];
    for (const claims of wrong) {
      Object.assign(issuer.claims, claims);
      const { cookie, to } = await begin();
      expect((await finish(issuer.approve(to), cookie)).body.code, JSON.stringify(claims)).toBe("IDN-406");
      for (const name of Object.keys(claims)) delete issuer.claims[name];
    }
  });

  test("who is not in the directory, or has an address nobody checked, is not signed in", async () => {
    for (const claims of [{ email: "eve@example.com" }, { email_verified: false }, { email: undefined }]) {
      Object.assign(issuer.claims, claims);
      const { cookie, to } = await begin();
      expect((await finish(issuer.approve(to), cookie)).body.code).toBe("IDN-404");
      for (const name of Object.keys(claims)) delete issuer.claims[name];
    }
  });

  test("begins for pages of known origins alone, with a proper challenge", async () => {
    expect((await begin("https://evil.example")).answer.body.code).toBe("IDN-403");
    expect((await begin(SITE, "short")).answer.body.code).toBe("API-400");
    expect((await begin(PUBLIC)).answer.status).toBe(303);
  });
});
