import { z } from "zod";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { plainText, table } from "../plain-text.ts";
import { assessBooked } from "./assess.ts";
import { findInvoiceManifest } from "./manifests.ts";
import { formatMoney } from "./money.ts";
import { resolveInvoice } from "./resolve-invoice.ts";
import { invoiceData, invoiceRef } from "./show-invoice.ts";

const schema = z.strictObject({
  invoice: z.string().min(1).max(200).optional().describe("Id of a booked invoice"),
  invoiceName: z.string().min(1).max(300).optional().describe("Its number or the vendor's name"),
});
type Args = z.infer<typeof schema>;

/** Shows one booked invoice and its state. Reads only. */
export const findInvoiceTool: Tool<Args> = {
  name: findInvoiceManifest.name,
  manifest: findInvoiceManifest,
  schema,
  run,
};

async function run(args: Args, context: ToolContext): Promise<ActionResult> {
  const found = await resolveInvoice(args, () => true, context);
  if (found.status !== "found") return found;
  const { data } = found.invoice;
  const { vendor, order } = await assessBooked(found.invoice, context);
  const money = (minor: number) => formatMoney(minor, data.currency, context.principal.locale);
  const today = context.now.toISOString().slice(0, 10);
  const isOverdue = data.status === "booked" && data.dueDate !== null && data.dueDate < today;
  const state =
    data.status === "paid"
      ? `was paid on ${(data.paidAt ?? "").slice(0, 10)}`
      : `is booked and not paid${isOverdue ? ", and it is overdue" : ""}`;
  const seller = plainText(vendor?.record.data.name ?? data.sellerName, 80);
  return {
    status: "succeeded",
    summary: [
      `Invoice ${plainText(data.number, 60)} of ${seller} ${state}.`,
      table(
        ["Amount", "Issued", "Due", "Purchase order", "Booked"],
        [
          [
            money(data.grossMinor),
            data.issueDate ?? "not said",
            data.dueDate ?? "not said",
            order.record ? plainText(order.record.data.number, 40) : "none",
            `${data.bookedAt.slice(0, 10)} by ${plainText(data.bookedBy, 80)}`,
          ],
        ],
      ),
      ...(order.record ? [] : [plainText(order.why, 300)]),
    ].join("\n\n"),
    data: {
      invoice: invoiceData(found.invoice, vendor?.record.data ?? null, order.record?.data ?? null),
      orderWhy: order.why,
    },
    records: [invoiceRef(found.invoice)],
  };
}
