/** A question about people, taken apart: whom it is about, and what of them is wanted. */
export type PeopleQuestion = {
  /** Words for the person or the department. */
  readonly who: string;
  readonly relation?: "manager" | "reports";
  /** It asks for the members of a department. */
  readonly isGroup?: boolean;
  /** It asks whether somebody has a job. */
  readonly isRole?: boolean;
};

const END = "(?:\\s+please)?[\\s?.!]*$";

/** Shapes of questions, tried in order; the first group is the person or department. */
const SHAPES: readonly (readonly [RegExp, Omit<PeopleQuestion, "who">])[] = [
  [new RegExp(`who(?:m)? (?:does|do|is|are) (.+?) report(?:s|ing)? to${END}`, "i"), { relation: "manager" }],
  [
    new RegExp(`who (?:all )?(?:reports?|is reporting|are reporting) to (.+?)${END}`, "i"),
    { relation: "reports" },
  ],
  [new RegExp(`who (?:does|do) (.+?) (?:manage|lead|supervise)${END}`, "i"), { relation: "reports" }],
  [new RegExp(`(?:manager|boss|supervisor) of (.+?)${END}`, "i"), { relation: "manager" }],
  [new RegExp(`who (?:manages|supervises|is managing) (.+?)${END}`, "i"), { relation: "manager" }],
  [new RegExp(`(?:direct )?reports of (.+?)${END}`, "i"), { relation: "reports" }],
  [
    /(?:^|who(?: i|['’])s |who are )(my|[\p{L} .-]+?['’]s?) (?:line )?(?:manager|boss|supervisor)\b/iu,
    { relation: "manager" },
  ],
  [
    /(?:^|who are |list |show )(my|[\p{L} .-]+?['’]s?) (?:team|(?:direct )?reports)\b/iu,
    { relation: "reports" },
  ],
  [
    new RegExp(
      `who(?: is|['’]s)? (?:runs|leads|heads|running|leading|heading|in charge of|responsible for) (?:the )?(.+?)${END}`,
      "i",
    ),
    {},
  ],
  [
    new RegExp(
      `(?:is there|do we have|have we got) (?:an? |any |the )?(.+?)(?: here| in the company)?${END}`,
      "i",
    ),
    { isRole: true },
  ],
  [
    new RegExp(`whom? (?:do|can|should) i (?:ask|talk to|contact) about .+ in (.+?)${END}`, "i"),
    { isGroup: true },
  ],
  [
    new RegExp(
      `(?:works?|working|sits?|sitting|are|is|everyone|everybody|people|colleagues|members|folks|staff|all|someone)(?: there)? (?:in|of|at|from|on) (?:the )?(.+?)${END}`,
      "i",
    ),
    { isGroup: true },
  ],
];

const LEAD =
  /^(?:(?:please|can you|could you|do you know)\s+)*(?:who(?: is|['’]s| are)|what(?: is|['’]s)|where(?: is|['’]s)|which people are|how (?:do|can) i (?:reach|contact|write to)|contact details of|find|show me|show|tell me about|look up|list|give me|the)\s+/i;
const OF =
  /^(?:the )?(?:e-?mail(?: address)?|address|contact(?: data| details)?|title|job(?: title)?|role|time ?zone|position|(?:phone |telephone )?number) (?:of|for) /i;
const TAIL =
  /(?:['’]s?)? (?:e-?mail(?: address)?|contact(?: data| details)?|job(?: title)?|role|time ?zone|position|(?:phone |telephone )?(?:number)|phone)$/i;

/** Takes a question like "who does Priya report to" apart; plain words come back as they are. */
export function readQuestion(said: string): PeopleQuestion {
  const text = said.replace(/\s+/g, " ").trim().slice(0, 300);
  for (const [shape, what] of SHAPES) {
    const who = shape.exec(text)?.[1]?.trim();
    if (who && what.relation) return { who: who.replace(/['’]s?$/, "").replace(/^my$/i, "me"), ...what };
    if (who && what.isGroup) return { who: who.replace(/ (?:team|department)$/i, ""), ...what };
    if (who && what.isRole) return { who };
    if (who) return { who: `head of ${who.replace(/ (?:team|department)$/i, "")}` };
  }
  let who = text.replace(/[\s?.!]+$/, "").replace(/ please$/i, "");
  for (let last = ""; last !== who; ) {
    last = who;
    who = who.replace(LEAD, "").replace(OF, "").replace(TAIL, "");
  }
  return { who: who || text };
}
