import { DateTime } from "luxon";
import type { JsonObject } from "../../src/types/json.ts";
import type { RecordRef } from "../../src/types/record.ts";
import type { ToolContext } from "../../src/types/tool.ts";
import { formatMoney } from "../format-money.ts";
import { plainText, table } from "../plain-text.ts";
import { type AccountRecord, DEAL, type Deal, type DealRecord, isOpen } from "./crm-records.ts";

/** A deal in half a line: "Renewal 2027, Globex, €38,000, negotiation". */
export function sayDeal(deal: Deal, accountName: string, locale: string): string {
  const money = formatMoney(deal.amountMinor, deal.currency, locale);
  return [deal.title, accountName, money, deal.stage].filter(Boolean).join(", ");
}

/** A date of the CRM as a person reads it: "30 June 2027". */
export function sayDate(iso: string, locale: string): string {
  return DateTime.fromISO(iso, { zone: "utc" })
    .setLocale(locale)
    .toLocaleString({ day: "numeric", month: "long", year: "numeric" });
}

export function dealData(deal: DealRecord, account: AccountRecord | null): JsonObject {
  const { title, owner, stage, amountMinor, currency, closeOn } = deal.data;
  return {
    id: deal.id,
    title,
    account: deal.data.account,
    accountName: account?.data.name ?? null,
    owner,
    stage,
    amountMinor,
    currency,
    closeOn,
  };
}

/** How later words may mean the deal. */
export function dealRef(deal: DealRecord, account: AccountRecord | null): RecordRef {
  const of = account ? ` of ${account.data.name}` : "";
  return { kind: DEAL, id: deal.id, title: `${deal.data.title}${of}` };
}

/** Deals in markdown: bullets up to three, a table above. */
export function listDeals(
  deals: readonly DealRecord[],
  accountOf: (deal: DealRecord) => AccountRecord | null,
  context: ToolContext,
): string {
  const { locale } = context.principal;
  const ownerOf = (d: DealRecord) => context.directory.find(d.data.owner)?.name ?? d.data.owner;
  const cells = deals.map((d) => [
    plainText(d.data.title, 80),
    plainText(accountOf(d)?.data.name ?? "", 60),
    formatMoney(d.data.amountMinor, d.data.currency, locale),
    d.data.stage,
    ownerOf(d),
    sayDate(d.data.closeOn, locale),
    isOpen(d.data.stage) ? "closes" : "closed",
  ]);
  if (cells.length > 3) {
    const rows = cells.map((row) => row.slice(0, 6));
    return table(["Deal", "Account", "Amount", "Stage", "Owner", "Closes"], rows);
  }
  return cells
    .map(
      ([title, account, money, stage, owner, closes, verb]) =>
        `- **${title}**, ${account}: ${money}, ${stage}, ${owner}, ${verb} ${closes}`,
    )
    .join("\n");
}
