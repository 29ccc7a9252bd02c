import { z } from "zod";
import type { Tool, ToolContext } from "../../src/types/tool.ts";
import { askPeople } from "../people/ask-person.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { findReceipt, undoOnce, writeOnce } from "../write-once.ts";
import { type Clash, clashData, findClashes } from "./agenda.ts";
import { type CalendarEvent, eventData, eventRef, type Occurrence, takesPart } from "./calendar-event.ts";
import { changeOccurrence, eventResource, guestContext, sayUntold, sentences } from "./change-event.ts";
import { type Refused, resolveEvent } from "./resolve-event.ts";
import { sayClashes, sayPeople, sayWhen, sayWhenForAll } from "./say-time.ts";
import { addAttendeeManifest } from "./write-manifests.ts";

const schema = z.strictObject({
  event: z.string().min(1).max(200).optional().describe("Id of the event"),
  eventName: z.string().min(1).max(200).optional().describe("Words for the event, when the id is not known"),
  day: z.string().min(1).max(64).optional().describe("The day on which it is"),
  attendees: z.array(z.string().min(1).max(200)).min(1).max(50).describe("Names, titles or e-mails to add"),
});

type Args = z.infer<typeof schema>;
type Plan =
  | {
      readonly ok: true;
      readonly from: Occurrence;
      readonly event: CalendarEvent;
      readonly added: readonly string[];
      readonly clashes: readonly Clash[];
    }
  | { readonly ok: false; readonly result: Refused };

const MAX_ATTENDEES = 200;

/** Invites more people to an event that the requester takes part in. */
export const addAttendeeTool: Tool<Args> = {
  name: addAttendeeManifest.name,
  manifest: addAttendeeManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const plan = await planGuests(args, context);
    if (!plan.ok) return plan.result;
    const { from, event, added, clashes } = plan;
    const { steps, rid } = changeOccurrence(from, event, context);
    const now = { ...from, event, rid };
    return writeOnce(context, steps, {
      summary: sentences(
        `Added ${sayPeople(added, context)} to **${plainText(event.title)}**, ${sayWhen(from, context)}.`,
        from.event.recurrence ? "Only to this one of the series." : "",
        sayClashes(clashes, context),
        sayUntold(added, "invite", context),
      ),
      data: {
        event: eventData(now, context.principal.zone),
        added: [...added],
        clashes: clashData(clashes, context.principal.zone),
      },
      records: [
        eventRef(now),
        ...added.map((id) => ({ kind: "person", id, title: context.directory.find(id)?.name ?? id })),
      ],
    });
  },
  async preview(args, context) {
    const plan = await planGuests(args, context);
    if (!plan.ok) return plan.result;
    const { from, event, added, clashes } = plan;
    const clash = sayClashes(clashes, context);
    return {
      status: "ready",
      line: `Add ${sayPeople(added, context)} to '${oneLine(event.title)}', ${sayWhenForAll(from, context)}`,
      changes: [
        {
          field: "Attendees",
          before: from.event.attendees.length > 0 ? sayPeople(from.event.attendees, context) : null,
          after: sayPeople(event.attendees, context),
        },
        ...(clash ? [{ field: "Clash", before: null, after: clash }] : []),
      ],
      resource: eventResource(from),
      context: guestContext(added, from.event.organizer, context),
      risk: "normal",
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The invitation was taken back."),
};

async function planGuests(args: Args, context: ToolContext): Promise<Plan> {
  const asked = askPeople("attendees", args.attendees, context);
  if (!asked.ok) return asked;
  const resolved = await resolveEvent(args, context);
  if (!resolved.ok) return resolved;
  const from = resolved.occurrence;
  const title = oneLine(from.event.title);
  if (!takesPart(from.event, context.principal.id)) {
    return failed(
      "CAL-403",
      `You are not in '${title}', so you cannot invite others to it. Nothing was changed. Ask ${sayPeople([from.event.organizer], context)}, who called it.`,
    );
  }
  if (from.end.toMillis() <= context.now.getTime()) {
    return failed(
      "CAL-410",
      `'${title}' is over (${sayWhen(from, context)}). Nothing was changed. Name an event to come.`,
    );
  }
  const added = asked.people.map((p) => p.id).filter((id) => !takesPart(from.event, id));
  if (added.length === 0) {
    const who = sayPeople(
      asked.people.map((p) => p.id),
      context,
    );
    return failed(
      "CAL-409",
      `Already in '${title}', ${sayWhen(from, context)}: ${who || "nobody new"}. Nothing was changed.`,
    );
  }
  const attendees = [...from.event.attendees, ...added];
  if (attendees.length > MAX_ATTENDEES) {
    return failed("CAL-422", `An event can have ${MAX_ATTENDEES} attendees at most. Nothing was changed.`);
  }
  const known = added.filter((id) => context.directory.find(id));
  const clashes = await findClashes(known, from.start, from.end, from.rid, context);
  return {
    ok: true,
    from,
    event: { ...from.event, attendees, start: iso(from, "start"), end: iso(from, "end") },
    added,
    clashes,
  };
}

/** Times of the taking place itself: those of the record are the series' first. */
function iso(o: Occurrence, side: "start" | "end"): string {
  return o.event.recurrence
    ? (o[side].setZone(o.event.zone).toISO({ suppressMilliseconds: true }) ?? "")
    : o.event[side];
}

function failed(code: string, message: string): { ok: false; result: Refused } {
  return { ok: false, result: { status: "failed", code, message } };
}
