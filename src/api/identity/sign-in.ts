import type { Request, Response } from "express";
import { z } from "zod";
import type { Log } from "../../telemetry/log.ts";
import type { Principal } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { Identity } from "./identity.ts";
import { challengeOf, type OidcClient } from "./oidc-client.ts";
import { isFrom, type Whence } from "./verify-token.ts";

export type SignInOptions = {
  readonly client: OidcClient;
  /** Address that people open, without a slash at the end; the provider sends them back there. */
  readonly publicUrl: string;
  /** True the first time: a code counts once. */
  readonly spend: (code: string, endsAt: Date) => Promise<boolean>;
};

type Deps = {
  readonly identity: Identity;
  readonly findPerson: (id: string) => Promise<Principal | null>;
  readonly log: Log;
};

const ATTEMPT_S = 10 * 60;
const CODE_S = 60;
const COOKIE = "steward-sign-in";

const Wish = z.object({
  origin: z.string().max(300),
  /** SHA-256 of a secret of the page that began: only that page can change the code into a token. */
  challenge: z.string().regex(/^[\w-]{43}$/),
});
const Back = z.object({ code: z.string().min(1).max(4_096), state: z.string().regex(/^[\w-]{43}$/) });
const Attempt = z.object({
  ...{ state: z.string(), nonce: z.string(), verifier: z.string() },
  ...{ origin: z.string(), challenge: z.string() },
});
const Code = z.object({
  email: z.string(),
  origin: z.string(),
  challenge: z.string(),
  exp: z.number(),
  jti: z.string(),
});

/** Hands the code to the page that opened this window, and to no other. */
const DELIVER = `const { code, origin, error } = document.body.dataset;
if (window.opener) {
  window.opener.postMessage({ type: "steward-sign-in", code, error }, origin);
  window.close();
}
`;
const POLICY =
  "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Signing in with a company account in a window of its own: out to the provider, back with a code that only the page
 * which opened the window can change into a token. The attempt is kept in a sealed cookie, so that any replica can
 * finish it and nobody can finish another's.
 */
export function createSignIn(
  { client, publicUrl, spend }: SignInOptions,
  { identity, findPerson, log }: Deps,
) {
  const redirectUri = `${publicUrl}/sign-in/callback`;
  const isHttps = publicUrl.startsWith("https:");
  const ownOrigin = new URL(publicUrl).origin;
  const cookieName = (state: string) => `${isHttps ? "__Secure-" : ""}${COOKIE}-${state.slice(0, 12)}`;
  const cookie = { httpOnly: true, secure: isHttps, sameSite: "lax", path: "/sign-in" } as const;
  const prepare = (response: Response) => {
    // With a policy of its own group the window would lose the page that opened it.
    response.setHeader("Cross-Origin-Opener-Policy", "unsafe-none");
    response.setHeader("Cache-Control", "no-store");
  };

  async function emailOf(request: Request, state: string, code: string) {
    const sealed = readCookie(request, cookieName(state));
    const payload = sealed === null ? null : await identity.tokens.unseal("attempt", sealed);
    const attempt = Attempt.safeParse(payload);
    if (!attempt.success || attempt.data.state !== state) {
      throw new StewardError("IDN-409", "This sign-in was not begun in this browser, or took too long.");
    }
    const email = await client.finish(code, redirectUri, attempt.data);
    if ((await findPerson(email)) === null) {
      throw new StewardError("IDN-404", `Nobody in the directory has the address '${email.slice(0, 80)}'.`);
    }
    return { email, attempt: attempt.data };
  }

  return {
    async begin(request: Request, response: Response): Promise<void> {
      const wish = Wish.safeParse(request.query);
      if (!wish.success)
        throw new StewardError("API-400", "A page begins this with its origin and a challenge.");
      const { origin, challenge } = wish.data;
      if (origin !== ownOrigin && !identity.isSiteOrigin(origin)) {
        throw new StewardError("IDN-403", `Pages of '${origin.slice(0, 100)}' may not show Steward.`);
      }
      const { url, ...attempt } = await client.begin(redirectUri);
      const sealed = await identity.tokens.seal("attempt", { ...attempt, origin, challenge }, ATTEMPT_S);
      prepare(response);
      response.cookie(cookieName(attempt.state), sealed, { ...cookie, maxAge: ATTEMPT_S * 1_000 });
      response.redirect(303, url);
    },

    async finish(request: Request, response: Response): Promise<void> {
      prepare(response);
      const state = typeof request.query.state === "string" ? request.query.state : "";
      const back = Back.safeParse(request.query);
      if (!back.success) throw new StewardError("IDN-406", "The provider did not sign anybody in.");
      response.clearCookie(cookieName(state), cookie);
      const { email, attempt } = await emailOf(request, back.data.state, back.data.code);
      const { origin, challenge } = attempt;
      const code = await identity.tokens.seal("code", { email, origin, challenge }, CODE_S);
      log.info("Somebody signed in with a company account", { origin });
      response.setHeader("Content-Security-Policy", POLICY);
      response.type("html").send(page({ code, origin }));
    },

    async exchange(code: string, verifier: string, whence: Whence): Promise<string> {
      const read = Code.safeParse(await identity.tokens.unseal("code", code));
      if (!read.success || challengeOf(verifier) !== read.data.challenge) throw new StewardError("IDN-409");
      const { email, origin, exp, jti } = read.data;
      if (!isFrom([origin], whence)) throw new StewardError("IDN-403");
      if (!(await spend(jti, new Date(exp * 1_000)))) throw new StewardError("IDN-409");
      return await identity.tokens.mint({ email, origin });
    },

    script(response: Response): void {
      response.setHeader("Cache-Control", "no-store");
      response.type("text/javascript").send(DELIVER);
    },
  };
}

function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.cookie ?? "").split(/; */)) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at) === name) return decodeURIComponent(pair.slice(at + 1));
  }
  return null;
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function page(data: Readonly<Record<string, string>>): string {
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signed in</title>
<script defer src="/sign-in/deliver.js"></script></head><body${attributes.join("")}>
<p>You are signed in. This window can be closed.</p></body></html>`;
}
