import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createWebhooks, type Webhooks } from "../../src/api/webhooks.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

const MB = 1024 * 1024;

describe("the addresses that platforms call", () => {
  let server: Server | null = null;
  const logged: string[] = [];
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
    server = null;
    logged.length = 0;
  });

  const open = async (limit?: {
    burst: number;
    perSecond: number;
  }): Promise<{ webhooks: Webhooks; port: number }> => {
    const log = createLog("info", { write: (line) => void logged.push(line) }, false);
    const webhooks = createWebhooks({ log, metrics: createMetrics(), ...(limit ? { limit } : {}) });
    server = createServer((request, response) => {
      if (!webhooks.take(request, response)) response.writeHead(204).end();
    });
    await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
    return { webhooks, port: (server.address() as AddressInfo).port };
  };
  const call = async (
    port: number,
    path: string,
    body: string | readonly string[] = "",
    headers: Record<string, string> = {},
  ) =>
    await new Promise<{ status: number; text: string; retryAfter: string | undefined }>((resolve, reject) => {
      const sent = httpRequest(
        { port, host: "127.0.0.1", path, method: "POST", agent: false, headers },
        (response) => {
          text(response).then(
            (whole) =>
              resolve({
                status: response.statusCode ?? 0,
                text: whole,
                retryAfter: response.headers["retry-after"],
              }),
            reject,
          );
        },
      );
      sent.on("error", reject);
      if (typeof body === "string") sent.end(body);
      else {
        for (const piece of body) sent.write(piece);
        sent.end();
      }
    });
  const echo = (webhooks: Webhooks) =>
    webhooks.mount("/channels/slack/events", async (request, response) => {
      // A channel may look at the body later than the request comes.
      await new Promise((go) => setTimeout(go, 5));
      const body = await text(request).catch(() => "");
      if (!response.headersSent) response.end(`${request.url} ${body.length} ${body.slice(0, 20)}`);
    });

  it("hand the body over as it came, from any host and origin", async () => {
    const { webhooks, port } = await open();
    echo(webhooks);
    const headers = { Host: "steward.acme.example", Origin: "https://elsewhere.example" };
    expect(await call(port, "/channels/slack/events?x=1", '{"a": 1 }', headers)).toMatchObject({
      status: 200,
      text: '/channels/slack/events?x=1 9 {"a": 1 }',
    });
    expect(await call(port, "/channels/slack/events", ["x".repeat(1_000), "y".repeat(1_000)])).toMatchObject({
      status: 200,
      text: expect.stringContaining(" 2000 "),
    });
  });

  it("leave everything else to the server, and know no other address", async () => {
    const { webhooks, port } = await open();
    echo(webhooks);
    expect((await call(port, "/api/ask")).status).toBe(204);
    for (const path of ["/channels/", "/channels/slack", "/channels/slack/events/", "/channels/../api/ask"])
      expect((await call(port, path)).status, path).toBe(404);
  });

  it("take no body of more than a megabyte, declared or not", async () => {
    const { webhooks, port } = await open();
    echo(webhooks);
    expect((await call(port, "/channels/slack/events", "x".repeat(MB))).status).toBe(200);
    expect((await call(port, "/channels/slack/events", "x".repeat(MB + 1))).status).toBe(413);
    const pieces = Array.from({ length: 40 }, () => "x".repeat(64 * 1024));
    const end = await call(port, "/channels/slack/events", pieces).then(
      ({ status }) => status,
      () => "cut off",
    );
    expect([413, "cut off"]).toContain(end);
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /channels/slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    let isOpen = true;
    socket.on("close", () => {
      isOpen = false;
    });
    socket.on("error", () => {});
    for (let i = 0; i < 60 && isOpen; i++) {
      socket.write(`10000\r\n${"x".repeat(65_536)}\r\n`);
      await new Promise((go) => setTimeout(go, 5));
    }
    expect(isOpen).toBe(false);
  });

  it("hold back a flood, and say how long", async () => {
    const { webhooks, port } = await open({ burst: 3, perSecond: 1 });
    echo(webhooks);
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await call(port, "/channels/slack/events"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(Number(answers.at(-1)?.retryAfter)).toBeGreaterThan(0);
  });

  it("answer for a channel that fails, without a word of the reason", async () => {
    const { webhooks, port } = await open();
    webhooks.mount("/channels/teams/messages", async () => {
      throw new Error("a secret reason");
    });
    const answer = await call(port, "/channels/teams/messages");
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("secret");
    expect(logged.join("")).toContain("A platform's call failed");
  });

  it("are under the platform's name only", async () => {
    const { webhooks } = await open();
    for (const path of ["/api/ask", "/channels/slack", "/", "/channels/Slack/Events"])
      expect(() => webhooks.mount(path, () => {}), path).toThrow();
  });
});
