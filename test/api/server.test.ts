import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ApiPorts } from "../../src/api/ports.ts";
import { ALL_ROUTES } from "../../src/api/routes/all-routes.ts";
import type { AppOptions } from "../../src/server.ts";
import { listen } from "../../src/server.ts";
import type { Db } from "../../src/store/db.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { freshDatabase } from "../setup/database.ts";
import { ANA, BEN, CARD, type Call, fakePorts } from "./fake-ports.ts";
import { LOCAL_SECRET, startServer, type TestServer } from "./start-server.ts";

let db: Db;
let server: TestServer;
let calls: Call[];

beforeAll(async () => {
  db = await freshDatabase();
  return async () => await db.close();
});
afterEach(async () => await server.close());

async function start(options: Partial<AppOptions> = {}, over: Partial<ApiPorts> = {}): Promise<void> {
  const ports = fakePorts(db, over);
  calls = ports.calls;
  server = await startServer(db, ports, options);
}

/** A call that fits the route: ids and queries that pass, a body that validates. */
const SAMPLES: Record<string, { id?: string; query?: string; body?: unknown }> = {
  ask: { body: { text: "hi" } },
  postMessage: { body: { id: "msg_00000001", text: "hi" } },
  listItems: { query: "?after=2" },
  putFile: { query: "?name=a.txt" },
  refuse: { body: { reason: "no" } },
  resolve: { body: { choice: "check" } },
  search: { query: "?q=leave" },
  ingest: { query: "?source=a.md&readers=hr,finance" },
  extract: { query: "?name=a.pdf" },
  approveAll: { body: { approvals: [{ id: "apr_1", digest: "0".repeat(64) }] } },
  delegate: { body: { to: BEN.id, until: "2026-01-09" } },
  renameSession: { body: { title: "Leave" } },
  giveFeedback: { body: { verdict: "up" } },
  policyExplain: { query: "?action=crm.updateDeal" },
  policyReplay: { body: { since: CARD.createdAt, files: [{ path: "a.cedar", text: "" }] } },
  retryOutbox: { body: {} },
  openLink: { id: "x".repeat(32) },
  confirmLink: { id: "x".repeat(32) },
  removeAccount: { body: { channel: "slack", workspace: "T1", account: "U1" } },
  checkChannel: { id: "slack" },
  addSite: { body: { origins: ["https://intranet.example"] } },
  createToken: { body: { principal: ANA.id } },
  importPeople: { body: { people: [{ id: "Cy@Example.com", name: "Cy", manager: "ANA@example.com" }] } },
};

describe("every route", () => {
  for (const route of ALL_ROUTES) {
    const sample = SAMPLES[route.operation] ?? {};
    const admin = { Authorization: `Bearer ${LOCAL_SECRET}`, "X-Steward-As": ANA.id };
    const send = async (headers: Record<string, string>) => {
      const id =
        route.operation === "revokeToken"
          ? await tokenId()
          : route.operation === "openDocument"
            ? "doc_1"
            : (sample.id ?? "abc_1");
      const path = route.path.replace(/:\w+/, id) + (sample.query ?? "");
      return await server.call(route.method.toUpperCase(), path, {
        headers,
        ...(route.body === "bytes" ? { raw: "content" } : sample.body ? { body: sample.body } : {}),
      });
    };
    const tokenId = async () => {
      const given = { principal: ANA.id, name: "", isAdmin: false, days: 1 };
      return (await fakePorts(db).createToken(ANA.id, given)).id;
    };

    test(`${route.operation} answers what the OpenAPI document says`, async () => {
      await start();
      const answer = await send({ ...admin, "Idempotency-Key": crypto.randomUUID() });
      expect(answer.text).not.toContain("API-");
      expect(answer.status).toBe(route.status);
      expect(answer.headers["cache-control"]).toBe("no-store");
      if (route.answer === "bytes") {
        // Nothing that somebody uploaded is ever a page here.
        expect(answer.headers["content-type"]).toBe("application/octet-stream");
        expect(answer.headers["content-disposition"]).toBe("attachment");
        expect(answer.headers["content-security-policy"]).toBe("default-src 'none'; sandbox");
        expect(answer.headers["x-content-type-options"]).toBe("nosniff");
      } else expect(route.answer.safeParse(answer.body).error).toBeUndefined();
    });

    test(`${route.operation} is closed to whoever brings no proof`, async () => {
      await start({ isDemo: false });
      const answer = await send({ "X-Steward-As": ANA.id, "Idempotency-Key": "k" });
      expect(answer).toMatchObject({ status: 401, body: { code: "AUTH-401" } });
      expect(calls).toEqual([]);
    });

    if (route.isWrite) {
      test(`${route.operation} does nothing without an Idempotency-Key`, async () => {
        await start();
        const answer = await send(admin);
        expect(answer).toMatchObject({ status: 400, body: { code: "API-428" } });
        expect(calls).toEqual([]);
      });
    }
    if (route.access === "admin") {
      test(`${route.operation} is for administrators`, async () => {
        await start();
        expect(await send(server.as(ANA.id))).toMatchObject({ status: 403, body: { code: "AUTH-403" } });
        expect(calls).toEqual([]);
      });
    }
  }
});

