import { z } from "zod";
import type { Tool, ToolContext } from "../../src/types/tool.ts";
import { oneLine, plainText } from "../plain-text.ts";
import { findReceipt, type Step, undoOnce, writeOnce } from "../write-once.ts";
import { EVENT, eventData, eventRef, type Occurrence, participants } from "./calendar-event.ts";
import {
  changeOccurrence,
  eventResource,
  guestContext,
  notOrganizer,
  sayUntold,
  sentences,
} from "./change-event.ts";
import { resolveEvent } from "./resolve-event.ts";
import { sayPeople, sayWhen, sayWhenForAll } from "./say-time.ts";
import { cancelEventManifest } from "./write-manifests.ts";

const schema = z.strictObject({
  event: z.string().min(1).max(200).optional().describe("Id of the event"),
  eventName: z.string().min(1).max(200).optional().describe("Words for the event, when the id is not known"),
  day: z.string().min(1).max(64).optional().describe("The day on which it is"),
  scope: z.enum(["one", "series"]).optional().describe("Of a series: this one (default) or all of them"),
});

type Args = z.infer<typeof schema>;

/** Cancels an event for everybody in it; of a series the one occurrence, or all with `scope: series`. */
export const cancelEventTool: Tool<Args> = {
  name: cancelEventManifest.name,
  manifest: cancelEventManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const resolved = await resolveEvent(args, context);
    if (!resolved.ok) return resolved.result;
    const o = resolved.occurrence;
    const refused = notOrganizer(o, "cancelled", context);
    if (refused) return refused;
    const isSeries = isWholeSeries(args, o);
    const whole: Step = {
      kind: EVENT,
      id: o.recordId,
      before: { version: o.version, data: o.event },
      after: null,
    };
    const steps = isSeries ? [whole] : changeOccurrence(o, null, context).steps;
    const title = plainText(o.event.title);
    return writeOnce(context, steps, {
      summary: sentences(
        isSeries
          ? `Cancelled the whole series **${title}**, next on ${sayWhen(o, context)}.`
          : `Cancelled **${title}** of ${sayWhen(o, context)}.`,
        o.event.recurrence && !isSeries ? "The rest of the series stays." : "",
        sayUntold(o.event.attendees, "tell", context),
      ),
      data: { event: eventData(o, context.principal.zone) },
      records: [eventRef(o)],
    });
  },
  async preview(args, context) {
    const resolved = await resolveEvent(args, context);
    if (!resolved.ok) return resolved.result;
    const o = resolved.occurrence;
    const isSeries = isWholeSeries(args, o);
    return {
      status: "ready",
      line: `Cancel ${isSeries ? "the whole series " : ""}'${oneLine(o.event.title)}'${whom(o, context)}: ${sayWhenForAll(o, context)}`,
      changes: [
        { field: isSeries ? "Series" : "Event", before: sayWhenForAll(o, context), after: "cancelled" },
      ],
      resource: eventResource(o),
      context: guestContext(participants(o.event), o.event.organizer, context),
      risk: "normal",
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The event is back in the calendar."),
};

function isWholeSeries(args: Args, o: Occurrence): boolean {
  return args.scope === "series" && o.event.recurrence !== null;
}

function whom(o: Occurrence, context: ToolContext): string {
  const others = participants(o.event).filter((id) => id !== context.principal.id);
  return others.length > 0 ? ` with ${sayPeople(others, context)}` : "";
}
