import type { JsonObject } from "../../src/types/json.ts";
import { calendarTools } from "../../tools/calendar/tools.ts";
import { crmTools } from "../../tools/crm/tools.ts";
import { peopleTools } from "../../tools/people/tools.ts";
import { demoWorld } from "./demo-world.ts";
import { testTool } from "./tool-contract.ts";

const WORDS = [
  "me",
  "Ana",
  "Ben",
  "Sofia Marin",
  "head of sales",
  "the finance team",
  "everyone",
  "dana@partner.example",
  "nobody@brightwell.example",
  "Bne",
  "2027-02-11T10:00:00+01:00",
  "2027-02-11T11:30",
  "2027-02-12",
  "11:00",
  "2027-03-28T02:30",
  "2026-01-01T10:00:00Z",
  "2027-W07",
  "2027-02-11/2027-02-12",
  "not a time",
  "Budget review",
  "stand-up",
  "1:1 with Sofia",
  "evt-16",
  "evt-series-1",
  "evt-series-1~20270211T0800Z",
  "evt-4",
  "my meeting",
  "Globex",
  "Harbour",
  "Renewal 2027",
  "deal-globex-1",
  "acc-globex",
  "the Globex deal",
  "2027-06-30",
  "<b>*x*</b>",
  "\u0000x\ud800",
];

/** A call that succeeds for Ben Okafor in the demo company, for each tool. */
const CALLS: Record<string, JsonObject> = {
  "calendar.listEvents": { day: "2027-02-11" },
  "calendar.findFreeTime": { attendees: ["Ana"], durationMinutes: 45 },
  "calendar.createEvent": {
    start: "2027-02-11T11:00:00+01:00",
    attendees: ["Sofia"],
    location: "Room Edison",
  },
  "calendar.moveEvent": { eventName: "Lumen & Oak", start: "11:00" },
  "calendar.cancelEvent": { eventName: "call with Lumen" },
  "calendar.addAttendee": { eventName: "Lumen & Oak", attendees: ["Sofia Marin"] },
  "crm.findAccount": { account: "Globex" },
  "crm.listDeals": { owner: "me" },
  "crm.logNote": { account: "Globex", body: "They asked about dimmers." },
  "crm.updateDeal": { dealName: "Renewal 2027", account: "Globex", amountMinor: 4_800_000 },
  "people.find": { person: "Sofia Marin" },
};

for (const tool of [...calendarTools, ...crmTools, ...peopleTools]) {
  testTool(tool, { world: () => demoWorld(), args: CALLS[tool.name] ?? {}, words: WORDS });
}