describe("errors", () => {
  test("are problem+json with code, remedy and the request's id", async () => {
    await start();
    const answer = await server.call("GET", "/api/nothing", { headers: server.as(ANA.id) });
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      type: "urn:steward:error:API-404",
      title: "There is nothing at this address.",
      status: 404,
      code: "API-404",
      detail: "There is nothing at this address.",
      remedy: expect.any(String),
      instance: answer.headers["x-request-id"],
    });
  });

  test("name the field, and unknown fields are refused", async () => {
    await start();
    const bad = async (body: unknown) =>
      await server.call("POST", "/api/ask", { headers: server.as(ANA.id), body });
    expect((await bad({ text: 3 })).body).toMatchObject({
      code: "API-400",
      detail: expect.stringContaining("'text'"),
    });
    expect((await bad({ text: "x", admin: true })).body).toMatchObject({
      code: "API-400",
      detail: expect.stringContaining("admin"),
    });
    expect((await bad(["text"])).status).toBe(400);
    expect((await bad({ text: "x", session: "../x y" })).status).toBe(400);
    expect(calls).toEqual([]);
  });

  test("tell malformed JSON, a foreign content type and a broken address apart", async () => {
    await start();
    const headers = server.as(ANA.id);
    const json = { ...headers, "Content-Type": "application/json" };
    expect((await server.call("POST", "/api/ask", { headers: json, raw: '{"text": ' })).body.code).toBe(
      "API-400",
    );
    expect((await server.call("POST", "/api/ask", { headers: json, raw: "\u0000\u0001" })).body.code).toBe(
      "API-400",
    );
    const form = { ...headers, "Content-Type": "application/x-www-form-urlencoded" };
    expect((await server.call("POST", "/api/ask", { headers: form, raw: "text=hi" })).body.code).toBe(
      "API-415",
    );
    expect((await server.call("POST", "/api/ask", { headers })).body.code).toBe("API-400");
    expect((await server.call("GET", "/api/cards/%E0%A4%A", { headers })).body.code).toBe("API-400");
    expect((await server.call("GET", "/api/cards/a%00b", { headers })).body.code).toBe("API-400");
    expect((await server.call("GET", "/api/sessions/s_1/items?after=-1", { headers })).body.code).toBe(
      "API-400",
    );
    expect((await server.call("GET", "/api/sessions/s_1/items?after=1&after=2", { headers })).body.code).toBe(
      "API-400",
    );
  });

  test("do not show the words of a fault inside, which go to the log with the request's id", async () => {
    await start(
      {},
      {
        sessions: async () => {
          throw new Error("relation tokens at postgres://steward:hunter2@db");
        },
      },
    );
    const answer = await server.call("GET", "/api/sessions", { headers: server.as(ANA.id) });
    expect(answer).toMatchObject({ status: 500, body: { code: "API-500" } });
    expect(answer.text).not.toMatch(/relation|hunter2/);
    expect(server.logged.join("")).toContain(String(answer.body.instance));
    expect(server.logged.join("")).not.toContain("hunter2");
  });

  test("refuse a body that is too large before it is read whole", async () => {
    await start();
    const large = Buffer.alloc(21 * 1024 * 1024, 65);
    const file = await server.call("POST", "/api/files?name=a.bin", {
      headers: server.as(ANA.id),
      raw: large,
    });
    expect(file).toMatchObject({ status: 413, body: { code: "API-413" } });
    const text = await server.call("POST", "/api/ask", {
      headers: server.as(ANA.id),
      body: { text: "x".repeat(2e6) },
    });
    expect(text).toMatchObject({ status: 413, body: { code: "API-413" } });
    expect(calls).toEqual([]);
  });

  test("a file without content or with a name that is none is refused, and a path is cut off", async () => {
    await start();
    const put = async (name: string, raw: string) =>
      await server.call("POST", `/api/files?name=${encodeURIComponent(name)}`, {
        headers: server.as(ANA.id),
        raw,
      });
    expect((await put("a.txt", "")).body.code).toBe("FIL-400");
    expect((await put("..", "x")).body.code).toBe("FIL-400");
    expect((await put("x".repeat(300), "x")).body.code).toBe("FIL-400");
    expect((await put("../../etc/pass\u202Ewd.txt", "x")).body.name).toBe("passwd.txt");
  });
});

