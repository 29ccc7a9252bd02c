import { bindTool } from "../../src/types/bind-tool.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { addAttendeeTool } from "./add-attendee.ts";
import { cancelEventTool } from "./cancel-event.ts";
import { createEventTool } from "./create-event.ts";
import { findFreeTimeTool } from "./find-free-time.ts";
import { listEventsTool } from "./list-events.ts";
import { moveEventTool } from "./move-event.ts";

/** The tools of the calendar. */
export const calendarTools: readonly AnyTool[] = [
  bindTool(listEventsTool),
  bindTool(findFreeTimeTool),
  bindTool(createEventTool),
  bindTool(moveEventTool),
  bindTool(cancelEventTool),
  bindTool(addAttendeeTool),
];
