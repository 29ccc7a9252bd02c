import { DateTime } from "luxon";
import type { RecordChange } from "../src/types/record.ts";
import type { CalendarEvent } from "../tools/calendar/calendar-event.ts";
import company from "./people.json" with { type: "json" };

type Extra = Partial<Pick<CalendarEvent, "location" | "description" | "isPrivate" | "showAs" | "recurrence">>;

/** Day of this week (Monday is 0; 7 and above are next week), wall-clock start, minutes. */
type Row = readonly [
  organizer: string,
  title: string,
  day: number,
  clock: string,
  minutes: number,
  attendees: readonly string[],
  extra?: Extra,
];

const WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR";
const WEEKLY = "FREQ=WEEKLY";
const FORTNIGHTLY = "FREQ=WEEKLY;INTERVAL=2";
const SALES = ["tom.becker", "ben.okafor", "priya.nair"];

/** Series: they begin some weeks ago and go on. */
const SERIES: readonly Row[] = [
  ["sofia.marin", "Sales stand-up", 0, "09:00", 15, SALES, { recurrence: WORKDAYS, location: "Video" }],
  [
    "paul.meyer",
    "Operations stand-up",
    0,
    "09:15",
    15,
    ["grace.liu", "lena.fischer"],
    { recurrence: WORKDAYS },
  ],
  [
    "omar.haddad",
    "Engineering stand-up",
    0,
    "09:45",
    15,
    ["ben.carter"],
    { recurrence: WORKDAYS, location: "Video" },
  ],
  ["sofia.marin", "Pipeline review", 1, "14:00", 60, SALES, { recurrence: WEEKLY, location: "Room Edison" }],
  [
    "nora.lindqvist",
    "Management meeting",
    0,
    "10:30",
    90,
    ["sofia.marin", "ana.costa", "helen.shaw", "paul.meyer"],
    { recurrence: WEEKLY, location: "Room Tesla" },
  ],
  [
    "ana.costa",
    "Payment run",
    3,
    "15:00",
    45,
    ["julia.weiss", "marek.novak"],
    { recurrence: WEEKLY, location: "Room Volta" },
  ],
  ["ana.costa", "Finance weekly", 0, "13:30", 45, ["marek.novak", "julia.weiss"], { recurrence: WEEKLY }],
  ["helen.shaw", "People weekly", 2, "10:00", 45, ["david.kim"], { recurrence: WEEKLY, location: "Video" }],
  ["sofia.marin", "1:1 Sofia and Ben", 2, "11:00", 30, ["ben.okafor"], { recurrence: WEEKLY }],
  [
    "sofia.marin",
    "1:1 Sofia and Tom",
    3,
    "11:00",
    30,
    ["tom.becker"],
    { recurrence: WEEKLY, location: "Video" },
  ],
  ["tom.becker", "1:1 Tom and Priya", 2, "15:30", 30, ["priya.nair"], { recurrence: WEEKLY }],
  ["nora.lindqvist", "1:1 Nora and Sofia", 4, "10:00", 30, ["sofia.marin"], { recurrence: FORTNIGHTLY }],
  ["nora.lindqvist", "1:1 Nora and Ana", 4, "11:00", 30, ["ana.costa"], { recurrence: FORTNIGHTLY }],
  ["ana.costa", "1:1 Ana and Marek", 1, "10:00", 30, ["marek.novak"], { recurrence: WEEKLY }],
  ["ana.costa", "1:1 Ana and Julia", 1, "10:45", 30, ["julia.weiss"], { recurrence: WEEKLY }],
  ["helen.shaw", "1:1 Helen and David", 3, "14:00", 30, ["david.kim"], { recurrence: FORTNIGHTLY }],
  ["paul.meyer", "1:1 Paul and Lena", 3, "13:00", 30, ["lena.fischer"], { recurrence: WEEKLY }],
  ["paul.meyer", "1:1 Paul and Omar", 4, "14:00", 30, ["omar.haddad"], { recurrence: WEEKLY }],
  ["lena.fischer", "Patch window", 2, "16:00", 60, [], { recurrence: WEEKLY }],
];

