import { z } from "zod";
import { ERRORS } from "../types/error-catalogue.ts";
import type { JsonObject } from "../types/json.ts";
import type { Route } from "./route.ts";
import { problemSchema } from "./schemas.ts";

/** The OpenAPI 3.1 document of these routes, made from the schemas that validate them. */
export function openApi(routes: readonly Route[], info: { title: string; version: string }): JsonObject {
  const schemas: Record<string, JsonObject> = {};
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  collect(problemSchema, "output", schemas);
  return {
    openapi: "3.1.0",
    info: {
      ...info,
      description: `Errors are problem+json with one of these codes: ${Object.keys(ERRORS).join(", ")}.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { persona: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "Made with `steward token create`." },
        persona: {
          type: "apiKey",
          in: "header",
          name: "X-Steward-As",
          description:
            "The person to act for: freely chosen in the demo, else with an administrator's token only.",
        },
      },
    },
  };
}

function operation(route: Route, schemas: Record<string, JsonObject>): JsonObject {
  const parameters = [...fields(route.params, "path"), ...fields(route.query, "query")];
  if (route.isWrite) {
    parameters.push({
      name: "Idempotency-Key",
      in: "header",
      required: true,
      description: "A new random value for each request; the same one when it is repeated.",
      schema: { type: "string", minLength: 1, maxLength: 200 },
    });
  }
  const problem = {
    description: "What went wrong, and what to do",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return {
    operationId: route.operation,
    summary: route.summary,
    tags: [route.access === "admin" || route.access === "demo-or-admin" ? "administration" : "people"],
    ...(route.access === "open" ? { security: [] } : {}),
    parameters,
    ...(route.body === null ? {} : { requestBody: requestBody(route.body, schemas) }),
    responses: {
      [String(route.status)]: {
        description: "Done",
        content: answerBody(route.answer, schemas),
      },
      default: problem,
    },
  };
}

function answerBody(answer: z.ZodType | "bytes", schemas: Record<string, JsonObject>): JsonObject {
  if (answer === "bytes")
    return { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
  return { "application/json": { schema: collect(answer, "output", schemas) } };
}

function requestBody(body: z.ZodType | "bytes", schemas: Record<string, JsonObject>): JsonObject {
  if (body === "bytes") {
    return {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  }
  return {
    required: !body.safeParse(undefined).success,
    content: { "application/json": { schema: collect(body, "input", schemas) } },
  };
}

/** JSON Schema of a zod schema; schemas with an id go to the components and are referred to. */
function collect(schema: z.ZodType, io: "input" | "output", schemas: Record<string, JsonObject>): JsonObject {
  const made = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
    reused: "inline",
  }) as JsonObject;
  const { $schema: _, $defs, ...rest } = made;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonObject>)) {
    schemas[name] = relocate(definition) as JsonObject;
  }
  const own = relocate(rest) as JsonObject;
  if (typeof own.id !== "string") return own;
  const { id, ...definition } = own;
  schemas[id] = definition;
  return { $ref: `#/components/schemas/${id}` };
}

/** `#/$defs/Card` is `#/components/schemas/Card` in OpenAPI. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === "$ref" && typeof item === "string"
        ? item.replace("#/$defs/", "#/components/schemas/")
        : relocate(item),
    ]),
  );
}

function fields(schema: z.ZodType, where: "path" | "query"): JsonObject[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" }) as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    schema: one,
  }));
}
