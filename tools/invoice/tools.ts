import { bindTool } from "../../src/types/bind-tool.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { bookInvoiceTool } from "./book-tool.ts";
import { extractInvoiceTool } from "./extract-tool.ts";
import { findInvoiceTool } from "./find-tool.ts";
import { listInvoicesTool } from "./list-tool.ts";
import { payInvoiceTool } from "./pay-tool.ts";

/** The tools of invoices and payables. */
export const invoiceTools: readonly AnyTool[] = [
  bindTool(extractInvoiceTool),
  bindTool(bookInvoiceTool),
  bindTool(payInvoiceTool),
  bindTool(listInvoicesTool),
  bindTool(findInvoiceTool),
];
