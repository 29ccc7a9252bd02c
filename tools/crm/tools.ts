import { bindTool } from "../../src/types/bind-tool.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { findAccountTool } from "./find-account.ts";
import { listDealsTool } from "./list-deals.ts";
import { logNoteTool } from "./log-note.ts";
import { updateDealTool } from "./update-deal.ts";

/** The tools of the customer records. */
export const crmTools: readonly AnyTool[] = [
  bindTool(findAccountTool),
  bindTool(listDealsTool),
  bindTool(logNoteTool),
  bindTool(updateDealTool),
];
