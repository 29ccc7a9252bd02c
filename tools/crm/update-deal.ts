import { DateTime } from "luxon";
import { z } from "zod";
import type { ActionResult, Change, Tool, ToolContext } from "../../src/types/tool.ts";
import { formatMoney } from "../format-money.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { readDays } from "../read-time.ts";
import { findReceipt, undoOnce, writeOnce } from "../write-once.ts";
import { type AccountRecord, DEAL, type Deal, type DealRecord, isOpen, STAGES } from "./crm-records.ts";
import { updateDealManifest } from "./manifests.ts";
import { resolveDeal } from "./resolve-deal.ts";
import { dealData, dealRef, sayDate } from "./say-deal.ts";

const schema = z.strictObject({
  deal: z.string().min(1).max(200).optional().describe("Id of the deal"),
  dealName: z.string().min(1).max(200).optional().describe("Words for the deal, when the id is not known"),
  account: z.string().min(1).max(200).optional().describe("Account of the deal"),
  amountMinor: z.int().min(0).max(1_000_000_000_000).optional().describe("New total in minor units (cents)"),
  currency: z.enum(["EUR", "GBP", "USD"]).optional().describe("Only when the person named a currency"),
  stage: z.enum(STAGES).optional(),
  closeOn: z.string().min(1).max(64).optional().describe("New closing date, ISO 8601"),
});

type Args = z.infer<typeof schema>;
type Refused = Exclude<ActionResult, { status: "succeeded" }>;

/** From this change on, in minor units, an approver is asked once more and told the amount. */
const HIGH_RISK_MINOR = 5_000_000;

type Plan =
  | { readonly ok: false; readonly result: Refused }
  | {
      readonly ok: true;
      readonly deal: DealRecord;
      readonly account: AccountRecord | null;
      readonly after: Deal;
      readonly changes: readonly Change[];
    };

/** Changes amount, stage or closing date of a deal. */
export const updateDealTool: Tool<Args> = {
  name: updateDealManifest.name,
  manifest: updateDealManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const plan = await planUpdate(args, context);
    if (!plan.ok) return plan.result;
    const { deal, account, after, changes } = plan;
    const said = changes.map((c) => `${c.field.toLowerCase()} from ${c.before} to ${c.after}`).join(", ");
    const changed = { ...deal, data: after };
    return writeOnce(
      context,
      [{ kind: DEAL, id: deal.id, before: { version: deal.version, data: deal.data }, after }],
      {
        summary: `Changed the deal **${plainText(deal.data.title)}**${of(account)}: ${said}.`,
        data: { deal: dealData(changed, account) },
        records: [dealRef(changed, account)],
      },
    );
  },
  async preview(args, context) {
    const plan = await planUpdate(args, context);
    if (!plan.ok) return plan.result;
    const { deal, account, after, changes } = plan;
    const deltaMinor = after.amountMinor - deal.data.amountMinor;
    const amountText = formatMoney(after.amountMinor, after.currency, context.principal.locale);
    const { title } = deal.data;
    return {
      status: "ready",
      line: `Change the deal '${oneLine(title)}'${account ? ` of ${oneLine(account.data.name)}` : ""}${sayChanges(changes)}`,
      changes,
      resource: {
        id: deal.id,
        title: oneLine(`${title}${account ? ` of ${account.data.name}` : ""}`),
        attributes: { owner: deal.data.owner, amountMinor: deal.data.amountMinor },
      },
      context: { deltaMinor, stage: after.stage, changesStage: after.stage !== deal.data.stage },
      risk: Math.abs(deltaMinor) >= HIGH_RISK_MINOR ? "high" : "normal",
      currency: after.currency,
      ...(deltaMinor === 0 ? {} : { amountText }),
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The deal is as it was before."),
};

async function planUpdate(args: Args, context: ToolContext): Promise<Plan> {
  const { locale, zone } = context.principal;
  const resolved = await resolveDeal(args, context);
  if (!resolved.ok) return resolved;
  const { deal, account } = resolved;
  const now = deal.data;
  const name = `The deal '${plainText(now.title, 120)}'${of(account)}`;
  if (args.currency && args.currency !== now.currency) {
    return failed(
      "CRM-422",
      `${name} is kept in ${now.currency}, so it cannot be given in ${args.currency}. Nothing was changed. Say the amount in ${now.currency}.`,
    );
  }
  let closeOn = now.closeOn;
  const stage = args.stage ?? now.stage;
  if (args.closeOn !== undefined) {
    const day = readDays(args.closeOn, zone)?.from;
    if (!day)
      return failed(
        "CAL-400",
        `I could not read the closing date '${plainText(args.closeOn, 40)}'. Nothing was changed. Give a date, for example 30 June 2027.`,
      );
    closeOn = day.toFormat("yyyy-MM-dd");
    if (isOpen(stage) && day < DateTime.fromJSDate(context.now, { zone }).startOf("day")) {
      return failed(
        "CRM-422",
        `${name} is open, so it cannot close in the past (${sayDate(closeOn, locale)}). Nothing was changed. Give a date from today on.`,
      );
    }
  }
  const after: Deal = { ...now, stage, closeOn, amountMinor: args.amountMinor ?? now.amountMinor };
  const money = (d: Deal) => formatMoney(d.amountMinor, d.currency, locale);
  const changes: Change[] = [];
  if (after.amountMinor !== now.amountMinor)
    changes.push({ field: "Amount", before: money(now), after: money(after) });
  if (after.stage !== now.stage) changes.push({ field: "Stage", before: now.stage, after: after.stage });
  if (after.closeOn !== now.closeOn) {
    changes.push({
      field: "Closing date",
      before: sayDate(now.closeOn, locale),
      after: sayDate(after.closeOn, locale),
    });
  }
  if (changes.length > 0) return { ok: true, deal, account, after, changes };
  const asked = args.amountMinor !== undefined || args.stage !== undefined || args.closeOn !== undefined;
  return asked
    ? failed(
        "CRM-409",
        `${name} is already so: ${money(now)}, ${now.stage}, closing ${sayDate(now.closeOn, locale)}. Nothing was changed.`,
      )
    : failed(
        "CRM-409",
        `${name} stands at ${money(now)}, ${now.stage}. Say what should change: the amount, the stage or the closing date.`,
      );
}

/** " from €38,000 to €48,000"; with the fields named when it is not the amount alone. */
function sayChanges(changes: readonly Change[]): string {
  const isAmount = changes.length === 1 && changes[0]?.field === "Amount";
  const said = changes.map(
    (c) => `${isAmount ? "" : `${c.field.toLowerCase()} `}from ${c.before} to ${c.after}`,
  );
  return `${isAmount ? "" : ":"} ${said.join(", ")}`;
}

function of(account: AccountRecord | null): string {
  return account ? ` of ${plainText(account.data.name, 80)}` : "";
}

function failed(code: string, message: string): { ok: false; result: Refused } {
  return { ok: false, result: { status: "failed", code, message } };
}
