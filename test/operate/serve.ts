import { expect } from "vitest";
import { type Running, steward } from "./processes.ts";

export const BEN = "ben.okafor@brightwell.example";
export const SOFIA = "sofia.marin@brightwell.example";
export const LENA = "lena.fischer@brightwell.example";

export type Answer = { readonly status: number; readonly body: Record<string, unknown> };

/** A server in a process of its own, when it is ready. */
export async function serve(args: readonly string[]): Promise<{
  readonly server: Running;
  readonly url: string;
  /** Asks it something as a person of the demo or by a token; with `body` as POST. */
  call(as: string, path: string, body?: object): Promise<Answer>;
}> {
  const server = steward(["start", "--port", "0", ...args]);
  expect(await server.saw(/Steward is ready: (\S+)/), server.err()).toBe(true);
  const url = /Steward is ready: (\S+)/.exec(server.out())?.[1] ?? "";
  return {
    server,
    url,
    call: async (as, path, body) => {
      const json = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
      const response = await fetch(url + path, {
        method: body ? "POST" : "GET",
        headers: {
          ...(as.includes("@") ? { "X-Steward-As": as } : { Authorization: `Bearer ${as}` }),
          ...(body ? json : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}