/** Single events of last week, this week and the two weeks after. */
const SINGLE: readonly Row[] = [
  [
    "ben.okafor",
    "Visit Globex: renewal",
    1,
    "10:00",
    120,
    ["karin.vogt@globex.example"],
    { location: "Hamburg, Globex", description: "Bring the warranty offer and the price list." },
  ],
  [
    "ben.okafor",
    "Call with Lumen & Oak",
    3,
    "16:00",
    30,
    ["hanna.reuter@lumen-oak.example"],
    { location: "Phone" },
  ],
  ["ben.okafor", "Prepare Globex offer", 0, "14:00", 90, []],
  ["ben.okafor", "Physiotherapy", 3, "08:00", 45, [], { isPrivate: true }],
  ["ben.okafor", "Sawmill hall: light plan", 8, "13:00", 60, ["omar.haddad"]],
  [
    "ben.okafor",
    "Visit Vantage Clinics",
    9,
    "10:30",
    90,
    ["petra.lang@vantage-clinics.example"],
    { location: "Munich" },
  ],
  [
    "priya.nair",
    "Northwind flagship: site walk",
    2,
    "10:00",
    120,
    ["dana.whitfield@northwind-retail.example"],
    { location: "Leeds" },
  ],
  [
    "priya.nair",
    "Castell Pharma negotiation",
    4,
    "13:00",
    60,
    ["gareth.lowe@castell-pharma.example", "tom.becker"],
    { location: "Video" },
  ],
  ["priya.nair", "School run", 0, "15:30", 45, [], { isPrivate: true }],
  ["priya.nair", "Aldermoor library: questions", 8, "11:00", 45, ["beth.carrow@aldermoor.example"]],
  [
    "tom.becker",
    "Kestrel Aviation hangar 2",
    1,
    "10:00",
    90,
    ["martin.yates@kestrel-aviation.example"],
    { location: "Luton" },
  ],
  ["tom.becker", "Harbour Hotels: tender", 4, "09:30", 60, ["fiona.blake@harbour-hotels.example"]],
  ["tom.becker", "UK quarter plan", 7, "13:00", 90, ["priya.nair", "sofia.marin"]],
  ["tom.becker", "Bank appointment", 2, "12:00", 45, [], { isPrivate: true }],
  [
    "sofia.marin",
    "Meridian Foods: cold store",
    3,
    "13:00",
    60,
    ["anouk.de.wit@meridian-foods.example", "ben.okafor"],
    { location: "Video" },
  ],
  [
    "sofia.marin",
    "Budget review",
    2,
    "14:00",
    60,
    ["ana.costa", "tom.becker"],
    { location: "Room Tesla", description: "Sales budget for the second half." },
  ],
  ["sofia.marin", "Parents' evening", 4, "16:00", 60, [], { isPrivate: true }],
  ["sofia.marin", "Sales training", 9, "09:30", 180, SALES, { location: "Room Edison" }],
  ["nora.lindqvist", "Board preparation", 1, "09:00", 120, ["ana.costa"]],
  ["nora.lindqvist", "Lunch with Helen", 3, "12:30", 60, ["helen.shaw"], { location: "Canteen" }],
  [
    "nora.lindqvist",
    "Board meeting",
    10,
    "10:00",
    240,
    ["ana.costa", "sofia.marin"],
    { location: "Room Tesla" },
  ],
  ["nora.lindqvist", "Doctor", 2, "08:30", 45, [], { isPrivate: true }],
  [
    "ana.costa",
    "Audit kick-off",
    3,
    "10:00",
    90,
    ["marek.novak", "r.hollis@ledger-audit.example"],
    { location: "Room Volta" },
  ],
  ["ana.costa", "Month-end close", 4, "14:00", 120, ["marek.novak"]],
  ["ana.costa", "Dentist", 1, "16:30", 45, [], { isPrivate: true }],
  ["ana.costa", "Forecast with Sofia", 8, "15:00", 45, ["sofia.marin"]],
  ["marek.novak", "VAT return", 2, "09:30", 120, []],
  ["marek.novak", "Gym", 4, "17:00", 60, [], { isPrivate: true }],
  ["marek.novak", "Ledger migration", 9, "14:00", 60, ["lena.fischer"]],
  ["julia.weiss", "Supplier statements", 1, "13:00", 90, []],
  ["julia.weiss", "Invoice questions with Grace", 2, "11:00", 30, ["grace.liu"]],
  ["julia.weiss", "Eye test", 3, "09:00", 45, [], { isPrivate: true }],
  [
    "helen.shaw",
    "Interview: product engineer",
    1,
    "13:00",
    60,
    ["omar.haddad", "paul.meyer"],
    { location: "Video" },
  ],
  ["helen.shaw", "Pay review", 4, "13:00", 60, ["nora.lindqvist"], { isPrivate: true }],
  ["helen.shaw", "Interview: accountant", 8, "10:00", 60, ["ana.costa", "david.kim"], { location: "Video" }],
  ["david.kim", "Onboarding: new colleague", 0, "11:00", 60, ["lena.fischer"], { location: "Room Volta" }],
  ["david.kim", "Benefits questions hour", 3, "11:00", 60, []],
  ["david.kim", "Driving test", 4, "08:30", 60, [], { isPrivate: true }],
  ["paul.meyer", "Factory tour", 2, "13:30", 90, ["grace.liu"]],
  ["paul.meyer", "Delivery planning", 4, "10:30", 60, ["omar.haddad", "ben.carter"]],
  ["paul.meyer", "Blood donation", 1, "08:00", 60, [], { isPrivate: true }],
  ["grace.liu", "Office move: furniture", 1, "11:00", 60, ["paul.meyer", "m.ruiz@officefit.example"]],
  ["grace.liu", "Fire drill", 4, "11:45", 30, ["paul.meyer", "lena.fischer", "ana.costa"]],
  ["grace.liu", "Vet", 3, "16:15", 45, [], { isPrivate: true }],
  ["lena.fischer", "Laptop handover", 1, "14:00", 30, ["david.kim"]],
  ["lena.fischer", "Phishing drill results", 4, "15:00", 45, ["paul.meyer"]],
  ["lena.fischer", "Hairdresser", 0, "16:30", 45, [], { isPrivate: true }],
  ["omar.haddad", "Dimmer prototype", 3, "10:15", 120, ["ben.carter"], { location: "Lab" }],
  ["omar.haddad", "Design review: IP69K fitting", 2, "14:30", 60, ["ben.carter", "paul.meyer"]],
  ["omar.haddad", "Swimming lesson", 1, "16:00", 60, [], { isPrivate: true }],
  ["ben.carter", "Firmware release", 1, "11:00", 60, ["omar.haddad"]],
  ["ben.carter", "Test bench set-up", 7, "10:00", 180, []],
  ["ben.carter", "Landlord", 2, "09:00", 30, [], { isPrivate: true }],
  ["ben.okafor", "Handover from Sofia", -4, "15:00", 45, ["sofia.marin"]],
  ["ana.costa", "Quarter figures", -5, "10:00", 90, ["marek.novak", "nora.lindqvist"]],
];