describe("who calls", () => {
  test("in the demo is any known person, and nobody else", async () => {
    await start();
    const me = async (as: string) => await server.call("GET", "/api/me", { headers: { "X-Steward-As": as } });
    expect((await me(" ANA@Example.com ")).body.principal).toMatchObject({ id: ANA.id });
    expect(await me("eve@example.com")).toMatchObject({ status: 404, body: { code: "DIR-404" } });
    expect((await server.call("GET", "/api/me")).body.code).toBe("AUTH-400");
  });

  test("in the demo is on this machine, not behind a proxy that makes everybody look so", async () => {
    await start();
    const answer = await server.call("GET", "/api/me", {
      headers: { "X-Steward-As": ANA.id, "X-Forwarded-For": "203.0.113.9" },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "AUTH-401" } });
  });

  test("with a token is its owner, until it is revoked or has ended", async () => {
    await start({ isDemo: false });
    const admin = { Authorization: `Bearer ${LOCAL_SECRET}` };
    const made = await server.call("POST", "/api/tokens", {
      headers: { ...admin, "Idempotency-Key": crypto.randomUUID() },
      body: { principal: ANA.id, name: "laptop" },
    });
    const bearer = { Authorization: `Bearer ${made.body.token}` };
    expect((await server.call("GET", "/api/me", { headers: bearer })).body.principal).toMatchObject({
      id: ANA.id,
    });
    const stored = await db.query<{ text: string }>("select to_jsonb(tokens)::text as text from tokens");
    const kept = await db.query<{ text: string }>(
      "select to_jsonb(idempotency)::text as text from idempotency",
    );
    expect([...stored, ...kept].map((row) => row.text).join()).not.toContain(String(made.body.token));

    const other = { ...bearer, "X-Steward-As": BEN.id };
    expect((await server.call("GET", "/api/me", { headers: other })).body.code).toBe("AUTH-403");
    const upper = { Authorization: `bearer ${made.body.token}`, "X-Steward-As": "ANA@example.com" };
    expect((await server.call("GET", "/api/me", { headers: upper })).status).toBe(200);

    await db.query("update tokens set expires_at = now() - interval '1 second' where id = $1", [
      made.body.id,
    ]);
    expect((await server.call("GET", "/api/me", { headers: bearer })).body.code).toBe("AUTH-401");
    await db.query("update tokens set expires_at = null where id = $1", [made.body.id]);
    await server.call("POST", `/api/tokens/${made.body.id}/revoke`, {
      headers: { ...admin, "Idempotency-Key": "r" },
    });
    expect((await server.call("GET", "/api/me", { headers: bearer })).body.code).toBe("AUTH-401");
  });

  test("with an administrator's token may act for others", async () => {
    await start({ isDemo: false });
    const made = await server.call("POST", "/api/tokens", {
      headers: { Authorization: `Bearer ${LOCAL_SECRET}`, "Idempotency-Key": crypto.randomUUID() },
      body: { principal: ANA.id, isAdmin: true, days: null },
    });
    const headers = { Authorization: `Bearer ${made.body.token}`, "X-Steward-As": BEN.id };
    expect((await server.call("GET", "/api/me", { headers })).body.principal).toMatchObject({ id: BEN.id });
  });

  test("with a wrong token or another scheme is nobody, even in the demo", async () => {
    await start();
    for (const proof of [
      "Bearer wrong",
      "Bearer ",
      "Basic YTpi",
      `Bearer ${LOCAL_SECRET}x`,
      `Bearer ${"x".repeat(5000)}`,
    ]) {
      const answer = await server.call("GET", "/api/me", {
        headers: { Authorization: proof, "X-Steward-As": ANA.id },
      });
      expect(answer).toMatchObject({ status: 401, body: { code: "AUTH-401" } });
    }
  });

  test("the list of people is for the demo", async () => {
    await start({ isDemo: false });
    const admin = { Authorization: `Bearer ${LOCAL_SECRET}`, "X-Steward-As": ANA.id };
    expect((await server.call("GET", "/api/people", { headers: admin })).status).toBe(404);
  });
});

