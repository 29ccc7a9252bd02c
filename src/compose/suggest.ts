import type { Principal } from "../types/principal.ts";

const BY_GROUP: readonly (readonly [string, readonly string[]])[] = [
  ["finance", ["Which invoices are still open?", "How do we handle an invoice without a purchase order?"]],
  ["sales-managers", ["Show me the deals in negotiation", "Who may approve a discount?"]],
  ["sales", ["Change the Renewal 2027 deal of Globex to 52,000", "Which deals are mine?"]],
  ["hr", ["How long is parental leave?", "Find a time for me and Paul Meyer tomorrow"]],
  ["operations", ["How do I order a new laptop?", "Find a time for me and Omar tomorrow"]],
];
const FOR_EVERYONE = ["What's on my calendar this week?", "How many days a week may I work from home?"];

/** Three things to try, made from what this person does. */
export function suggest(person: Principal): readonly string[] {
  const own = BY_GROUP.filter(([group]) => person.groups.includes(group)).flatMap(([, texts]) => texts);
  return [...FOR_EVERYONE.slice(0, 1), ...own, ...FOR_EVERYONE.slice(1)].slice(0, 3);
}
