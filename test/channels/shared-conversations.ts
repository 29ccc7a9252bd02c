/** One thing that happens where several people read along. */
export type SharedStep =
  /**
   * To Steward, who takes a turn for it. `all`: everybody there reads it; `never`: nobody does, but who opened it before.
   * AMOUNT is another one in each place.
   */
  | {
      readonly says: string;
      readonly text: string;
      readonly files?: readonly string[];
      readonly all?: RegExp;
      readonly never?: RegExp;
      readonly tool?: string | null;
      readonly status?: string;
    }
  /** To one another, or to Steward where no turn comes of it. `reads`: what whoever said it is told. */
  | {
      readonly says: string;
      readonly aside: string;
      readonly isMention?: boolean;
      readonly files?: readonly string[];
      readonly reads?: RegExp | { readonly slack: RegExp; readonly teams: RegExp };
      /** Steward shows nobody anything. */
      readonly isSilent?: boolean;
    }
  /** Opens the answer that is offered to one alone. */
  | {
      readonly opens: string;
      readonly reads: RegExp;
      readonly hiddenFrom: readonly string[];
      /** On this platform only. */
      readonly on?: "slack" | "teams";
    }
  /** Tries to open what is offered to another. */
  | { readonly pries: string; readonly reads: RegExp; readonly never: RegExp }
  /** Another wording of what this person said last; `answers` when Steward had not been addressed before. */
  | { readonly edits: string; readonly text: string; readonly answers?: RegExp; readonly reads?: RegExp }
  /** Takes back what this person said last. */
  | { readonly deletes: string; readonly stays: RegExp }
  /** Says it while the tool does not answer, then ends it by a word or by taking the message back. */
  | {
      readonly begins: string;
      readonly text: string;
      readonly tool: string;
      readonly ends: "stop" | "delete";
      readonly never: RegExp;
    }
  | { readonly thumbs: "up" | "down"; readonly by: string; readonly counts: boolean }
  /** The decision of somebody by their own copy of the newest card; everybody concerned then reads it. */
  | { readonly approves: string; readonly all: readonly string[]; readonly reads: RegExp };

export type SharedConversation = {
  readonly name: string;
  readonly among: readonly string[];
  readonly steps: readonly SharedStep[];
};

const HOME = "How many days a week am I allowed to work from home?";

/** What holds in a thread of a channel and in a group chat alike. */
export const SHARED: readonly SharedConversation[] = [
  {
    name: "who is mentioned answers, in the thread, where all may see it",
    among: ["ben.okafor", "priya.nair", "julia.weiss"],
    steps: [
      { says: "priya.nair", aside: "lunch at twelve?", isMention: false, isSilent: true },
      { says: "ben.okafor", text: HOME, all: /three days a week/, tool: null },
      { says: "priya.nair", aside: "good to know, what do you think?", isMention: false, isSilent: true },
      { thumbs: "up", by: "ben.okafor", counts: true },
      { thumbs: "down", by: "ben.okafor", counts: true },
      { says: "priya.nair", text: "can I expense a taxi from the airport?", all: /taxis?/i },
    ],
  },
  {
    name: "what not everybody there may see is offered to who asked, and to nobody else",
    among: ["david.kim", "ben.okafor"],
    steps: [
      { says: "david.kim", text: "what are the salary bands?", never: /74,000|B4, senior/ },
      { pries: "ben.okafor", reads: /person who asked|somebody else/, never: /74,000|B4, senior/ },
      { opens: "david.kim", reads: /74,000/, hiddenFrom: ["ben.okafor"] },
      { says: "ben.okafor", text: "which salary band is a senior engineer in?", never: /74,000|96,000/ },
    ],
  },
  {
    name: "a request is decided by the card of its approver, and not seen by who reads along",
    among: ["ben.okafor", "sofia.marin", "julia.weiss"],
    steps: [
      {
        says: "ben.okafor",
        text: "Change the Workshop hall 3 deal of Globex to AMOUNT",
        tool: "crm.updateDeal",
        status: "awaiting",
      },
      { opens: "ben.okafor", reads: /Workshop hall 3/, hiddenFrom: ["julia.weiss"] },
      { approves: "sofia.marin", all: ["sofia.marin"], reads: /Done/ },
    ],
  },
  {
    name: "a file is read, or it is said where it can be",
    among: ["julia.weiss", "ana.costa"],
    steps: [
      {
        says: "julia.weiss",
        aside: "read this invoice please",
        files: ["lichtwerk-glas-LG-2026-1180.pdf"],
        isMention: true,
        reads: { slack: /not everybody here may see/, teams: /files only in our personal chat/ },
      },
      { opens: "julia.weiss", on: "slack", reads: /LG-2026-1180/, hiddenFrom: ["ana.costa"] },
    ],
  },
  {
    name: "another wording comes late, or is what addresses Steward",
    among: ["ben.okafor", "priya.nair"],
    steps: [
      { says: "ben.okafor", text: HOME, all: /three days a week/ },
      { edits: "ben.okafor", text: "How high may the hotel bill be per night?", reads: /had begun/ },
      { says: "priya.nair", aside: "can I expense a taxi?", isMention: false, isSilent: true },
      { edits: "priya.nair", text: "can I expense a taxi from the airport?", answers: /taxis?/i },
      { deletes: "priya.nair", stays: /taxis?/i },
    ],
  },
  {
    name: "what runs ends by a word of who asked, or when they take it back",
    among: ["ben.okafor", "priya.nair"],
    steps: [
      {
        begins: "ben.okafor",
        text: "which deals are in negotiation",
        tool: "crm.listDeals",
        ends: "stop",
        never: /Renewal 2027/,
      },
      { says: "priya.nair", aside: "stop", isMention: true, reads: /nothing running|Nothing is running/i },
      {
        begins: "priya.nair",
        text: "which deals are in negotiation",
        tool: "crm.listDeals",
        ends: "delete",
        never: /Clean room/,
      },
    ],
  },
  {
    name: "help says what can be done there, and a stranger is told what they are",
    among: ["grace.liu", "walter.unknown"],
    steps: [
      { says: "grace.liu", aside: "help", isMention: true, reads: /I am Steward|What I can do/ },
      { says: "walter.unknown", aside: "help", isMention: true, reads: /directory/ },
      { says: "grace.liu", text: HOME, never: /three days a week/ },
    ],
  },
];
