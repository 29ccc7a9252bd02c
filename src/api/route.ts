import type { z } from "zod";
import type { Caller } from "./authenticate.ts";
import type { ApiPorts } from "./ports.ts";

/** Who may call: anybody · a person (or somebody acting for one) · an administrator · in the demo anybody, else an administrator. */
export type Access = "open" | "person" | "admin" | "demo-or-admin" | "demo";

export type RouteInput<P, Q, B> = {
  readonly caller: Caller;
  /** Id of the person acted for; "" on routes that need none. */
  readonly as: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
};

/** One route, said once: it validates by these schemas, and the OpenAPI document is made from them. */
export type Route<P = unknown, Q = unknown, B = unknown, A = unknown> = {
  readonly method: "get" | "post";
  /** Express' spelling: `/api/sessions/:id/stop`. */
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  readonly access: Access;
  /** Changes something: needs an Idempotency-Key, and a repeat gets the stored answer. */
  readonly isWrite: boolean;
  /** A repeat does nothing anyway, by an id in the body: no answer is kept for it. */
  readonly isOnceById: boolean;
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  /** `bytes`: the raw content of a file; null: no body. */
  readonly body: z.ZodType<B> | "bytes" | null;
  /** `bytes`: a file as it is, which no browser shows or runs. */
  readonly answer: z.ZodType<A> | "bytes";
  readonly status: 200 | 201 | 202;
  /** Fields of the answer that are shown once and never stored. */
  readonly secretFields: readonly string[];
  handle(ports: ApiPorts, input: RouteInput<P, Q, B>): Promise<A>;
};

type Optional = "status" | "secretFields" | "isOnceById";
type Given<P, Q, B, A> = Omit<Route<P, Q, B, A>, Optional> & Partial<Pick<Route<P, Q, B, A>, Optional>>;

/** A route with its types checked against each other, as one of many. */
export function defineRoute<P, Q, B, A>(route: Given<P, Q, B, A>): Route {
  return { status: 200, secretFields: [], isOnceById: false, ...route } as unknown as Route;
}
