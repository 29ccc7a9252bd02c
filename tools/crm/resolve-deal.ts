import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { fold, sharesStart, singular, wordsOf } from "../match-words.ts";
import { plainText } from "../plain-text.ts";
import {
  ACCOUNT,
  type Account,
  type AccountRecord,
  DEAL,
  type Deal,
  type DealRecord,
  isOpen,
} from "./crm-records.ts";
import { matchAccounts } from "./resolve-account.ts";
import { sayDeal } from "./say-deal.ts";

type Refused = Exclude<ActionResult, { status: "succeeded" }>;

export type DealWords = { readonly deal?: string; readonly dealName?: string; readonly account?: string };

export type DealFound =
  | { readonly ok: true; readonly deal: DealRecord; readonly account: AccountRecord | null }
  | { readonly ok: false; readonly result: Refused };

const FILLERS = new Set(
  "the our my a an of for with at and deal opportunity account customer one value amount stage".split(" "),
);
const OPTIONS = 8;

/**
 * The one deal meant, by id or by words for its title, account and owner. An exact title beats a part of it,
 * an open deal beats a closed one; what is still several is asked.
 */
export async function resolveDeal(words: DealWords, context: ToolContext): Promise<DealFound> {
  const [deals, accounts] = await Promise.all([
    context.records.list<Deal>(DEAL),
    context.records.list<Account>(ACCOUNT),
  ]);
  const accountOf = (deal: DealRecord) => accounts.find((a) => a.id === deal.data.account) ?? null;
  const found = (deal: DealRecord): DealFound => ({ ok: true, deal, account: accountOf(deal) });
  const byId = deals.find((d) => d.id === words.deal || d.id === words.dealName);
  if (byId) return found(byId);

  let named = [words.deal, words.dealName].filter((w) => w !== undefined).join(" ");
  let pool = deals;
  const match = words.account === undefined ? null : matchAccounts(words.account, accounts);
  const whole = [words.account, named].filter(Boolean).join(" ");
  if (match && match.found.length === 0 && (!named || byTitle(whole, deals, accountOf, context).length > 0)) {
    // What was taken for an account may be the title of a deal, or its first word ("mark Hangar 2 as won").
    named = whole;
  } else if (match) {
    const ids = new Set([...match.found, ...(named ? match.alike : [])].map((a) => a.id));
    if (ids.size === 0) {
      return failed(`There is no account called '${plainText(words.account ?? "", 60)}' in the CRM.`);
    }
    const exact = new Set(match.found.map((a) => a.id));
    pool = deals.filter((d) => ids.has(d.data.account));
    if (pool.some((d) => exact.has(d.data.account))) pool = pool.filter((d) => exact.has(d.data.account));
  } else if (!named) {
    pool = deals.filter((d) => d.data.owner === context.principal.id && isOpen(d.data.stage));
    return ask("Which deal do you mean?", pool, accountOf, context);
  }

  const fitting = named ? byTitle(named, pool, accountOf, context) : pool;
  const open = fitting.filter((d) => isOpen(d.data.stage));
  const [only] = open.length === 1 ? open : fitting.length === 1 ? fitting : [];
  if (only) return found(only);
  const said = plainText([...new Set([named, words.account])].filter(Boolean).join(", "), 80);
  if (fitting.length === 0) return failed(`I found no deal or account '${said}' in the CRM.`);
  return ask(`Which deal do you mean by '${said}'?`, open.length > 0 ? open : fitting, accountOf, context);
}

function byTitle(
  named: string,
  pool: readonly DealRecord[],
  accountOf: (deal: DealRecord) => AccountRecord | null,
  context: ToolContext,
): readonly DealRecord[] {
  const exact = pool.filter((d) => fold(d.data.title) === fold(named));
  if (exact.length > 0) return exact;
  const all = wordsOf(named).filter((w) => !FILLERS.has(w));
  const hayOf = (d: DealRecord) =>
    wordsOf(
      `${d.data.title} ${accountOf(d)?.data.name ?? ""} ${context.directory.find(d.data.owner)?.name ?? ""}`,
    );
  const mine = all.filter((w) => w !== "my");
  const fits = pool.filter((d) => {
    const hay = hayOf(d);
    return mine.every((w) => hay.some((h) => singular(h) === singular(w) || sharesStart(w, h)));
  });
  // "The Globex deal" names Globex before Globex Logistics: prefer the account whose whole name was said.
  const whole = fits.filter((d) => {
    const name = wordsOf(accountOf(d)?.data.name ?? "").filter((w) => w !== "and");
    return name.length > 0 && name.every((n) => mine.includes(n));
  });
  if (whole.length === 0) return fits;
  const longest = Math.max(...whole.map((d) => wordsOf(accountOf(d)?.data.name ?? "").length));
  return whole.filter((d) => wordsOf(accountOf(d)?.data.name ?? "").length === longest);
}

function ask(
  question: string,
  deals: readonly DealRecord[],
  accountOf: (deal: DealRecord) => AccountRecord | null,
  context: ToolContext,
): DealFound {
  const options = deals.slice(0, OPTIONS).map((d) => ({
    label: sayDeal(d.data, accountOf(d)?.data.name ?? "", context.principal.locale),
    value: d.id,
  }));
  return { ok: false, result: { status: "asks", question, arg: "deal", options } };
}

function failed(what: string): DealFound {
  const message = `${what} Nothing was changed. Check the name, or ask for the list of deals.`;
  return { ok: false, result: { status: "failed", code: "CRM-404", message } };
}
