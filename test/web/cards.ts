import type { CardItem } from "../../src/types/card.ts";
import { newId } from "../../src/types/ids.ts";
import { INES, SOFIA, TOM } from "./people.ts";

const ref = ({ id, name }: { id: string; name: string }) => ({ id, name });
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

const BASE: Omit<CardItem, "action"> = {
  approval: null,
  tool: "crm.updateDeal",
  line: "Change the deal “Renewal 2027” of Globex from €38,000.00 to €48,000.00",
  status: "awaiting",
  changes: [{ field: "Amount", before: "€38,000.00", after: "€48,000.00" }],
  arguments: [
    {
      name: "amountMinor",
      label: "Amount",
      text: "48,000.00",
      origin: null,
      integrity: "user",
      isGrounded: true,
    },
  ],
  reasons: ["Deal changes over €10,000 need a sales manager."],
  rules: ["crm-big-change"],
  risk: "normal",
  amountText: null,
  approvers: [
    {
      group: "sales-managers",
      title: "a sales manager",
      needed: 1,
      given: [],
      candidates: [ref(SOFIA), ref(TOM)],
    },
  ],
  expiresAt: null,
  undoText: "Can be undone for 10 minutes.",
  undoUntil: null,
  outcome: null,
  decidedBy: [],
  editable: [
    { name: "amountMinor", label: "Amount", input: "money", value: 4_800_000, options: [], currency: "EUR" },
    {
      name: "stage",
      label: "Stage",
      input: "select",
      value: "negotiation",
      options: ["discovery", "negotiation", "won"],
    },
  ],
  mayDecide: false,
  mayNotBecause: null,
};

/** A change of a deal that a sales manager decides. */
export const dealItem = (change: Partial<CardItem> = {}): CardItem => ({
  ...BASE,
  action: newId("act"),
  approval: newId("apr"),
  expiresAt: inMs(4 * 3_600_000),
  ...change,
});

/** A payment: high risk, two approvers, an account number from a file. */
export const paymentItem = (change: Partial<CardItem> = {}): CardItem =>
  dealItem({
    tool: "invoice.pay",
    line: "Pay €12,400.00 to Lumo Glass GmbH for invoice LG-2211",
    changes: [],
    arguments: [
      {
        name: "invoice",
        label: "Invoice",
        text: "LG-2211",
        origin: null,
        integrity: "user",
        isGrounded: true,
      },
      {
        name: "vendor",
        label: "Vendor",
        text: "Lumo Glass GmbH",
        origin: "purchase order PO-318",
        integrity: "system",
        isGrounded: true,
      },
      {
        name: "iban",
        label: "Account",
        text: "DE89 3704 0044 0532 0130 00",
        origin: "from invoice LG-2211.pdf, page 1",
        integrity: "external",
        isGrounded: false,
      },
    ],
    reasons: ["Payments need two people from finance."],
    rules: ["pay-two-from-finance"],
    risk: "high",
    amountText: "€12,400.00",
    approvers: [
      {
        group: "finance",
        title: "someone in finance",
        needed: 2,
        given: [],
        candidates: [ref(INES), ref(SOFIA)],
      },
    ],
    undoText: "Cannot be undone.",
    editable: [],
    ...change,
  });

/** An internal meeting that was booked at once. */
export const meetingItem = (change: Partial<CardItem> = {}): CardItem =>
  dealItem({
    approval: null,
    tool: "calendar.book",
    line: "Book “Globex renewal” with Sofia Marin, tomorrow 14:00 to 14:30",
    status: "succeeded",
    changes: [],
    arguments: [],
    reasons: [],
    approvers: [],
    expiresAt: null,
    undoUntil: inMs(9 * 60_000),
    outcome: "“Globex renewal” is booked with Sofia Marin, tomorrow 14:00 to 14:30.",
    editable: [],
    ...change,
  });