/** Whole days: first day, number of days. */
const AWAY: readonly (readonly [who: string, title: string, day: number, days: number])[] = [
  ["helen.shaw", "Holiday", 14, 5],
  ["grace.liu", "Holiday", 7, 5],
  ["ben.carter", "Conference: light and building", 9, 2],
];

/**
 * The calendars of the demo company around `now`: this week (on a weekend, the coming one) and the two after,
 * each event at its organizer's own wall-clock time.
 */
export function demoCalendars(now: Date): RecordChange[] {
  const series = SERIES.map((row, i) => change(`evt-series-${i + 1}`, row, now, -4));
  const single = SINGLE.map((row, i) => change(`evt-${i + 1}`, row, now, 0));
  const away = AWAY.map(([who, title, day, days], i): RecordChange => {
    const { id, zone } = personOf(who);
    const start = mondayOf(now, zone).plus({ days: day });
    const event: CalendarEvent = {
      ...PLAIN,
      title,
      start: iso(start),
      end: iso(start.plus({ days })),
      zone,
      organizer: id,
      attendees: [],
      isAllDay: true,
      showAs: "away",
    };
    return { kind: "calendar.event", id: `evt-away-${i + 1}`, data: event };
  });
  return [...series, ...single, ...away];
}

const PLAIN = {
  location: null,
  description: null,
  isPrivate: false,
  isAllDay: false,
  showAs: "busy",
  recurrence: null,
  exceptions: [],
} as const;

function change(id: string, row: Row, now: Date, weeks: number): RecordChange {
  const [who, title, day, clock, minutes, attendees, extra] = row;
  const { id: organizer, zone } = personOf(who);
  const [hour = 9, minute = 0] = clock.split(":").map(Number);
  const start = mondayOf(now, zone).plus({ weeks, days: day }).set({ hour, minute });
  const event: CalendarEvent = {
    ...PLAIN,
    title,
    start: iso(start),
    end: iso(start.plus({ minutes })),
    zone,
    organizer,
    attendees: attendees.map((a) => (a.includes("@") ? a : personOf(a).id)),
    ...extra,
  };
  return { kind: "calendar.event", id, data: event };
}

/** Midnight of the Monday of this week, or of the next when it is Saturday or Sunday. */
function mondayOf(now: Date, zone: string): DateTime {
  const today = DateTime.fromJSDate(now, { zone }).startOf("day");
  const monday = today.startOf("week");
  return today.weekday > 5 ? monday.plus({ weeks: 1 }) : monday;
}

function personOf(mailName: string): { id: string; zone: string } {
  const person = company.people.find((p) => p.id.startsWith(`${mailName}@`));
  if (!person) throw new Error(`demo/people.json names nobody '${mailName}'`);
  return person;
}

function iso(at: DateTime): string {
  return at.toISO({ suppressMilliseconds: true }) ?? "";
}
