import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The strictest policy that the widget promises to work under. */
export const strictPolicy = (steward: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-n1' ${steward}`,
    `connect-src ${steward} ${steward.replace("http", "ws")} 'self'`,
    "style-src 'none'",
    `img-src ${steward}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

/** A token as a host page's server mints it, without a signature. */
export function pageToken(sub: string, seconds = 300): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Date.now() / 1_000 + seconds;
  return `${part({ alg: "none" })}.${part({ sub, exp, jti: Math.random() })}.`;
}

/** Somebody else's site: one page, and a server of its own that says who is in front of it. */
export async function createHostPage() {
  const state = { html: "", policy: "", person: "", seconds: 300, asked: 0 };
  const server = createServer((request, response) => {
    if (request.url === "/token") {
      state.asked++;
      response.end(pageToken(state.person, state.seconds));
      return;
    }
    if (state.policy) response.setHeader("Content-Security-Policy", state.policy);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Intranet</title>${state.html}</html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
export type HostPage = Awaited<ReturnType<typeof createHostPage>>;
