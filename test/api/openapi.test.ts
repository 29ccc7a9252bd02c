import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openApi } from "../../src/api/openapi.ts";
import { ALL_ROUTES } from "../../src/api/routes/all-routes.ts";

type Operation = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
};
const document = openApi(ALL_ROUTES, { title: "Steward", version: "1" }) as unknown as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every object in it, with the names on the way. */
function* walk(value: unknown, at = "#"): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>];
  for (const [name, item] of Object.entries(value)) yield* walk(item, `${at}/${name}`);
}

describe("the OpenAPI document", () => {
  test("is version 3.1 and holds each route once, under a name of its own", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(operations).toHaveLength(ALL_ROUTES.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(ALL_ROUTES.length);
    for (const route of ALL_ROUTES) {
      const operation = document.paths[route.path.replace(/:(\w+)/g, "{$1}")]?.[route.method];
      expect(operation?.operationId).toBe(route.operation);
      const type = route.answer === "bytes" ? "application/octet-stream" : "application/json";
      expect(operation?.responses[String(route.status)]?.content[type]).toBeDefined();
      expect(operation?.responses.default?.content["application/problem+json"]).toBeDefined();
    }
  });

  test("declares every part of an address, and the key of every write", () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((one) => one.in === "path");
      expect(declared.map((one) => one.name)).toEqual(inPath);
      expect(declared.every((one) => one.required)).toBe(true);
      const route = ALL_ROUTES.find((one) => one.operation === operation.operationId);
      const key = operation.parameters.find((one) => one.name === "Idempotency-Key");
      expect(key?.required ?? false).toBe(route?.isWrite);
    }
  });

  test("refers only to what it holds, and closes its inputs", () => {
    for (const [at, object] of walk(document)) {
      if (typeof object.$ref === "string") {
        const name = object.$ref.replace("#/components/schemas/", "");
        expect(document.components.schemas, at).toHaveProperty(name);
      }
      expect(object, at).not.toHaveProperty("$schema");
      expect(object, at).not.toHaveProperty("$defs");
    }
    for (const { operation } of operations) {
      const schema = operation.requestBody?.content["application/json"]?.schema as
        | Record<string, unknown>
        | undefined;
      if (schema?.type === "object") expect(schema.additionalProperties).toBe(false);
    }
  });

  test("says what each write takes as its body", () => {
    const refuse = document.paths["/api/approvals/{id}/refuse"]?.post;
    expect(refuse?.requestBody?.content["application/json"]?.schema).toMatchObject({
      required: ["reason"],
      properties: { reason: { type: "string" } },
    });
    expect(document.paths["/api/files"]?.post?.requestBody?.content).toHaveProperty(
      "application/octet-stream",
    );
  });
});

/** For probes and the command line of the same machine. */
const APART = ["/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/backup"];
/** What a browser asks before it is anybody: redirects, pages and tokens, which no caller of the API has a use for. */
const isSignIn = (path: string) => /^(?:\/sign-in|\/api\/identity)(?:\/|$)/.test(path);

test("no route stands outside the table", () => {
  const sources = readdirSync(new URL("../../src/api/", import.meta.url), {
    recursive: true,
    encoding: "utf8",
  });
  for (const name of sources.filter((file) => file.endsWith(".ts") && !file.startsWith("routes"))) {
    const text = readFileSync(new URL(`../../src/api/${name}`, import.meta.url), "utf8");
    const own = [...text.matchAll(/router\.(get|post)\("([^"]+)"/g)].map((match) => match[2]);
    expect(own.every((path) => APART.includes(String(path)) || isSignIn(String(path)))).toBe(true);
  }
});