describe("hosts and origins", () => {
  const me = async (headers: Record<string, string>) =>
    await server.call("GET", "/api/me", { headers: { "X-Steward-As": ANA.id, ...headers } });

  test("a name that was pointed at this machine is refused", async () => {
    await start();
    for (const host of [
      "evil.example",
      "localhost.evil.example",
      "evil.example:3000",
      "127.0.0.1.nip.io",
      "10.0.0.7",
    ]) {
      expect(await me({ Host: host })).toMatchObject({ body: { code: "API-403" } });
      expect((await server.call("GET", "/metrics", { headers: { Host: host } })).status).toBe(403);
    }
    for (const host of ["localhost:3000", "LOCALHOST", "127.0.0.1:1", "[::1]:3000"]) {
      expect((await me({ Host: host })).status).toBe(200);
    }
  });

  test("pages of other sites are refused, the server's own are not", async () => {
    await start();
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost:9999",
      "file://",
      "http://localhost:3000.evil.example",
    ]) {
      expect(await me({ Host: "localhost:3000", Origin: origin })).toMatchObject({
        body: { code: "API-403" },
      });
    }
    expect((await me({ Host: "localhost:3000", Origin: "http://localhost:3000" })).status).toBe(200);
  });

  test("a site that was allowed gets its preflight, and only that one", async () => {
    await start({ publicUrl: "https://steward.example", allowedOrigins: ["https://intranet.example"] });
    const preflight = async (origin: string) =>
      await server.call("OPTIONS", "/api/ask", { headers: { Host: "steward.example", Origin: origin } });
    const answer = await preflight("https://intranet.example");
    expect(answer.status).toBe(204);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://intranet.example");
    expect((await preflight("https://evil.example")).headers["access-control-allow-origin"]).toBeUndefined();
    expect((await me({ Host: "steward.example", Origin: "https://steward.example" })).status).toBe(200);
  });

  test("probes may come by any name and learn nothing", async () => {
    await start({}, { isReady: async () => ({ ok: false, reason: "The database does not answer." }) });
    const health = await server.call("GET", "/healthz", { headers: { Host: "10.1.2.3" } });
    expect(health).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(health.text).not.toContain(LOCAL_SECRET);
    const ready = await server.call("GET", "/readyz", { headers: { Host: "10.1.2.3" } });
    expect(ready).toMatchObject({
      status: 503,
      body: { code: "API-503", detail: "The database does not answer." },
    });
  });

  test("every answer carries the headers that protect a page", async () => {
    await start();
    for (const path of ["/api/me", "/nothing", "/healthz"]) {
      const { headers } = await server.call("GET", path);
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-powered-by"]).toBeUndefined();
    }
  });

  test("metrics are for this machine and administrators", async () => {
    await start();
    await server.call("GET", "/healthz");
    expect((await server.call("GET", "/metrics")).text).toContain("http_server_request_duration");
    const forwarded = { "X-Forwarded-For": "203.0.113.9" };
    expect((await server.call("GET", "/metrics", { headers: forwarded })).status).toBe(401);
  });
});

