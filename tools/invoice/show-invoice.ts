import type { JsonObject } from "../../src/types/json.ts";
import type { RecordRef, StoredRecord } from "../../src/types/record.ts";
import { oneLine } from "../plain-text.ts";
import { INVOICE, type Invoice, type PurchaseOrder, type Vendor } from "./payables.ts";

/** A booked invoice as a tool's result shows it; paths as `invoiceOutput` in the manifests declares them. */
export function invoiceData(
  { id, data }: StoredRecord<Invoice>,
  vendor: Vendor | null,
  order: PurchaseOrder | null,
): JsonObject {
  return {
    id,
    number: data.number,
    vendor: data.vendor,
    vendorName: vendor?.name ?? null,
    sellerName: data.sellerName,
    grossMinor: data.grossMinor,
    openMinor: data.openMinor,
    currency: data.currency,
    issueDate: data.issueDate,
    dueDate: data.dueDate,
    orderNumber: order?.number ?? null,
    status: data.status,
    bookedAt: data.bookedAt,
    paidAt: data.paidAt,
  };
}

/** What later words may mean by "the invoice". */
export function invoiceRef({ id, data }: StoredRecord<Invoice>): RecordRef {
  return { kind: INVOICE, id, title: `Invoice ${oneLine(data.number)} of ${oneLine(data.sellerName)}` };
}
