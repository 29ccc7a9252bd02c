import type { Card, CardItem } from "../../../src/types/card.ts";

/** An action that waits for a yes, with whatever a test is about. */
export function sampleItem(over: Partial<CardItem> = {}): CardItem {
  return {
    action: "act_1",
    approval: "apr_1",
    digest: "d".repeat(64),
    tool: "crm.updateDeal",
    line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
    status: "awaiting",
    changes: [{ field: "Amount", before: "€38,000.00", after: "€48,000.00" }],
    arguments: [
      {
        name: "amount",
        label: "Amount",
        text: "€48,000.00",
        origin: "from invoice.pdf, page 1",
        integrity: "external",
        isGrounded: false,
      },
      {
        name: "deal",
        label: "Deal",
        text: "Renewal 2027",
        origin: null,
        integrity: "user",
        isGrounded: true,
      },
    ],
    reasons: ["Deal changes over €10,000 need a sales manager."],
    rules: ["crm-big-change"],
    risk: "normal",
    amountText: "€48,000.00",
    approvers: [
      {
        group: "sales-managers",
        title: "a sales manager",
        needed: 1,
        given: [],
        candidates: [{ id: "mia@acme.example", name: "Mia Lang" }],
      },
    ],
    expiresAt: "2026-11-22T16:30:00.000Z",
    undoText: "Can be undone for 10 minutes.",
    undoUntil: null,
    outcome: null,
    decidedBy: [],
    editable: [
      { name: "amount", label: "Amount", input: "money", value: 4_800_000, options: [], currency: "EUR" },
    ],
    mayDecide: true,
    mayNotBecause: null,
    ...over,
  };
}

export function sampleCard(items: readonly CardItem[] = [sampleItem()], over: Partial<Card> = {}): Card {
  return {
    id: "trn_1",
    session: "ses_1",
    requester: { id: "ada@acme.example", name: "Ada Byron" },
    request: "Raise the Globex renewal to 48,000",
    createdAt: "2026-11-22T10:00:00.000Z",
    items,
    ...over,
  };
}
