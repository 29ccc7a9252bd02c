import { STRANGER } from "./company-people.ts";
import type { MatrixRow } from "./matrix-row.ts";

/** Rules of the house besides those of the demo: what needs two people, and what nobody may do. */
export const MATRIX_RULES = `
@id("crm-huge-change") @approval("sales-managers:2") @within("PT4H") @reason("Deal changes over 100,000 need two sales managers.")
forbid (principal, action == Action::"crm.updateDeal", resource)
when { context.deltaMinor > 10000000 || context.deltaMinor < -10000000 };
@id("crm-absurd-change") @reason("Nobody changes a deal by more than a million.")
forbid (principal, action == Action::"crm.updateDeal", resource)
when { context.deltaMinor > 100000000 || context.deltaMinor < -100000000 };
`;

const BOTH = ["sofia.marin", "tom.becker"] as const;
/** The reason, or, where a button works only where it was put, that it does nothing elsewhere. */
const NOT_YOURS = /needs a sales manager|Nothing was done/;
const DECIDED = /already|changed|no longer|not valid any more|nothing to decide/i;

/** Who may decide what, and what comes of it: the same on every platform. */
export const MATRIX: readonly MatrixRow[] = [
  {
    what: "the right person decides, and nobody else: not who asked, not another team, not their manager, no stranger",
    asks: "ben.okafor",
    deal: ["Renewal 2027", "Globex"],
    by: 20_000,
    steps: [
      { waitsFor: BOTH },
      { listedFor: BOTH, line: /Renewal 2027/ },
      { denied: "ben.okafor", why: NOT_YOURS },
      { denied: "julia.weiss", why: NOT_YOURS },
      { denied: "nora.lindqvist", why: NOT_YOURS },
      { denied: STRANGER, why: /directory|know|account|address|sign in|Nothing was done/i },
      { keeps: "tom.becker" },
      { approve: "sofia.marin" },
      { ends: "succeeded", says: /Sofia Marin|you/i, by: 20_000 },
      { late: "tom.becker", why: DECIDED },
      { ends: "succeeded", by: 20_000 },
      { hears: /Renewal 2027/ },
    ],
  },
  {
    what: "who asks decides nothing of their own although they are of the group",
    asks: "tom.becker",
    deal: ["Workshop hall 3", "Globex"],
    by: 20_000,
    steps: [
      { waitsFor: ["sofia.marin"] },
      { denied: "tom.becker", why: NOT_YOURS },
      { approve: "sofia.marin" },
      { ends: "succeeded", by: 20_000 },
    ],
  },
  {
    what: "a refusal ends it with its reason",
    asks: "ben.okafor",
    deal: ["Waiting rooms", "Vantage Clinics"],
    by: 20_000,
    steps: [
      { waitsFor: BOTH },
      { keeps: "tom.becker" },
      { refuse: "sofia.marin", reason: "The offer is not signed." },
      { ends: "refused", says: /The offer is not signed/, by: 0 },
      { hears: /The offer is not signed/ },
      { late: "tom.becker", why: DECIDED },
      { ends: "refused", by: 0 },
    ],
  },
  {
    what: "two of two must say yes, each of them once",
    asks: "priya.nair",
    deal: ["Warehouse lighting", "Globex Logistics"],
    by: 150_000,
    steps: [
      { waitsFor: BOTH },
      { asksTwice: "sofia.marin" },
      { keeps: "sofia.marin" },
      { approve: "sofia.marin" },
      { waitsFor: ["tom.becker"] },
      { everyCopy: /1 of 2/ },
      { late: "sofia.marin", why: /./ },
      { waitsFor: ["tom.becker"] },
      { approve: "tom.becker" },
      { ends: "succeeded", by: 150_000 },
    ],
  },
  {
    what: "two yeses at the same moment run it once",
    asks: "ben.okafor",
    deal: ["Showroom series", "Lumen & Oak"],
    by: 20_000,
    steps: [{ together: BOTH }, { ends: "succeeded", by: 20_000 }],
  },
  {
    what: "a colleague decides in the place of who handed their votes over",
    asks: "ben.okafor",
    deal: ["Terminal offices", "Petrel Shipping"],
    by: 20_000,
    steps: [
      {
        meanwhile: "Sofia hands her votes to Julia",
        does: async (world) => await world.handVotes("sofia.marin", "julia.weiss"),
      },
      { meanwhile: "reminded", does: async (world) => await world.nobodyAnswers() },
      { denied: "grace.liu", why: NOT_YOURS },
      { approve: "julia.weiss" },
      { ends: "succeeded", says: /Julia Weiss for Sofia Marin|you/i, by: 20_000 },
    ],
  },
  {
    what: "a colleague whose turn has ended decides nothing, and their card ends as all others",
    asks: "ben.okafor",
    deal: ["Sawmill hall", "Norrland Timber"],
    by: 20_000,
    steps: [
      {
        meanwhile: "Sofia hands her votes to Julia",
        does: async (world) => await world.handVotes("sofia.marin", "julia.weiss"),
      },
      { meanwhile: "reminded", does: async (world) => await world.nobodyAnswers() },
      { keeps: "julia.weiss" },
      { meanwhile: "and takes them back", does: async (world) => await world.takeVotesBack() },
      { late: "julia.weiss", why: NOT_YOURS },
      { approve: "tom.becker" },
      { ends: "succeeded", by: 20_000 },
      { blankFor: "julia.weiss", of: /Sawmill hall|€/ },
    ],
  },
  {
    what: "nobody answers: the manager may decide as well",
    asks: "priya.nair",
    deal: ["Flagship store Leeds", "Northwind Retail"],
    by: 20_000,
    steps: [
      { denied: "nora.lindqvist", why: NOT_YOURS },
      { meanwhile: "nobody answers", does: async (world) => await world.nobodyAnswers() },
      { waitsFor: ["nora.lindqvist", ...BOTH] },
      { approve: "nora.lindqvist" },
      { ends: "succeeded", says: /Nora Lindqvist|you/i, by: 20_000 },
    ],
  },
  {
    what: "after its time nobody decides it",
    asks: "ben.okafor",
    deal: ["Treatment rooms phase 2", "Vantage Clinics"],
    by: 20_000,
    steps: [
      { keeps: "sofia.marin" },
      { meanwhile: "its time is over", does: async (world) => await world.timeIsUp(false) },
      { late: "sofia.marin", why: /expired|Time is up|over/i },
      { meanwhile: "and is noticed", does: async (world) => await world.timeIsUp(true) },
      { ends: "expired", by: 0 },
      { hears: /expired|time|nobody/i },
    ],
  },
  {
    what: "an edit within the limit is done as edited",
    asks: "ben.okafor",
    deal: ["Office renewal", "Norrland Timber"],
    by: 20_000,
    steps: [
      { keeps: "tom.becker" },
      { edit: "sofia.marin", by: 15_000 },
      { ends: "succeeded", by: 15_000 },
      { late: "tom.becker", why: DECIDED },
      { ends: "succeeded", by: 15_000 },
    ],
  },
  {
    what: "an edit beyond the limit asks the second person too, for the edited amount",
    asks: "priya.nair",
    deal: ["Twelve small stores", "Northwind Retail"],
    by: 20_000,
    steps: [
      { keeps: "tom.becker" },
      { edit: "sofia.marin", by: 150_000 },
      { waitsFor: ["tom.becker"] },
      { late: "tom.becker", why: DECIDED },
      { waitsFor: ["tom.becker"] },
      { approve: "tom.becker" },
      { ends: "succeeded", by: 150_000 },
    ],
  },
  {
    what: "an edit that is forbidden, or no amount, is not taken and says why",
    asks: "ben.okafor",
    deal: ["Cold store", "Meridian Foods"],
    by: 20_000,
    steps: [
      { edit: "sofia.marin", by: 5_000_000, told: /more than a million/ },
      { edit: "sofia.marin", by: Number.NaN, told: /amount|number|write/i },
      { waitsFor: BOTH },
      { approve: "sofia.marin" },
      { ends: "succeeded", by: 20_000 },
    ],
  },
  {
    what: "who lost the role decides nothing, and their card ends as all others",
    asks: "ben.okafor",
    deal: ["Crew quarters", "Petrel Shipping"],
    by: 20_000,
    steps: [
      { waitsFor: BOTH },
      { keeps: "tom.becker" },
      {
        meanwhile: "Tom leaves the sales managers",
        does: async (world) => await world.regroup("tom.becker", ["everyone", "sales"]),
      },
      { late: "tom.becker", why: NOT_YOURS },
      { approve: "sofia.marin" },
      { ends: "succeeded", by: 20_000 },
      { blankFor: "tom.becker", of: /Crew quarters|€/ },
    ],
  },
  {
    what: "the yes of who lost the role since no longer counts",
    asks: "ben.okafor",
    deal: ["Assembly line", "Brandt Bikes"],
    by: 150_000,
    steps: [
      { approve: "sofia.marin" },
      {
        meanwhile: "Sofia leaves the sales managers",
        does: async (world) => await world.regroup("sofia.marin", ["everyone", "sales"]),
      },
      { approve: "tom.becker" },
      { everyCopy: /1 of 2/ },
      {
        meanwhile: "Priya becomes one",
        does: async (world) => await world.regroup("priya.nair", ["everyone", "sales", "sales-managers"]),
      },
      { meanwhile: "reminded", does: async (world) => await world.nobodyAnswers() },
      { approve: "priya.nair" },
      { ends: "succeeded", by: 150_000 },
    ],
  },
  {
    what: "other rules since: the yes counts no more, and is asked for again",
    asks: "priya.nair",
    deal: ["Clean room upgrade", "Castell Pharma"],
    by: 20_000,
    steps: [
      { keeps: "sofia.marin" },
      {
        meanwhile: "the rules change",
        does: async (world) =>
          await world.addRules(`@id("crm-holiday") @reason("Not on holidays.")
forbid (principal, action == Action::"crm.updateDeal", resource) when { context.stage == "holiday" };`),
      },
      { late: "sofia.marin", why: /your decision does not count/ },
      { waitsFor: BOTH },
      { approve: "tom.becker" },
      { waitsFor: [] },
      { ends: "succeeded", by: 20_000 },
    ],
  },
  {
    what: "other rules since, which forbid it: nobody's yes does it",
    asks: "ben.okafor",
    deal: ["Maintenance 2025", "Globex"],
    by: 20_000,
    steps: [
      { keeps: "sofia.marin" },
      {
        meanwhile: "the rules change",
        does: async (world) =>
          await world.addRules(`@id("crm-frozen") @reason("The books are closed.")
forbid (principal, action == Action::"crm.updateDeal", resource);`),
      },
      { late: "sofia.marin", why: /./ },
      { ends: "forbidden", by: 0 },
      { hears: /books are closed/ },
    ],
  },
  {
    what: "high risk asks its approver once more",
    asks: "priya.nair",
    deal: ["Library rollout", "Aldermoor Council"],
    by: 60_000,
    steps: [
      { asksTwice: "sofia.marin" },
      { asksTwice: "tom.becker" },
      { approve: "tom.becker" },
      { ends: "succeeded", by: 60_000 },
    ],
  },
  {
    what: "it is undone by who asked, by nobody else, and once",
    asks: "ben.okafor",
    deal: ["Town hall pilot", "Aldermoor Council"],
    by: 20_000,
    steps: [
      { approve: "sofia.marin" },
      { ends: "succeeded", by: 20_000 },
      { robs: "Undo", as: "sofia.marin", why: /Only Ben Okafor|somebody else|not yours|Nothing was done/ },
      {
        robs: "Undo",
        as: "julia.weiss",
        why: /Only Ben Okafor|somebody else|not yours|Nothing was done|not/,
      },
      { presses: "Undo" },
      { ends: "undone", by: 0 },
    ],
  },
  {
    what: "an outcome that nobody knows: who asked looks it up",
    asks: "ben.okafor",
    deal: ["Lobby and bar", "Harbour Hotels"],
    by: 20_000,
    steps: [
      { meanwhile: "the CRM falls silent", does: (world) => world.silence("crm.updateDeal", "after") },
      { approve: "sofia.marin" },
      { ends: "unknown", by: 20_000 },
      { robs: "Give up", as: "sofia.marin", why: /./ },
      { ends: "unknown", by: 20_000 },
      { meanwhile: "it answers again", does: (world) => world.silence("crm.updateDeal", null) },
      { presses: "Check" },
      { ends: "succeeded", by: 20_000 },
    ],
  },
  {
    what: "an outcome that nobody knows: sent again under the same key, it is done once",
    asks: "priya.nair",
    deal: ["Conference wing", "Harbour Hotels"],
    by: 20_000,
    steps: [
      { meanwhile: "the CRM falls silent", does: (world) => world.silence("crm.updateDeal", "before") },
      { approve: "tom.becker" },
      { ends: "unknown", by: 0 },
      { meanwhile: "it answers again", does: (world) => world.silence("crm.updateDeal", null) },
      { presses: "Retry with the same key" },
      { ends: "succeeded", by: 20_000 },
    ],
  },
  {
    what: "an outcome that nobody knows: who asked gives up",
    asks: "ben.okafor",
    deal: ["Operating theatre lights", "Harbour Health"],
    by: 20_000,
    steps: [
      { meanwhile: "the CRM falls silent", does: (world) => world.silence("crm.updateDeal", "before") },
      { approve: "tom.becker" },
      { ends: "unknown", by: 0 },
      { presses: "Give up" },
      { ends: "failed", by: 0 },
      { meanwhile: "it answers again", does: (world) => world.silence("crm.updateDeal", null) },
    ],
  },
  {
    what: "what only who asked may confirm waits for nobody else",
    asks: "ben.okafor",
    say: (place) =>
      `invite jane@client.example to a demo ${["on Monday", "on Tuesday", "on Thursday"][place]} at 3pm`,
    steps: [
      { waitsFor: ["ben.okafor"], on: "asked" },
      { denied: "sofia.marin", why: /Ben|person who asked|Nothing was done/ },
      { approve: "ben.okafor" },
      { ends: "succeeded", by: 0 },
    ],
  },
];
