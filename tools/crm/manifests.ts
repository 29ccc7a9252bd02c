import type { OutputSpec, ToolManifest } from "../../src/types/tool.ts";

const MINUTE_MS = 60_000;

const SYSTEM = { integrity: "system", sensitivity: "confidential" } as const;
const MEMBER = { integrity: "member", sensitivity: "confidential" } as const;
const EXTERNAL = { integrity: "external", sensitivity: "confidential" } as const;

/** Labels of one deal in a result; `at` is its JSON path. */
function dealOutput(at: string): Record<string, OutputSpec> {
  return {
    [`${at}.id`]: { ...SYSTEM, kind: "crm.deal" },
    [`${at}.title`]: { ...MEMBER, kind: "text" },
    [`${at}.account`]: { ...SYSTEM, kind: "crm.account" },
    [`${at}.accountName`]: { ...MEMBER, kind: "text" },
    [`${at}.owner`]: { ...SYSTEM, kind: "email" },
    [`${at}.stage`]: SYSTEM,
    [`${at}.amountMinor`]: { ...SYSTEM, kind: "money" },
    [`${at}.currency`]: SYSTEM,
    [`${at}.closeOn`]: { ...SYSTEM, kind: "time" },
  };
}

const ACCOUNT_OUTPUT: Record<string, OutputSpec> = {
  "$.account.id": { ...SYSTEM, kind: "crm.account" },
  "$.account.name": { ...MEMBER, kind: "text" },
  "$.account.industry": MEMBER,
  "$.account.city": MEMBER,
  "$.account.country": MEMBER,
  "$.account.website": { ...MEMBER, kind: "url" },
  "$.account.owner": { ...SYSTEM, kind: "email" },
};

/** The stages of a deal in order, with the words people use for them. */
const STAGES = {
  prospect: ["prospect", "prospecting", "lead"],
  qualified: ["qualified", "qualification"],
  proposal: ["proposal", "proposal sent", "offer", "quoted", "offer sent"],
  negotiation: ["negotiation", "negotiating", "in negotiation"],
  won: ["won", "win", "closed won", "closed-won", "signed"],
  lost: ["lost", "lose", "closed lost", "closed-lost"],
} as const;

export const findAccountManifest: ToolManifest = {
  name: "crm.findAccount",
  title: "look up an account",
  description:
    "Looks up a customer account by name: its data, contacts, deals and latest notes. Use it for who our contact is, what we know of a customer, their phone or e-mail, what was noted last.",
  effect: "read",
  verbs: ["show", "find", "look", "tell", "open", "check", "get", "give", "pull", "know"],
  args: {
    account: {
      role: "name",
      kind: "crm.account",
      required: true,
      label: "Account",
      question: "Which account?",
    },
  },
  output: {
    ...ACCOUNT_OUTPUT,
    "$.contacts[*].id": { ...SYSTEM, kind: "crm.contact" },
    "$.contacts[*].name": { ...MEMBER, kind: "text" },
    "$.contacts[*].title": MEMBER,
    "$.contacts[*].email": { ...MEMBER, kind: "email" },
    "$.contacts[*].phone": MEMBER,
    ...dealOutput("$.deals[*]"),
    "$.notes[*].id": { ...SYSTEM, kind: "crm.note" },
    "$.notes[*].author": { ...SYSTEM, kind: "email" },
    "$.notes[*].at": { ...SYSTEM, kind: "time" },
    "$.notes[*].body": { ...EXTERNAL, kind: "text" },
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "Tell me about Globex",
    "who is our contact at Northwind",
    "look up the account Harbour Hotels",
    "what do we know about Aldermoor",
    "show me the Globex account",
    "What's the phone number of our contact at Vantage Clinics?",
    "who looks after Meridian Foods",
    "pull up the customer record for Kestrel Aviation",
    "what was last noted on Globex",
    "contacts at Lumen & Oak please",
    "who do I talk to at Petrel Shipping",
    "give me an overview of the customer Norrland Timber",
    "which people do we know at Quayside Studios",
    "open the account of Castell Pharma",
    "find the client Northwind",
    "info on Brandt Bikes",
    "pull up Petrel",
    "are there any notes on Globex",
    "show me the contacts at Aldermoor",
    "details of the customer Vantage Clinics",
  ],
};

export const listDealsManifest: ToolManifest = {
  name: "crm.listDeals",
  title: "list deals",
  description:
    "Lists deals with amount, stage, owner and closing date: the requester's own, a colleague's, those of an account, or those in a stage. Without a stage it shows the open ones. Totals are per currency.",
  effect: "read",
  verbs: ["show", "list", "find", "look", "check", "tell", "give", "count", "get", "see"],
  args: {
    account: { role: "name", kind: "crm.account", label: "Account" },
    owner: { role: "name", kind: "person", label: "Owner" },
    stage: {
      role: "value",
      label: "Stage",
      choices: { ...STAGES, open: ["open", "running", "active"], all: ["all", "any stage"] },
    },
  },
  output: {
    ...dealOutput("$.deals[*]"),
    "$.totals[*].currency": SYSTEM,
    "$.totals[*].amountMinor": { ...SYSTEM, kind: "money" },
  },
  idempotency: "key",
  compensate: null,
  examples: [
    "Show my deals",
    "which deals do we have with Globex",
    "list all deals in negotiation",
    "What's in my pipeline?",
    "how much is open with Northwind Retail",
    "what has Priya got in proposal",
    "show me the deals we won",
    "which of my deals close this quarter",
    "How big is the Globex renewal?",
    "list Tom Becker's opportunities",
    "are there any lost deals for Petrel Shipping",
    "what stage is the Harbour Hotels deal in",
    "give me an overview of the open pipeline",
    "which opportunities are we still qualifying",
    "which deals did we lose",
    "what have we got with them",
    "my biggest deals",
    "how are my deals doing",
  ],
};