describe("an Idempotency-Key", () => {
  const ask = async (key: string, text = "hi", as = ANA.id) =>
    await server.call("POST", "/api/ask", { headers: server.as(as, key), body: { text } });

  test("gives a repeat the first one's answer and does the work once", async () => {
    await start();
    const first = await ask("once-1");
    const second = await ask("once-1");
    expect(second.body).toEqual(first.body);
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect(calls.filter((call) => call.port === "ask")).toHaveLength(1);
  });

  test("lets twenty at once through once", async () => {
    let runs = 0;
    await start(
      {},
      {
        approve: async () => {
          runs++;
          await new Promise((resolve) => setTimeout(resolve, 100));
          return { card: CARD, message: "Approved." };
        },
      },
    );
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        server.call("POST", "/api/approvals/apr_1/approve", {
          headers: server.as(BEN.id, "twenty"),
          body: {},
        }),
      ),
    );
    expect(runs).toBe(1);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
  });

  test("of another request is refused; another person's is their own", async () => {
    await start();
    await ask("other-1", "one");
    expect(await ask("other-1", "two")).toMatchObject({ status: 422, body: { code: "API-422" } });
    expect((await ask("other-1", "two", BEN.id)).status).toBe(200);
    expect((await ask("not plain")).body.code).toBe("API-400");
  });

  test("keeps a refusal, and is free again after a fault of the server", async () => {
    let runs = 0;
    await start(
      {},
      {
        openDocument: async () => {
          throw new Error("unused");
        },
        undo: async () => {
          runs++;
          if (runs === 1) throw new Error("The database went away");
          return { card: CARD, message: "Undone." };
        },
        refuse: async () => {
          runs++;
          const { StewardError } = await import("../../src/types/steward-error.ts");
          throw new StewardError("APR-409");
        },
      },
    );
    const undo = async () =>
      await server.call("POST", "/api/actions/act_1/undo", { headers: server.as(ANA.id, "u") });
    expect((await undo()).status).toBe(500);
    expect((await undo()).status).toBe(200);
    expect((await undo()).headers["idempotency-replayed"]).toBe("true");
    const refuse = async () =>
      await server.call("POST", "/api/approvals/a/refuse", {
        headers: server.as(ANA.id, "f"),
        body: { reason: "x" },
      });
    const first = await refuse();
    expect(first).toMatchObject({ status: 409, body: { code: "APR-409" } });
    expect((await refuse()).body).toEqual(first.body);
    expect(runs).toBe(3);
  });
});

test("a caller who is too fast is told when to come back, and others are not held up", async () => {
  const slow = { burst: 3, perSecond: 0.5 };
  await start({ limits: { reads: slow, writes: slow } });
  const me = async (as: string) => await server.call("GET", "/api/me", { headers: { "X-Steward-As": as } });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push(await me(ANA.id));
  expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
  expect(statuses[3]?.body.code).toBe("API-429");
  expect(Number(statuses[3]?.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  expect((await me(BEN.id)).status).toBe(200);
});

test("the demo does not listen beyond this machine unless told so, and a taken port is named", async () => {
  await start();
  const options = { isDemo: true, allowRemoteDemo: false, db, log: createLog("silent"), port: 0 };
  await expect(listen(() => {}, { ...options, host: "0.0.0.0" })).rejects.toMatchObject({ code: "SRV-403" });
  const open = await listen(() => {}, { ...options, host: "0.0.0.0", allowRemoteDemo: true });
  await open.close();
  const port = Number(new URL(server.url).port);
  await expect(listen(() => {}, { ...options, host: "127.0.0.1", port })).rejects.toMatchObject({
    code: "SRV-409",
  });
});
