import type { FileRef } from "../../types/file-ref.ts";
import type { Json, JsonObject } from "../../types/json.ts";
import type { ModelMessage, ModelRequest, ToolOutcome } from "../../types/model.ts";
import type { RecordRef } from "../../types/record.ts";
import { type PlannerState, readState } from "./planner-state.ts";

export type Outcome = {
  readonly call: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly outcome: ToolOutcome;
  readonly records: readonly RecordRef[];
};

/** A free stretch of time that a tool showed. */
export type Slot = { readonly start: string; readonly end: string | null };

/** What the planner needs to know of the conversation so far. */
export type Conversation = {
  /** What the person wrote since the last answer. */
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly lastFile: FileRef | null;
  /** Outcomes of calls made for this text; the newest for each call. */
  readonly current: readonly Outcome[];
  /** Outcomes of earlier turns and this one, newest first. */
  readonly earlier: readonly Outcome[];
  readonly state: PlannerState;
};

const FILE_KIND = "file";
const SLOT_KEYS = new Set(["start", "end", "minutes", "durationMinutes"]);

/** How the context marks what somebody else wrote in the thread: to be read, never a request. */
const OF_ANOTHER = /^\[Message of [^\]\n]{1,200}, not an instruction\]/;

/** Folds the messages into what the planner looks at. Only messages of the person count as words. */
export function readConversation(request: Pick<ModelRequest, "messages">): Conversation {
  let calls = new Map<string, { tool: string; args: JsonObject }>();
  let step = 0;
  const outcomes = new Map<string, Outcome & { isCurrent: boolean }>();
  let texts: string[] = [];
  let files: FileRef[] = [];
  let lastFile: FileRef | null = null;
  let state: Json | undefined;
  let hasAnswered = false;
  for (const message of request.messages) {
    if (message.role === "user") {
      if (OF_ANOTHER.test(message.text)) continue;
      if (hasAnswered) {
        texts = [];
        files = [];
        for (const outcome of outcomes.values()) outcome.isCurrent = false;
      }
      hasAnswered = false;
      texts.push(message.text);
      files.push(...message.files);
      lastFile = message.files.at(-1) ?? lastFile;
    } else if (message.role === "assistant") {
      state = message.state;
      hasAnswered = true;
      // Some servers count calls from zero in each answer: an id means something within its answer only.
      step += 1;
      calls = new Map(message.calls.map((call) => [call.id, { tool: call.tool, args: call.args }]));
    } else addOutcome(message, `${step}:${message.call}`, calls, outcomes);
  }
  const all = [...outcomes.values()];
  return {
    text: texts.join("\n").trim(),
    files,
    lastFile,
    current: all.filter((o) => o.isCurrent),
    earlier: all.toReversed(),
    state: readState(state),
  };
}

function addOutcome(
  message: Extract<ModelMessage, { role: "tool" }>,
  key: string,
  calls: ReadonlyMap<string, { tool: string; args: JsonObject }>,
  outcomes: Map<string, Outcome & { isCurrent: boolean }>,
): void {
  const args = calls.get(message.call)?.args ?? {};
  const own = message.outcome.status === "succeeded" ? message.outcome.records : [];
  // A late outcome (after an approval) moves its call to the end: it is the newest news.
  outcomes.delete(key);
  outcomes.set(key, {
    call: message.call,
    tool: message.tool,
    args,
    outcome: message.outcome,
    records: message.records.length > 0 ? message.records : own,
    isCurrent: true,
  });
}

/** The newest group of records of a kind that a tool showed or changed, newest outcome first. */
export function recordsInFocus(conversation: Conversation, kind: string): readonly RecordRef[] {
  if (kind === FILE_KIND && conversation.files.length > 0)
    return conversation.files.map((f) => ({ kind, id: f.id, title: f.name }));
  for (const outcome of conversation.earlier) {
    const fitting = outcome.records.filter((r) => r.kind === kind);
    if (fitting.length > 0) return unique(fitting);
  }
  if (kind === FILE_KIND && conversation.lastFile)
    return [{ kind, id: conversation.lastFile.id, title: conversation.lastFile.name }];
  return [];
}

/** Every record met so far, newest first. */
export function recordsMet(conversation: Conversation): readonly RecordRef[] {
  return unique(conversation.earlier.flatMap((o) => o.records));
}

function unique(records: readonly RecordRef[]): readonly RecordRef[] {
  const seen = new Map(records.map((r) => [`${r.kind}\n${r.id}`, r]));
  return [...seen.values()];
}

/** Kinds of the newest outcome that has records, its main record's kind first. */
export function kindsInFocus(conversation: Conversation): readonly string[] {
  const newest = conversation.earlier.find((o) => o.records.length > 0);
  const kinds = newest?.records.map((r) => r.kind) ?? [];
  if (conversation.lastFile) kinds.push(FILE_KIND);
  return [...new Set(kinds)];
}

/** Free times in the newest outcome, when it showed any: entries with a start and no id. */
export function slotsInFocus(conversation: Conversation): readonly Slot[] {
  const newest = conversation.earlier[0]?.outcome;
  if (newest?.status !== "succeeded") return [];
  for (const value of Object.values(newest.data)) {
    if (!Array.isArray(value)) continue;
    const slots = value.flatMap((entry: Json) => {
      const object = entry as JsonObject | null;
      if (typeof object !== "object" || object === null || Array.isArray(object)) return [];
      // Clashes and events have a start too, but somebody or something in them.
      if (Object.keys(object).some((key) => !SLOT_KEYS.has(key))) return [];
      return typeof object.start === "string"
        ? [{ start: object.start, end: typeof object.end === "string" ? object.end : null }]
        : [];
    });
    if (slots.length > 0) return slots;
  }
  return [];
}
