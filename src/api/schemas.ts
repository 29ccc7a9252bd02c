import { z } from "zod";
import type { AskResult } from "../types/ask-result.ts";
import type { Card } from "../types/card.ts";
import type { FileRef } from "../types/file-ref.ts";
import type { Json, JsonObject } from "../types/json.ts";
import { INTEGRITIES } from "../types/label.ts";
import type { Citation } from "../types/passage.ts";
import type { Principal } from "../types/principal.ts";
import type { ThreadItem } from "../types/thread-item.ts";

export const time = z.iso.datetime().describe("ISO 8601 in UTC");
const EFFECTS = ["read", "egress", "draft", "write", "destructive"] as const;
const STATUSES = [
  "proposed",
  "awaiting",
  "forbidden",
  "running",
  "succeeded",
  "failed",
  "unknown",
  "refused",
  "expired",
  "undone",
] as const;

export const json: z.ZodType<Json> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

export const principalSchema = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  manager: z.string().nullable(),
  groups: z.array(z.string()),
  zone: z.string(),
  locale: z.string(),
}) satisfies z.ZodType<Principal>;

export const fileSchema = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int().nonnegative(),
}) satisfies z.ZodType<FileRef>;

export const citationSchema = z.object({
  document: z.string(),
  title: z.string(),
  passage: z.string(),
  quote: z.string(),
}) satisfies z.ZodType<Citation>;

const person = z.object({ id: z.string(), name: z.string() });
const failure = z.object({ code: z.string(), message: z.string() }).nullable();

export const cardSchema: z.ZodType<Card> = z
  .object({
    id: z.string().describe("The turn's id"),
    session: z.string(),
    requester: person,
    request: z.string(),
    createdAt: time,
    items: z.array(
      z.object({
        action: z.string(),
        approval: z.string().nullable(),
        digest: z.string().optional(),
        tool: z.string(),
        line: z.string(),
        status: z.enum(STATUSES),
        changes: z.array(z.object({ field: z.string(), before: z.string().nullable(), after: z.string() })),
        arguments: z.array(
          z.object({
            name: z.string(),
            label: z.string(),
            text: z.string(),
            origin: z.string().nullable(),
            integrity: z.enum(INTEGRITIES),
            isGrounded: z.boolean(),
          }),
        ),
        reasons: z.array(z.string()),
        rules: z.array(z.string()),
        risk: z.enum(["normal", "high"]),
        amountText: z.string().nullable(),
        approvers: z.array(
          z.object({
            group: z.string(),
            title: z.string(),
            needed: z.int(),
            given: z.array(person.extend({ at: time })),
            candidates: z.array(person),
          }),
        ),
        expiresAt: time.nullable(),
        undoText: z.string(),
        undoUntil: time.nullable(),
        outcome: z.string().nullable(),
        decidedBy: z.array(
          person.extend({ verdict: z.enum(["approve", "refuse"]), reason: z.string().nullable(), at: time }),
        ),
        editable: z.array(
          z.object({
            name: z.string(),
            label: z.string(),
            input: z.enum(["text", "number", "money", "datetime", "select"]),
            value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
            options: z.array(z.string()),
            currency: z.string().optional(),
          }),
        ),
        mayDecide: z.boolean(),
        mayNotBecause: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Card" });

export const askResultSchema: z.ZodType<AskResult> = z
  .object({
    session: z.string(),
    turn: z.string(),
    status: z.enum(["done", "waiting", "failed"]),
    reply: z.string().describe("Markdown"),
    citations: z.array(z.object({ document: z.string(), title: z.string(), passage: z.string() })),
    actions: z.array(
      z.object({
        id: z.string(),
        tool: z.string(),
        args: jsonObject,
        effect: z.enum(EFFECTS),
        decision: z.enum(["permit", "ask", "forbid"]),
        rules: z.array(z.string()),
        status: z.enum(STATUSES),
        approval: z.string().nullable(),
      }),
    ),
    model: z.object({ route: z.string(), provider: z.string(), model: z.string() }),
    note: z.string().nullable(),
    error: failure,
  })
  .meta({ id: "AskResult" });

const itemBase = { seq: z.int(), id: z.string(), at: time };

export const threadItemSchema: z.ZodType<ThreadItem> = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("message"),
      ...itemBase,
      author: person.extend({ isAssistant: z.boolean() }),
      text: z.string(),
      files: z.array(fileSchema),
      citations: z.array(citationSchema),
      turn: z.string().nullable(),
      note: z.string().nullable(),
      feedback: z.enum(["up", "down"]).optional(),
    }),
    z.object({ kind: z.literal("card"), ...itemBase, card: cardSchema }),
    z.object({
      kind: z.literal("turn"),
      ...itemBase,
      status: z.enum(["running", "waiting", "done", "failed"]),
      step: z.string().nullable(),
      error: failure,
    }),
  ])
  .meta({ id: "ThreadItem" });

export const tokenSchema = z.object({
  id: z.string(),
  principal: z.string(),
  name: z.string(),
  isAdmin: z.boolean(),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  usedAt: time.nullable(),
});

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe("A code of docs/errors.md"),
    detail: z.string(),
    remedy: z.string(),
    instance: z.string().describe("Id of the request, also in the server's log"),
  })
  .meta({ id: "Problem" });
