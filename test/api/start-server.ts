import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import type { ApiPorts } from "../../src/api/ports.ts";
import { type AppOptions, createApp, type Listening, listen } from "../../src/server.ts";
import type { Db } from "../../src/store/db.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

export const LOCAL_SECRET = "local-secret-of-the-data-directory-0123456789";

export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Record<string, unknown>;
  readonly text: string;
};

export type TestServer = Listening & {
  readonly logged: string[];
  /** Sends as node:http does, so that Host and Origin can be anything. A JSON body is written as such. */
  call(
    method: string,
    path: string,
    given?: { headers?: Record<string, string>; body?: unknown; raw?: string | Uint8Array },
  ): Promise<Answered>;
  /** As a persona of the demo, with a new Idempotency-Key. */
  as(person: string, key?: string): Record<string, string>;
};

/** An API on a free port over these ports. */
export async function startServer(
  db: Db,
  ports: ApiPorts,
  over: Partial<AppOptions> = {},
): Promise<TestServer> {
  const logged: string[] = [];
  const log = createLog("info", { write: (line) => void logged.push(line) }, false);
  const options: AppOptions = {
    db,
    log,
    metrics: createMetrics(),
    version: "0.1.0",
    isDemo: true,
    allowRemoteDemo: false,
    localSecret: LOCAL_SECRET,
    pages: null,
    host: "127.0.0.1",
    publicUrl: null,
    allowedOrigins: [],
    ...over,
  };
  const { app } = createApp(ports, options);
  const listening = await listen(app, { ...options, host: "127.0.0.1", port: 0 });
  const { port } = new URL(listening.url);
  return {
    ...listening,
    logged,
    as: (person, key = randomUUID()) => ({ "X-Steward-As": person, "Idempotency-Key": key }),
    call: (method, path, { headers = {}, body, raw } = {}) =>
      new Promise((resolve, reject) => {
        const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
        const sent = httpRequest(
          {
            method,
            path,
            port,
            host: "127.0.0.1",
            agent: false,
            headers: {
              ...(body === undefined ? {} : { "Content-Type": "application/json" }),
              ...(content === undefined ? {} : { "Content-Length": Buffer.byteLength(content) }),
              ...headers,
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () => {
              const text = Buffer.concat(chunks).toString("utf8");
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers as Record<string, string | undefined>,
                body: text.startsWith("{") ? JSON.parse(text) : {},
                text,
              });
            });
          },
        );
        sent.on("error", reject);
        sent.end(content);
      }),
  };
}
