/** Record kinds of the embedded payables ledger. */
export const VENDOR = "payables.vendor";
export const ORDER = "payables.order";
export const PAYMENT = "payables.payment";
export const INVOICE = "invoice";

/** A vendor of the master data; payments go to its `iban` and to no other account. */
export type Vendor = {
  readonly name: string;
  /** Other names it writes on invoices. */
  readonly aliases: readonly string[];
  readonly vatId: string | null;
  readonly iban: string;
  readonly currency: string;
  readonly city: string;
};

/** A purchase order; amounts net of tax in minor units. */
export type PurchaseOrder = {
  readonly number: string;
  readonly vendor: string;
  readonly title: string;
  readonly netMinor: number;
  readonly currency: string;
  /** `billed` once an invoice has been booked on it. */
  readonly status: "open" | "billed" | "closed";
  readonly owner: string;
  readonly invoice: string | null;
};

/** A booked invoice. What came from the file stays what the file says; the vendor is the matched one. */
export type Invoice = {
  readonly number: string;
  readonly vendor: string | null;
  readonly sellerName: string;
  readonly issueDate: string | null;
  readonly dueDate: string | null;
  readonly currency: string;
  readonly netMinor: number | null;
  readonly taxMinor: number | null;
  readonly grossMinor: number;
  /** What is to be paid: never more than the invoice itself. */
  readonly openMinor: number;
  readonly isCreditNote: boolean;
  /** Accounts that the invoice names. */
  readonly accounts: readonly string[];
  readonly orderReference: string | null;
  readonly order: string | null;
  readonly status: "booked" | "paid";
  readonly file: string | null;
  readonly bookedBy: string;
  readonly bookedAt: string;
  readonly paidAt: string | null;
};

export type Payment = {
  readonly invoice: string;
  readonly vendor: string;
  readonly iban: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reference: string;
  readonly requestedBy: string;
  readonly at: string;
};
