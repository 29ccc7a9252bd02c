import { expect } from "vitest";
import { type Conversation, iso, spoken } from "./step.ts";

const starts = (time: string, by = 0) => expect.stringContaining(`${iso(by)}T${time}`) as unknown as string;

/** The seven conversations that the product is for, in words of people who have not read its examples. */
export const SEVEN: readonly Conversation[] = [
  {
    name: "1. questions about the company",
    as: "ben.okafor",
    steps: [
      {
        say: "How many days a week am I allowed to work from home?",
        reply: /three days a week/,
        never: /20 euros/,
        tool: null,
        cites: ["Working from home and abroad"],
      },
      {
        say: "can I expense a taxi from the airport?",
        reply: /taxis?/i,
        cites: ["Travel policy"],
        tool: null,
      },
      { say: "How high may the hotel bill be per night?", reply: /140 euros/, cites: ["Travel policy"] },
      {
        say: "which salary band is a senior engineer in?",
        reply: /could not find/i,
        never: /74,000|96,000|Salary bands/,
      },
      { say: "do we have a swimming pool?", reply: /could not find/i, tool: null },
    ],
  },
  {
    name: "1b. what only some may read",
    as: "david.kim",
    steps: [
      {
        say: "what are the salary bands?",
        reply: [/B4, senior engineer/, /74,000 euros/],
        never: /\|/,
        cites: ["Salary bands"],
      },
      { say: "what is the salary of a B2?", reply: /43,000/, never: /74,000/, cites: ["Salary bands"] },
      { say: "what is the revenue forecast for Q4?", never: /6,950|7,200|Quarterly forecast/ },
    ],
  },
  {
    name: "2. calendar, follow-ups and undo",
    as: "ben.okafor",
    steps: [
      {
        say: `Set up a call with Priya on ${spoken()} at 10 about the Leeds tender`,
        tool: "calendar.createEvent",
        args: { start: starts("10:00"), attendees: ["priya.nair@brightwell.example"] },
        decision: "permit",
        status: "succeeded",
        reply: /Booked \*\*Leeds tender\*\*/,
      },
      { say: "move it to 11", tool: "calendar.moveEvent", decision: "permit", reply: /11:00/ },
      { say: "make it half an hour later", tool: "calendar.moveEvent", decision: "permit", reply: /11:30/ },
      {
        say: "add the sales lead to it",
        tool: "calendar.addAttendee",
        decision: "permit",
        reply: /Sofia Marin/,
      },
      { say: `what's on my calendar on ${spoken()}?`, tool: "calendar.listEvents", reply: /Leeds tender/ },
      { say: `and on ${spoken(1)}?`, tool: "calendar.listEvents", args: { day: iso(1) } },
      { say: "undo that", tool: "steward.undo", reply: /invitation|invited|out|again|before/i },
      { say: "why?", tool: "steward.explain", reply: /undo|rule|own/i },
    ],
  },
  {
    name: "2b. a guest from outside asks first",
    as: "ben.okafor",
    steps: [
      {
        say: `invite jane@client.example to a demo on ${spoken()} at 3pm`,
        tool: "calendar.createEvent",
        decision: "ask",
        rules: ["calendar-external-asks"],
        turn: "waiting",
        reply: /need your yes/,
      },
      { denied: "sofia.marin", why: /ask Ben|Ben Okafor|person who asked/i },
      { approve: "ben.okafor", later: /Booked/ },
    ],
  },
  {
    name: "2c. free times and booking one",
    as: "marek.novak",
    steps: [
      {
        say: `when are Julia and I both free on ${spoken()}?`,
        tool: "calendar.findFreeTime",
        args: { attendees: ["julia.weiss@brightwell.example"] },
      },
      {
        say: "book the first one",
        tool: "calendar.createEvent",
        args: { attendees: ["julia.weiss@brightwell.example"] },
        reply: /Julia Weiss/,
      },
      { undo: "marek.novak" },
      { say: `am I free after 4 pm on ${spoken()}`, args: { from: starts("16:00") } },
      {
        say: `what do I have before noon on ${spoken()}`,
        tool: "calendar.listEvents",
        args: { to: starts("12:00") },
      },
    ],
  },
  {
    name: "3. a deal above the limit",
    as: "ben.okafor",
    steps: [
      { say: "Who do we know at Globex?", tool: "crm.findAccount", reply: /Karin Vogt/ },
      {
        say: "Change the Renewal 2027 deal of Globex to 52,000",
        tool: "crm.updateDeal",
        args: { amountMinor: 5_200_000 },
        decision: "ask",
        rules: ["crm-big-change"],
        turn: "waiting",
        reply: /Sofia Marin or Tom Becker|Sofia Marin|sales manager/,
      },
      { say: "why?", reply: /sales manager/, tool: "steward.explain" },
      { denied: "ben.okafor", why: /Sofia|Tom|sales manager/ },
      { denied: "ana.costa", why: /sales manager/ },
      { waitsFor: "sofia.marin", line: /€38,000.*€52,000/ },
      { hiddenFrom: "julia.weiss", line: /52,000/ },
      { approve: "sofia.marin", later: /€52,000/ },
      { say: "which deals do we have with Globex?", tool: "crm.listDeals", reply: /52,000/ },
    ],
  },
  {
    name: "3b. a note, a small change, a refusal",
    as: "priya.nair",
    steps: [
      {
        say: "jot down on Castell Pharma that Gareth wants the new price list",
        tool: "crm.logNote",
        args: { body: "Gareth wants the new price list" },
        decision: "permit",
        reply: /Castell Pharma/,
      },
      {
        say: "raise Hangar 2 to 12k",
        tool: "crm.updateDeal",
        args: { amountMinor: 1_200_000 },
        decision: "permit",
        reply: /£12,000/,
      },
      {
        say: "mark the Hangar 2 deal as won",
        tool: "crm.updateDeal",
        args: { stage: "won" },
        decision: "ask",
        rules: ["crm-big-close"],
      },
      { refuse: "tom.becker", reason: "The contract is not signed yet.", later: /contract is not signed/ },
    ],
  },
  {
    name: "4. an invoice with its purchase order",
    as: "grace.liu",
    steps: [
      {
        say: "book and pay this invoice",
        files: ["lichtwerk-glas-LG-2026-1180.pdf"],
        tool: "invoice.book",
        decision: "ask",
        rules: ["invoice-book-finance"],
        turn: "waiting",
        never: /no purchase order/,
      },
      { denied: "grace.liu", why: /finance/ },
      { denied: "sofia.marin", why: /finance/ },
      { approve: "marek.novak", later: /2 approvals|two people|Booked/ },
      { waitsFor: "julia.weiss", line: /Pay / },
      { approve: "julia.weiss" },
      { approve: "ana.costa", later: /Paid|paid/ },
    ],
  },
  {
    name: "4b. an invoice without one",
    as: "julia.weiss",
    steps: [
      {
        say: "please book this and pay it",
        files: ["stadtwerke-spree-SW-2026-11-5521.pdf"],
        tool: "invoice.book",
        reply: /no purchase order matches it, and paying needs one/,
      },
      { approve: "ana.costa", later: /No purchase order matches this invoice/ },
      { say: "why?", reply: /purchase order/ },
    ],
  },
  {
    name: "5. what is ambiguous is asked",
    as: "grace.liu",
    steps: [
      {
        say: `book half an hour with Ben on ${spoken()} at 2`,
        tool: null,
        reply: [/Ben Okafor/, /Ben Carter/],
      },
      { say: "why?", tool: null, reply: [/more than one/i, /Carter/] },
      { say: "what?", tool: null, reply: /Carter/ },
      { say: "how long is the notice period?", reply: /month/, cites: ["Employee handbook"] },
      { say: `book half an hour with Ben on ${spoken()} at 2`, tool: null },
      {
        say: "Carter",
        tool: "calendar.createEvent",
        args: { attendees: ["ben.carter@brightwell.example"] },
        decision: "permit",
      },
      { say: `set up a meeting with Lena on ${spoken()}`, tool: null, reply: /what time/i },
      { say: "never mind", tool: null, reply: /leave it/ },
      { say: "book lunch with Paul on 30 February at 12", tool: null, reply: /does not exist/ },
    ],
  },
  {
    name: "5b. a fragment goes on, a new question does not",
    as: "ben.okafor",
    steps: [
      { say: "show me Sofia's calendar next week", tool: "calendar.listEvents" },
      { say: "and Tom's?", tool: "calendar.listEvents", args: { person: "tom.becker@brightwell.example" } },
      { say: "which deals are in negotiation", tool: "crm.listDeals", args: { stage: "negotiation" } },
      { say: "how about won?", tool: "crm.listDeals", args: { stage: "won" } },
    ],
  },
  {
    name: "5c. a person spoken of is he or she, and a new question goes to its own tool",
    as: "ana.costa",
    steps: [
      { say: "which deals are in negotiation", tool: "crm.listDeals" },
      { say: "who is Tom Becker?", tool: "people.find", reply: /Tom Becker/ },
      {
        say: "show me his calendar next week",
        tool: "calendar.listEvents",
        args: { person: "tom.becker@brightwell.example" },
      },
      { say: "which deals are in negotiation", tool: "crm.listDeals" },
      {
        say: "show me Sofia's calendar next week",
        tool: "calendar.listEvents",
        args: { person: "sofia.marin@brightwell.example" },
      },
    ],
  },
  {
    name: "6. what waits, and for whom",
    as: "priya.nair",
    steps: [
      { say: "set the Clean room upgrade to 90,000", tool: "crm.updateDeal", decision: "ask" },
      { say: "has my request been approved?", tool: "steward.listApprovals", reply: /Clean room upgrade/ },
      { waitsFor: "tom.becker", line: /Clean room upgrade/ },
      { approve: "tom.becker", later: /£90,000/ },
      { undo: "priya.nair" },
      { say: "is anything still waiting?", tool: "steward.listApprovals", never: /Clean room upgrade/ },
    ],
  },
  {
    name: "7. reminders",
    as: "ana.costa",
    steps: [
      {
        say: "remind me tomorrow at 9 to call Karin",
        tool: "reminder.create",
        args: { text: "call Karin", does: "remind" },
        decision: "permit",
        reply: /call Karin/,
      },
      {
        say: "every Monday send me my week",
        tool: "reminder.create",
        args: { text: "my week", does: "look-up", every: "monday" },
        reply: /every Monday at 09:00/,
      },
      { say: "cancel it", tool: "reminder.cancel", reply: /my week/ },
      { say: "what reminders do I have?", tool: "reminder.list", reply: /call Karin/, never: /my week/ },
      { say: "cancel it", tool: "reminder.cancel", reply: /call Karin/ },
    ],
  },
];