export const logNoteManifest: ToolManifest = {
  name: "crm.logNote",
  title: "log a note",
  description:
    "Writes a note on a customer account, in the requester's name. `body` is the text of the note as the person gave it. It sends nothing to the customer.",
  effect: "write",
  verbs: ["log", "note", "add", "write", "record", "save", "put", "make", "jot", "leave"],
  args: {
    account: {
      role: "name",
      kind: "crm.account",
      required: true,
      label: "Account",
      question: "On which account?",
    },
    body: { role: "body", required: true, label: "Note", question: "What should the note say?" },
  },
  output: {
    "$.note.id": { ...SYSTEM, kind: "crm.note" },
    "$.note.account": { ...SYSTEM, kind: "crm.account" },
    "$.note.accountName": { ...MEMBER, kind: "text" },
    "$.note.author": { ...SYSTEM, kind: "email" },
    "$.note.at": { ...SYSTEM, kind: "time" },
    "$.note.body": { ...MEMBER, kind: "text" },
  },
  idempotency: "key",
  compensate: {
    windowMs: 30 * MINUTE_MS,
    note: "Can be undone for 30 minutes: the note is taken out again.",
  },
  examples: [
    "Log a note on Globex: they want the renewal signed before the summer",
    "note for Northwind Retail: met Dana today, budget is approved",
    "add to the Harbour Hotels account that they moved the tender to May",
    "write down for Kestrel Aviation: call back on Monday",
    "please record that Meridian Foods asked for a second sample",
    "leave a note on Aldermoor saying the price is agreed",
    "jot down under Petrel Shipping: new buyer starts in June",
    "make a note that Castell Pharma needs an invoice in pounds",
    "save this to Vantage Clinics: site visit went well",
    "put a note on the account of Quayside Studios: prefers e-mail",
    "log my call with Norrland Timber: they will decide on Friday",
    "crm note for Lumen & Oak: samples delivered",
    "add a comment to Globex, they asked about dimmers",
  ],
};

export const updateDealManifest: ToolManifest = {
  name: "crm.updateDeal",
  title: "change a deal",
  description:
    "Changes the amount, the stage or the closing date of a deal. Give `deal` (id) when it is known, else `dealName` and perhaps `account` in the person's words. `amountMinor` is the new total in minor units (48,000 EUR is 4800000), not a difference. `currency` only when the person named one: a deal keeps its own.",
  effect: "write",
  verbs: [
    "change",
    "update",
    "set",
    "raise",
    "increase",
    "lower",
    "reduce",
    "move",
    "mark",
    "put",
    "make",
    "cut",
    "bump",
    "close",
    "correct",
    "adjust",
    "push",
    "win",
    "lose",
  ],
  args: {
    deal: { role: "rid", kind: "crm.deal", label: "Deal", question: "Which deal do you mean?" },
    dealName: { role: "name", kind: "crm.deal", label: "Deal", question: "Which deal do you mean?" },
    account: { role: "name", kind: "crm.account", label: "Account" },
    amountMinor: { role: "amount", label: "Amount" },
    currency: {
      role: "value",
      label: "Currency",
      choices: {
        EUR: ["EUR", "euro", "euros", "€"],
        GBP: ["GBP", "pound", "pounds", "sterling", "£"],
        USD: ["USD", "dollar", "dollars", "$"],
      },
    },
    stage: { role: "value", label: "Stage", choices: STAGES },
    closeOn: { role: "time", part: "day", label: "Closing date" },
  },
  output: dealOutput("$.deal"),
  idempotency: "key",
  compensate: {
    windowMs: 30 * MINUTE_MS,
    note: "Can be undone for 30 minutes, unless the deal changes again before.",
  },
  examples: [
    "Change the Globex renewal to 48,000 euros",
    "set the deal Renewal 2027 of Globex to €48,000",
    "move the Northwind Retail deal to negotiation",
    "mark the Harbour Hotels deal as won",
    "raise the amount of the Kestrel Aviation deal to 12.500",
    "lower it to 30k",
    "the Meridian Foods deal is lost",
    "update the stage of the Aldermoor rollout to proposal",
    "put the Petrel Shipping opportunity at 95,000 pounds",
    "we won Castell Pharma, close the deal",
    "push the closing date of the Vantage Clinics deal to 30 June",
    "correct the value of the Quayside refit to 18,400",
    "increase the renewal to 41,000",
    "make the Lumen & Oak deal qualified",
    "change the Refit 2025 deal of Quayside to 20,000",
    "raise Phase 2 to 15k",
    "mark the Line 4 deal as lost",
    "set the closing date of the Globex renewal to 15 December",
  ],
};
