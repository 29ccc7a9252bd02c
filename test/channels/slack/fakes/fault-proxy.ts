import { request as ask, createServer } from "node:http";

/** What goes wrong with one call on its way to Slack and back. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterS?: number }
  | { readonly kind: "latency"; readonly ms: number }
  /** The line breaks before Slack hears of it, or after it has done it. */
  | { readonly kind: "drop"; readonly when: "before" | "after" };

/** What stands between the app and the platform. */
export type FaultProxy = {
  readonly apiUrl: string;
  /** The next calls of a method, or of any (`*`), meet these faults in turn. */
  fail(method: string, ...faults: readonly Fault[]): void;
  /** Decides about each call that no planned fault meets; null lets it through. */
  always(choose: ((method: string) => Fault | null) | null): void;
  /** How many calls met a fault. */
  readonly met: number;
  close(): Promise<void>;
};

export async function startFaultProxy(apiUrl: string): Promise<FaultProxy> {
  const target = new URL(apiUrl);
  const planned = new Map<string, Fault[]>();
  let choose: ((method: string) => Fault | null) | null = null;
  let met = 0;

  const server = createServer((request, response) => {
    const method = (request.url ?? "").split("?")[0]?.split("/").at(-1) ?? "";
    const fault = planned.get(method)?.shift() ?? planned.get("*")?.shift() ?? choose?.(method) ?? null;
    if (fault) met += 1;
    if (fault?.kind === "status") {
      request.resume();
      const more = fault.retryAfterS === undefined ? {} : { "Retry-After": String(fault.retryAfterS) };
      response.writeHead(fault.status, { "Content-Type": "application/json", ...more });
      response.end(fault.status === 429 ? '{"ok":false,"error":"ratelimited"}' : "");
      return;
    }
    if (fault?.kind === "drop" && fault.when === "before") {
      request.socket.destroy();
      return;
    }
    const forward = () => {
      const onward = ask(
        {
          host: target.hostname,
          port: target.port,
          path: request.url,
          method: request.method,
          headers: request.headers,
        },
        (answer) => {
          if (fault?.kind === "drop") {
            answer.resume();
            answer.on("end", () => request.socket.destroy());
            return;
          }
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on("error", () => request.socket.destroy());
      request.pipe(onward);
    };
    if (fault?.kind === "latency") setTimeout(forward, fault.ms);
    else forward();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    fail: (method, ...faults) => {
      planned.set(method, [...(planned.get(method) ?? []), ...faults]);
    },
    always: (with_) => {
      choose = with_;
    },
    get met() {
      return met;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
