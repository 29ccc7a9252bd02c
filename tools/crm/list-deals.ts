import { DateTime } from "luxon";
import { z } from "zod";
import type { ActionResult, Tool, ToolContext } from "../../src/types/tool.ts";
import { formatMoney } from "../format-money.ts";
import { askPerson } from "../people/ask-person.ts";
import { listOf, plainText } from "../plain-text.ts";
import {
  ACCOUNT,
  type Account,
  type AccountRecord,
  DEAL,
  type Deal,
  type DealRecord,
  isOpen,
  STAGES,
} from "./crm-records.ts";
import { listDealsManifest } from "./manifests.ts";
import { resolveAccount } from "./resolve-account.ts";
import { type DealFound, resolveDeal } from "./resolve-deal.ts";
import { dealData, dealRef, listDeals } from "./say-deal.ts";

const schema = z.strictObject({
  account: z.string().min(1).max(200).optional().describe("Only deals of this account"),
  owner: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Only deals of this colleague: name or e-mail; 'me' for the requester"),
  stage: z
    .enum([...STAGES, "open", "all"])
    .optional()
    .describe("Default: open"),
  dealName: z.string().min(1).max(200).optional().describe("Only deals whose title has these words"),
  closesFrom: z.string().min(1).max(40).optional().describe("Closing on or after this ISO date or time"),
  closesTo: z.string().min(1).max(40).optional().describe("Closing before this ISO date or time"),
  order: z.enum(["largest", "smallest", "soonest"]).optional().describe("Default: soonest first"),
});

type Args = z.infer<typeof schema>;

const SHOWN = 40;

/** Lists deals, open ones unless a stage is given, with a total for each currency. */
export const listDealsTool: Tool<Args> = {
  name: listDealsManifest.name,
  manifest: listDealsManifest,
  schema,
  async run(args, context) {
    const { directory, principal, records } = context;
    if (args.dealName !== undefined) return await showDeal(args, context);
    const resolved = args.account === undefined ? null : await resolveAccount(args.account, context);
    if (resolved && !resolved.ok) {
      // What looked like a customer may be a deal: "how much is the Sawmill hall worth".
      const named = await resolveDeal({ dealName: args.account ?? "" }, context);
      return named.ok ? sayOne(named, context) : resolved.result;
    }
    const asked = args.owner === undefined ? null : askPerson("owner", args.owner, context);
    if (asked && !asked.ok) return asked.result;
    const owner = asked?.people[0]?.id ?? null;

    const accounts = new Map((await records.list<Account>(ACCOUNT)).map((a) => [a.id, a]));
    const accountOf = (d: DealRecord): AccountRecord | null => accounts.get(d.data.account) ?? null;
    const owned = await records.list<Deal>(DEAL, {
      ...(resolved ? { account: resolved.account.id } : {}),
      ...(owner ? { owner } : {}),
    });
    const all = owned.filter((d) => closesWithin(d, args, principal.zone));
    const inStage = all.filter((d) => isIn(d, args.stage ?? "open"));
    // An account without open deals is better answered with the closed ones than with nothing.
    const isWidened = inStage.length === 0 && all.length > 0 && args.stage === undefined;
    const deals = [...(isWidened ? all : inStage)].sort(ORDERS[args.order ?? "soonest"]);
    const totals = totalsOf(deals);

    const whose =
      owner === principal.id
        ? "you have"
        : owner
          ? `${directory.find(owner)?.name ?? owner} has`
          : "there are";
    const stage = isWidened || args.stage === "all" ? "" : `${args.stage ?? "open"} `;
    const at = resolved ? ` with ${plainText(resolved.account.data.name)}` : "";
    const count = deals.length === 0 ? "no" : String(deals.length);
    const sum = listOf(totals.map((t) => formatMoney(t.amountMinor, t.currency, principal.locale)));
    const lead =
      `${isWidened ? "No open deals; " : ""}${whose} ${count} ${stage}deal${deals.length === 1 ? "" : "s"}${at}`.replace(
        "there are 1 ",
        "there is 1 ",
      );
    const closing = sayClosing(args, context);
    const total = `${lead.charAt(0).toUpperCase()}${lead.slice(1)}${closing}${sum ? `, ${sum} in all` : ""}.`;
    const headline =
      args.order && deals.length > 1 ? `${sayFirst(deals, args.order, accountOf, context)} ${total}` : total;
    const shown = deals.slice(0, SHOWN);
    const rest =
      deals.length > SHOWN
        ? `\n\nThe first ${SHOWN} are shown; name an account, a person or a stage for fewer.`
        : "";
    return {
      status: "succeeded",
      summary: shown.length > 0 ? `${headline}\n\n${listDeals(shown, accountOf, context)}${rest}` : headline,
      data: { deals: shown.map((d) => dealData(d, accountOf(d))), totals },
      records: [
        ...shown.map((d) => dealRef(d, accountOf(d))),
        ...(resolved ? [{ kind: ACCOUNT, id: resolved.account.id, title: resolved.account.data.name }] : []),
      ],
    };
  },
};

