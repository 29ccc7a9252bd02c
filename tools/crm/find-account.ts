import { DateTime } from "luxon";
import { z } from "zod";
import type { Tool } from "../../src/types/tool.ts";
import { listOf, plainText } from "../plain-text.ts";
import { ACCOUNT, CONTACT, type Contact, DEAL, type Deal, NOTE, type Note } from "./crm-records.ts";
import { findAccountManifest } from "./manifests.ts";
import { resolveAccount } from "./resolve-account.ts";
import { dealData, dealRef, listDeals } from "./say-deal.ts";

const schema = z.strictObject({
  account: z.string().min(1).max(200).describe("Name of the account (or its id)"),
});

const NOTES_SHOWN = 3;
const DEALS_SHOWN = 25;

/** Shows an account: who it is, its contacts, deals and latest notes. */
export const findAccountTool: Tool<z.infer<typeof schema>> = {
  name: findAccountManifest.name,
  manifest: findAccountManifest,
  schema,
  async run(args, context) {
    const { directory, principal, records } = context;
    const resolved = await resolveAccount(args.account, context);
    if (!resolved.ok) return resolved.result;
    const { account, alike, contact } = resolved;
    const [contacts, deals, notes] = await Promise.all([
      records.list<Contact>(CONTACT, { account: account.id }),
      records.list<Deal>(DEAL, { account: account.id }),
      records.list<Note>(NOTE, { account: account.id }),
    ]);
    const latest = [...notes].sort((a, b) => (a.data.at < b.data.at ? 1 : -1)).slice(0, NOTES_SHOWN);
    const { name, industry, city, country, website, owner } = account.data;
    const day = (at: string) =>
      DateTime.fromISO(at, { zone: principal.zone })
        .setLocale(principal.locale)
        .toLocaleString(DateTime.DATE_MED);
    const author = (id: string) => directory.find(id)?.name ?? id;
    const parts = [
      contact &&
        `**${plainText(contact.data.name)}**, ${plainText(contact.data.title)} at ${plainText(account.data.name)}: ${contact.data.email}, ${plainText(contact.data.phone)}.`,
      `**${plainText(name)}**: ${plainText(industry)}, ${plainText(city)}, ${plainText(country)}. Looked after by ${author(owner)}.`,
      contacts.length > 0 &&
        !contact &&
        `Contacts:\n${contacts
          .map(
            ({ data: c }) =>
              `- **${plainText(c.name)}**, ${plainText(c.title)}: ${c.email}, ${plainText(c.phone)}`,
          )
          .join("\n")}`,
      deals.length > 0
        ? `Deals:\n\n${listDeals(deals.slice(0, DEALS_SHOWN), () => account, context)}`
        : "No deals.",
      latest.length > 0 &&
        `Latest notes:\n${latest
          .map(({ data: n }) => `- ${day(n.at)}, ${author(n.author)}: "${plainText(n.body, 280)}"`)
          .join("\n")}`,
      alike.length > 0 &&
        `There ${alike.length > 1 ? "are" : "is"} also ${listOf(alike.map((a) => plainText(a.data.name)))}.`,
    ];
    return {
      status: "succeeded",
      summary: parts.filter(Boolean).join("\n\n"),
      data: {
        account: { id: account.id, name, industry, city, country, website, owner },
        contacts: contacts.map(({ id, data: c }) => ({
          id,
          name: c.name,
          title: c.title,
          email: c.email,
          phone: c.phone,
        })),
        deals: deals.slice(0, DEALS_SHOWN).map((d) => dealData(d, account)),
        notes: latest.map(({ id, data: n }) => ({ id, author: n.author, at: n.at, body: n.body })),
      },
      records: [
        { kind: ACCOUNT, id: account.id, title: name },
        ...(contact ? [{ kind: CONTACT, id: contact.id, title: contact.data.name }] : []),
        ...deals.slice(0, DEALS_SHOWN).map((d) => dealRef(d, account)),
      ],
    };
  },
};
