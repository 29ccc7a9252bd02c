import { z } from "zod";
import type { Tool } from "../../src/types/tool.ts";
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
    const resolved = args.account === undefined ? null : await resolveAccount(args.account, context);
    if (resolved && !resolved.ok) return resolved.result;
    const asked = args.owner === undefined ? null : askPerson("owner", args.owner, context);
    if (asked && !asked.ok) return asked.result;
    const owner = asked?.people[0]?.id ?? null;

    const accounts = new Map((await records.list<Account>(ACCOUNT)).map((a) => [a.id, a]));
    const accountOf = (d: DealRecord): AccountRecord | null => accounts.get(d.data.account) ?? null;
    const all = await records.list<Deal>(DEAL, {
      ...(resolved ? { account: resolved.account.id } : {}),
      ...(owner ? { owner } : {}),
    });
    const inStage = all.filter((d) => isIn(d, args.stage ?? "open"));
    // An account without open deals is better answered with the closed ones than with nothing.
    const isWidened = inStage.length === 0 && all.length > 0 && args.stage === undefined;
    const deals = [...(isWidened ? all : inStage)].sort((a, b) => (a.data.closeOn < b.data.closeOn ? -1 : 1));
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
    const headline = `${lead.charAt(0).toUpperCase()}${lead.slice(1)}${sum ? `, ${sum} in all` : ""}.`;
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