const byClosing = (a: DealRecord, b: DealRecord) => (a.data.closeOn < b.data.closeOn ? -1 : 1);
const ORDERS = {
  soonest: byClosing,
  largest: (a: DealRecord, b: DealRecord) => b.data.amountMinor - a.data.amountMinor,
  smallest: (a: DealRecord, b: DealRecord) => a.data.amountMinor - b.data.amountMinor,
};

/** The deal that the order puts first, for each currency: sums of two currencies are never compared. */
function sayFirst(
  deals: readonly DealRecord[],
  order: keyof typeof ORDERS,
  accountOf: (deal: DealRecord) => AccountRecord | null,
  { principal }: ToolContext,
): string {
  const each = order === "soonest" ? [deals] : [...Map.groupBy(deals, (d) => d.data.currency).values()];
  const firsts = each.flatMap(([first]) =>
    first
      ? `**${plainText(first.data.title)}** of ${plainText(accountOf(first)?.data.name ?? "")} (${formatMoney(first.data.amountMinor, first.data.currency, principal.locale)})`
      : [],
  );
  return order === "soonest" ? `${listOf(firsts)} closes first.` : `The ${order}: ${listOf(firsts)}.`;
}

function closesWithin({ data }: DealRecord, { closesFrom, closesTo }: Args, zone: string): boolean {
  const day = (at: string) =>
    DateTime.fromISO(at, { zone: "utc" }).isValid ? DateTime.fromISO(at, { zone }) : null;
  const closes = DateTime.fromISO(data.closeOn, { zone });
  const from = closesFrom === undefined ? null : day(closesFrom);
  const to = closesTo === undefined ? null : day(closesTo);
  return (!from || closes >= from.startOf("day")) && (!to || closes < to);
}

/** " that close from 1 to 30 November 2026", so that nobody takes a part for the whole. */
function sayClosing({ closesFrom, closesTo }: Args, { principal }: ToolContext): string {
  const say = (at: string, back: number) => {
    const day = DateTime.fromISO(at, { zone: principal.zone }).minus({ milliseconds: back });
    return day.isValid
      ? day.setLocale(principal.locale).toLocaleString(DateTime.DATE_FULL)
      : plainText(at, 40);
  };
  const from = closesFrom === undefined ? "" : ` from ${say(closesFrom, 0)}`;
  const to = closesTo === undefined ? "" : ` to ${say(closesTo, 1)}`;
  return from || to ? ` closing${from}${to}` : "";
}

/** The one deal that was named, or the question which. */
async function showDeal({ dealName, account }: Args, context: ToolContext): Promise<ActionResult> {
  const words = { dealName: dealName ?? "", ...(account === undefined ? {} : { account }) };
  const found = await resolveDeal(words, context);
  if (found.ok) return sayOne(found, context);
  const { result } = found;
  if (result.status === "asks") return { ...result, arg: "dealName" };
  return result.status === "failed"
    ? { ...result, message: result.message.replace(" Nothing was changed.", "") }
    : result;
}

function sayOne({ deal, account }: Extract<DealFound, { ok: true }>, context: ToolContext): ActionResult {
  return {
    status: "succeeded",
    summary: listDeals([deal], () => account, context),
    data: { deals: [dealData(deal, account)], totals: totalsOf([deal]) },
    records: [dealRef(deal, account)],
  };
}

function isIn(deal: DealRecord, stage: NonNullable<Args["stage"]>): boolean {
  if (stage === "all") return true;
  return stage === "open" ? isOpen(deal.data.stage) : deal.data.stage === stage;
}

function totalsOf(deals: readonly DealRecord[]): { currency: string; amountMinor: number }[] {
  const sums = new Map<string, number>();
  for (const { data } of deals) sums.set(data.currency, (sums.get(data.currency) ?? 0) + data.amountMinor);
  return [...sums]
    .map(([currency, amountMinor]) => ({ currency, amountMinor }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
