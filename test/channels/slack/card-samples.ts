import fc from "fast-check";
import type { Card, CardField, CardItem } from "../../../src/types/card.ts";
import { hostileText } from "./hostile-text.ts";

export const NOW = new Date("2026-11-23T09:00:00.000Z");

export const sampleItem = (more: Partial<CardItem> = {}): CardItem => ({
  action: "act_1",
  approval: "apr_1",
  digest: "d1",
  tool: "crm.updateDeal",
  line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
  status: "awaiting",
  changes: [{ field: "Amount", before: "€38,000.00", after: "€48,000.00" }],
  arguments: [
    {
      name: "amount",
      label: "Amount",
      text: "€48,000.00",
      origin: "invoice.pdf, page 1",
      integrity: "external",
      isGrounded: false,
    },
    { name: "deal", label: "Deal", text: "Renewal 2027", origin: null, integrity: "user", isGrounded: true },
  ],
  reasons: ["Deal changes over 10,000 need a sales manager."],
  rules: ["crm-big-change"],
  risk: "high",
  amountText: "€48,000.00",
  approvers: [
    {
      group: "sales-managers",
      title: "a sales manager",
      needed: 1,
      given: [],
      candidates: [
        { id: "ada@x", name: "Ada" },
        { id: "cem@x", name: "Cem" },
      ],
    },
  ],
  expiresAt: "2026-11-23T16:30:00.000Z",
  undoText: "Can be undone for 10 minutes.",
  undoUntil: null,
  outcome: null,
  decidedBy: [],
  editable: [
    { name: "amount", label: "Amount", input: "money", value: 4_800_000, options: [], currency: "EUR" },
  ],
  mayDecide: true,
  mayNotBecause: null,
  ...more,
});

export const sampleCard = (...items: readonly CardItem[]): Card => ({
  id: "trn_1",
  session: "ses_1",
  requester: { id: "ben@x", name: "Ben" },
  request: "set the renewal to 48k",
  createdAt: "2026-11-23T08:59:00.000Z",
  items,
});

const text = hostileText(8);
const time = fc.constantFrom(
  "2026-11-23T08:00:00.000Z",
  "2026-11-23T16:30:00.000Z",
  "not a time",
  "2300-01-01T00:00:00Z",
);
const person = fc.record({ id: fc.oneof(fc.constant("ada@x"), text), name: text });

export const anyField: fc.Arbitrary<CardField> = fc.record(
  {
    name: fc.oneof(text, fc.constantFrom("amount", "__proto__", "constructor")),
    label: text,
    input: fc.constantFrom(
      "text" as const,
      "number" as const,
      "money" as const,
      "datetime" as const,
      "select" as const,
    ),
    value: fc.oneof(
      text,
      fc.string({ maxLength: 20 }).map((part) => part.repeat(400)),
      fc.double(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        "2026-11-23",
        "2026-02-30",
        "2026-11-23T10:00",
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00+01:00",
        "0001-01-01T00:00:00Z",
      ),
    ),
    options: fc.oneof(
      fc.array(text, { maxLength: 5 }),
      fc.integer({ min: 99, max: 350 }).map((count) => Array.from({ length: count }, (_, i) => `o${i}`)),
    ),
    currency: fc.constantFrom("EUR", "JPY", "KWD", "XXX", "no currency"),
  },
  { requiredKeys: ["name", "label", "input", "value", "options"] },
);

export const anyItem: fc.Arbitrary<CardItem> = fc.record(
  {
    action: fc.uuid(),
    approval: fc.option(fc.uuid()),
    digest: fc.uuid(),
    tool: text,
    line: fc.oneof(
      text,
      text.map((part) => part.repeat(30)),
    ),
    status: fc.constantFrom(
      "proposed" as const,
      "awaiting" as const,
      "awaiting" as const,
      "awaiting" as const,
      "forbidden" as const,
      "running" as const,
      "succeeded" as const,
      "failed" as const,
      "unknown" as const,
      "refused" as const,
      "expired" as const,
      "undone" as const,
    ),
    changes: fc.array(
      fc.record({
        field: text,
        before: fc.option(text),
        after: fc.oneof(
          text,
          text.map((part) => part.repeat(50)),
        ),
      }),
      { maxLength: 60 },
    ),
    arguments: fc.array(
      fc.record({
        name: text,
        label: text,
        text,
        origin: fc.option(text),
        integrity: fc.constantFrom(
          "external" as const,
          "member" as const,
          "system" as const,
          "user" as const,
        ),
        isGrounded: fc.boolean(),
      }),
      { maxLength: 8 },
    ),
    reasons: fc.array(text, { maxLength: 4 }),
    rules: fc.array(text, { maxLength: 4 }),
    risk: fc.constantFrom("normal" as const, "high" as const),
    amountText: fc.option(text),
    approvers: fc.array(
      fc.record({
        group: text,
        title: text,
        needed: fc.integer({ min: 0, max: 4 }),
        given: fc.array(fc.record({ id: text, name: text, at: time }), { maxLength: 4 }),
        candidates: fc.array(person, { maxLength: 6 }),
      }),
      { maxLength: 7 },
    ),
    expiresAt: fc.option(time),
    undoText: text,
    undoUntil: fc.option(time),
    outcome: fc.option(
      fc.oneof(
        text,
        text.map((part) => part.repeat(60)),
      ),
    ),
    decidedBy: fc.array(
      fc.record({
        id: text,
        name: text,
        verdict: fc.constantFrom("approve" as const, "refuse" as const),
        reason: fc.option(text),
        at: time,
      }),
      { maxLength: 8 },
    ),
    editable: fc.array(anyField, { maxLength: 6 }),
    mayDecide: fc.boolean(),
    mayNotBecause: fc.option(text),
  },
  { noNullPrototype: true },
);

export const anyCard: fc.Arbitrary<Card> = fc.record({
  id: fc.uuid(),
  session: fc.uuid(),
  requester: person,
  request: text,
  createdAt: time,
  items: fc.oneof(fc.array(anyItem, { maxLength: 4 }), fc.array(anyItem, { minLength: 15, maxLength: 60 })),
});
