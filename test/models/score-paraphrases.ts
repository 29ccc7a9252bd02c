import { createOfflinePlanner } from "../../src/models/planner/offline-planner.ts";
import { readState } from "../../src/models/planner/planner-state.ts";
import type { Encoder } from "../../src/types/encoder.ts";
import { calendarTools } from "../../tools/calendar/tools.ts";
import { crmTools } from "../../tools/crm/tools.ts";
import { invoiceTools } from "../../tools/invoice/tools.ts";
import { peopleTools } from "../../tools/people/tools.ts";
import type { Paraphrase } from "./paraphrases.ts";
import { complete, request, user } from "./planner-world.ts";

export const realTools = [...calendarTools, ...crmTools, ...peopleTools, ...invoiceTools];

/** Shares of paraphrases whose tool, and whose tool and arguments, are right; the misses in words. */
export async function scoreParaphrases(
  set: readonly (Paraphrase & { readonly isQuestion: boolean })[],
  encoder: Encoder,
): Promise<{ readonly tool: number; readonly full: number; readonly failures: readonly string[] }> {
  const planner = createOfflinePlanner({ encoder });
  let tool = 0;
  let full = 0;
  const failures: string[] = [];
  for (const wanted of set) {
    const done = await complete(planner, request([user(wanted.text)], { tools: realTools }));
    const [call] = done.calls;
    const open = readState(done.state).open;
    const got = wanted.isQuestion
      ? call
        ? null
        : (open?.tool ?? null)
      : (call?.tool ?? (open ? `?${open.tool}` : null));
    const isTool = got === wanted.tool && done.calls.length <= 1;
    const isFull = isTool && Object.entries(wanted.args).every(([k, v]) => same(call?.args[k], v));
    if (isTool) tool++;
    if (isFull) full++;
    if (!isFull)
      failures.push(
        `${wanted.text} => ${call ? `${call.tool} ${JSON.stringify(call.args)}` : done.text.slice(0, 100).replaceAll("\n", " / ")}${isTool ? "" : ` (wanted ${wanted.tool})`}`,
      );
  }
  return { tool: tool / set.length, full: full / set.length, failures };
}

const plain = (value: unknown) => JSON.stringify(value ?? null).toLowerCase();
const same = (a: unknown, b: unknown) => plain(a) === plain(b);
