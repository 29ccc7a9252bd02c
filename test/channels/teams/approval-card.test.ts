import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ApprovalCardOptions,
  approvalCard,
  type CardViewer,
  MAX_CARD_BYTES,
} from "../../../channels/teams/cards/approval-card.ts";
import { sizeOf } from "../../../channels/teams/cards/elements.ts";
import type { CardItem } from "../../../src/types/card.ts";
import { cardProblems, nodesOf, nodesOfType, wordsOf } from "./check-card.ts";
import { sampleCard, sampleItem } from "./sample-card.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const OPTIONS: ApprovalCardOptions = { buttonSet: "set", now: NOW, webLink: null };
const MIA: CardViewer = { id: "mia@acme.example", reader: { locale: "en-GB", zone: "Europe/Berlin" } };
const EVERYBODY: CardViewer = { id: null, reader: null };

const titles = (card: unknown): string[] =>
  nodesOf(card).flatMap((node) =>
    typeof node.type === "string" && node.type.startsWith("Action.") && node.title !== undefined
      ? [String(node.title)]
      : [],
  );

describe("the card of a request", () => {
  test("says what, who, until when, before and after, origin, why and undo in words", () => {
    const { card } = approvalCard(sampleCard(), MIA, OPTIONS);
    expect(cardProblems(card)).toEqual([]);
    const words = wordsOf(card);
    for (const part of [
      "Change the deal 'Renewal 2027' of Globex",
      "Ada Byron",
      "Raise the Globex renewal to 48,000",
      "until today 17:30",
      "€38,000.00",
      "€48,000.00",
      "from invoice.pdf, page 1, from outside, unverified",
      "Deal changes over €10,000 need a sales manager.",
      "Can be undone for 10 minutes.",
      "0 of 1: a sales manager",
      "you can approve",
    ])
      expect(words).toContain(part);
    expect(new Set(titles(card))).toEqual(new Set(["Approve", "Edit", "Approve with changes", "Refuse"]));
  });

  test("has no buttons of decision for everybody, times left to each client, and a way to one's own copy", () => {
    const { card, buttons } = approvalCard(sampleCard(), EVERYBODY, {
      ...OPTIONS,
      refreshFor: Array.from({ length: 80 }, (_, i) => `29:${i}`),
    });
    expect(cardProblems(card)).toEqual([]);
    expect(titles(card)).toEqual(["Refresh", "What I can do", "What I can do"]);
    expect(buttons.map(({ verb }) => verb)).toEqual(["refresh", "open"]);
    expect(wordsOf(card)).toContain("{{TIME(2026-11-22T16:30:00Z)}}");
    expect((card.refresh as { userIds: string[] }).userIds).toHaveLength(60);
    expect(wordsOf(card)).toContain("Waiting for a sales manager");
  });

  test("asks once more at high risk and names the amount", () => {
    const { card } = approvalCard(sampleCard([sampleItem({ risk: "high" })]), MIA, OPTIONS);
    expect(cardProblems(card)).toEqual([]);
    const step = nodesOfType(card, "Action.ShowCard").find(({ title }) => title === "Approve");
    expect(titles(step)).toContain("Yes, approve €48,000.00");
    expect(nodesOfType(card, "Action.Execute").map(({ verb, title }) => `${verb} ${title}`)).not.toContain(
      "approve Approve",
    );
  });

  test("keeps what a button means on the server: it carries its id alone", () => {
    const { card, buttons } = approvalCard(sampleCard(), MIA, OPTIONS);
    const sent = nodesOfType(card, "Action.Execute").map(({ data }) => (data as { b: string }).b);
    expect(sent).toEqual(["set.0", "set.1", "set.2"]);
    expect(buttons.map(({ verb, approval, digest }) => [verb, approval, digest])).toEqual([
      ["approve", "apr_1", "d".repeat(64)],
      ["edit", "apr_1", "d".repeat(64)],
      ["refuse", "apr_1", "d".repeat(64)],
    ]);
    const data = JSON.stringify(
      nodesOf(card).flatMap((node) => (node.data === undefined ? [] : [node.data])),
    );
    expect(data).not.toMatch(/apr_|act_|€|48/);
  });

  test("shows afterwards who decided, what happened and Undo while it lasts, and no decision", () => {
    const item = sampleItem({
      status: "succeeded",
      outcome: "The deal is **€48,000.00** now.",
      undoUntil: "2026-11-22T12:05:00.000Z",
      mayDecide: false,
      decidedBy: [
        {
          id: "mia@acme.example",
          name: "Mia Lang",
          verdict: "approve",
          reason: null,
          at: "2026-11-22T11:59:00.000Z",
        },
      ],
    });
    const { card } = approvalCard(sampleCard([item]), MIA, OPTIONS);
    expect(cardProblems(card)).toEqual([]);
    expect(wordsOf(card)).toContain("Approved by you, today 12:59");
    expect(wordsOf(card)).toContain("The deal is €48,000.00 now.");
    expect(new Set(titles(card))).toEqual(new Set(["Undo", "Why?"]));
    const later = approvalCard(sampleCard([item]), MIA, {
      ...OPTIONS,
      now: new Date("2026-11-22T12:06:00Z"),
    });
    expect(new Set(titles(later.card))).toEqual(new Set(["Why?"]));
  });

  test("offers Check, Retry and Give up to the requester only when the outcome is unknown", () => {
    const item = sampleItem({ status: "unknown", mayDecide: false });
    const ada: CardViewer = { ...MIA, id: "ada@acme.example" };
    expect(new Set(titles(approvalCard(sampleCard([item]), ada, OPTIONS).card))).toEqual(
      new Set(["Check", "Retry with the same key", "Give up", "Why?"]),
    );
    expect(new Set(titles(approvalCard(sampleCard([item]), MIA, OPTIONS).card))).toEqual(new Set(["Why?"]));
  });

  test("has no buttons when its time is up, and none while a decision is being done", () => {
    const past = approvalCard(sampleCard(), MIA, { ...OPTIONS, now: new Date("2026-11-22T16:30:00Z") });
    expect(titles(past.card)).toEqual([]);
    expect(wordsOf(past.card)).toContain("Time is up");
    const busy = approvalCard(sampleCard(), MIA, { ...OPTIONS, isBusy: true });
    expect(titles(busy.card)).toEqual([]);
    expect(wordsOf(busy.card)).toContain("Being done");
  });

  test("offers one yes for several harmless ones, each by the digest that was shown", () => {
    const items = [1, 2, 3].map((n) =>
      sampleItem({
        action: `act_${n}`,
        approval: `apr_${n}`,
        digest: `${n}`,
        risk: n === 3 ? "high" : "normal",
      }),
    );
    const { card, buttons } = approvalCard(sampleCard(items), MIA, OPTIONS);
    expect(titles(card)).toContain("Approve all 2");
    expect(buttons.find(({ verb }) => verb === "approve-all")?.all).toEqual([
      { approval: "apr_1", digest: "1" },
      { approval: "apr_2", digest: "2" },
    ]);
  });

  test("shows the first of many, what waits for the reader among them, and leads to the rest", () => {
    const items = Array.from({ length: 60 }, (_, n) =>
      sampleItem({ action: `act_${n}`, status: n === 59 ? "awaiting" : "succeeded", line: `Deed ${n}` }),
    );
    const { card } = approvalCard(sampleCard(items), MIA, {
      ...OPTIONS,
      webLink: "https://steward.example/s/1",
    });
    expect(cardProblems(card)).toEqual([]);
    expect(wordsOf(card)).toContain("Deed 59");
    expect(wordsOf(card)).toMatch(/And \d+ more\./);
    expect(nodesOfType(card, "Action.OpenUrl").map(({ url }) => url)).toEqual([
      "https://steward.example/s/1",
    ]);
  });

  test("opens a dialog for a form that a card cannot hold", () => {
    const field = {
      name: "body",
      label: "Text",
      input: "text" as const,
      value: "x".repeat(9_000),
      options: [],
    };
    const { card, buttons } = approvalCard(sampleCard([sampleItem({ editable: [field] })]), MIA, OPTIONS);
    expect(cardProblems(card)).toEqual([]);
    expect(buttons.map(({ verb }) => verb)).toContain("edit-dialog");
    expect(nodesOfType(card, "Input.Text").map(({ id }) => id)).toEqual(["reason0"]);
  });

  test("never lets foreign words be markdown, dates of the client or turned around", () => {
    const hostile =
      "[click](javascript:alert(1)) **bold** <at>Mia</at> {{DATE(2030-01-01T00:00:00Z)}} \u202egnp.exe";
    const { card } = approvalCard(
      sampleCard([sampleItem({ line: hostile, outcome: hostile, reasons: [hostile] })], { request: hostile }),
      MIA,
      OPTIONS,
    );
    for (const block of nodesOfType(card, "TextBlock")) expect(String(block.text)).not.toContain("click");
    expect(JSON.stringify(card)).not.toMatch(/\{\{DATE\(2030|\u202e/);
  });

  test("is set from right to left where the words are", () => {
    const { card } = approvalCard(sampleCard([sampleItem({ line: "שינוי העסקה" })]), MIA, OPTIONS);
    expect(nodesOfType(card, "Container").some(({ rtl }) => rtl === true)).toBe(true);
    const arabic = approvalCard(
      sampleCard(),
      { ...MIA, reader: { locale: "ar-EG", zone: "Africa/Cairo" } },
      OPTIONS,
    );
    expect(arabic.card.rtl).toBe(true);
  });
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "x".repeat(40_000),
    "👩‍👩‍👧‍👦".repeat(3_000),
    "\n".repeat(2_000),
    "שלום ".repeat(2_000),
    "```\n**",
    "{{TIME(",
  ),
);
const anyItem: fc.Arbitrary<CardItem> = fc
  .record({
    line: text,
    undoText: text,
    outcome: fc.option(text),
    mayNotBecause: fc.option(text),
    amountText: fc.option(text),
    mayDecide: fc.boolean(),
    risk: fc.constantFrom("normal" as const, "high" as const),
    status: fc.constantFrom(
      ...([
        "proposed",
        "awaiting",
        "forbidden",
        "running",
        "succeeded",
        "failed",
        "unknown",
        "refused",
      ] as const),
    ),
    reasons: fc.array(text, { maxLength: 4 }),
    undoUntil: fc.constantFrom(null, "2026-11-22T12:05:00.000Z"),
    changes: fc.array(fc.record({ field: text, before: fc.option(text), after: text }), { maxLength: 6 }),
    arguments: fc.array(
      fc.record({
        name: text,
        label: text,
        text,
        origin: fc.option(text),
        integrity: fc.constantFrom("user" as const, "external" as const),
        isGrounded: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    editable: fc.array(
      fc.record({
        name: text,
        label: text,
        input: fc.constantFrom("text" as const, "money" as const, "datetime" as const, "select" as const),
        value: fc.oneof(
          text,
          fc.integer(),
          fc.boolean(),
          fc.constant(null),
          fc.constant("2026-11-22T12:00:00Z"),
        ),
        options: fc.array(text, { maxLength: 4 }),
      }),
      { maxLength: 9 },
    ),
  })
  .map((over) => sampleItem(over));

test("any card is valid and small enough for Teams, for whoever reads it", () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { minLength: 1, maxLength: 14 }),
      text,
      fc.constantFrom(MIA, EVERYBODY, { ...MIA, id: "ada@acme.example" }),
      (items, request, viewer) => {
        const { card } = approvalCard(sampleCard(items, { request }), viewer, OPTIONS);
        expect(cardProblems(card)).toEqual([]);
        expect(sizeOf(card)).toBeLessThanOrEqual(MAX_CARD_BYTES);
      },
    ),
    { numRuns: 60 },
  );
});
