import type { Grounds, SaidText } from "../actions/gate.ts";
import { pickOption } from "../models/planner/open-question.ts";
import { readState } from "../models/planner/planner-state.ts";
import { recordsOfFacts } from "../policy/facts-records.ts";
import type { Json } from "../types/json.ts";
import type { ModelMessage } from "../types/model.ts";
import type { Principal } from "../types/principal.ts";
import type { RecordRef } from "../types/record.ts";
import type { SessionEvent } from "../types/session-event.ts";
import type { AssembledContext, TurnDeps } from "./turn-deps.ts";

/** The provider whose questions are made by code, from the directory and the tools' own answers. */
const PLANNER = "offline";

/** What speaks for the arguments of this turn's calls: the person's words and what code found, never the model. */
export function groundsOf(
  deps: TurnDeps,
  context: AssembledContext,
  principal: Principal,
  events: readonly SessionEvent[],
  turn: string,
): Omit<Grounds, "spent"> {
  return {
    principal,
    directory: deps.directory(),
    said: saidTexts(context.messages),
    facts: context.facts,
    focus: context.focus,
    created: [...attachments(context.messages), ...createdIn(deps, events, turn)],
    lookups: lookupsOf(deps, events, turn),
    shown: lastShown(events, turn),
    chosen: chosenIn(events, principal.id),
  };
}

/**
 * The person's messages. The last one is the request; the ones before it belong to it as long as each was met with a
 * question back ("Which Ben?"), so that the answer "Okafor" still carries the verb that it answers for.
 */
function saidTexts(messages: readonly ModelMessage[]): readonly SaidText[] {
  const said: SaidText[] = [];
  let isCurrent = true;
  let wasAsked = false;
  for (const message of messages.toReversed()) {
    if (message.role === "assistant" && message.calls.length === 0)
      wasAsked = message.text.trimEnd().endsWith("?");
    if (message.role === "tool" && message.outcome.status === "asks") wasAsked = true;
    if (message.role !== "user") continue;
    if (said.length > 0) isCurrent &&= wasAsked;
    said.unshift({ text: message.text, at: message.at, isCurrent });
    wasAsked = false;
  }
  return said;
}

function attachments(messages: readonly ModelMessage[]): readonly RecordRef[] {
  return messages.flatMap((message) =>
    message.role === "user" ? message.files.map(({ id, name }) => ({ kind: "file", id, title: name })) : [],
  );
}

type Option = { readonly label: string; readonly value: Json };

/**
 * What the person picked from the answers that the planner offered, its own or a tool's. A chat model's lists do not
 * count, since it may have put anything into them, in any order. A choice holds while one question follows another.
 */
export function chosenIn(events: readonly SessionEvent[], principal: string): ReadonlySet<string> {
  const chosen = new Set<string>();
  let offered: readonly Option[] = [];
  let isAsking = false;
  for (const event of events) {
    if (event.type === "model.answered") {
      const open = event.data.provider === PLANNER ? readState(event.data.state).open : null;
      [offered, isAsking] = [open?.options ?? [], open !== null];
    }
    if (event.type !== "message.received" || event.data.author !== principal) continue;
    if (!isAsking) chosen.clear();
    const picked = pickOption(event.data.text.value, offered);
    for (const value of picked ? [picked.value].flat() : []) chosen.add(String(value));
    offered = [];
    isAsking = false;
  }
  return chosen;
}

type Finished = Extract<SessionEvent, { type: "action.finished" }>;

const succeededIn = (
  events: readonly SessionEvent[],
  isMeant: (event: Finished) => boolean,
): readonly Finished[] =>
  events
    .filter((event) => event.type === "action.finished" && isMeant(event))
    .filter(
      (event): event is Finished =>
        event.type === "action.finished" && event.data.outcome.status === "succeeded",
    );

const isRead = (deps: TurnDeps, tool: string) => deps.tools.get(tool)?.manifest.effect === "read";

function createdIn(deps: TurnDeps, events: readonly SessionEvent[], turn: string): readonly RecordRef[] {
  return succeededIn(events, ({ data }) => data.turn === turn && !isRead(deps, data.tool)).flatMap(
    ({ data }) => recordsOf(data),
  );
}

/** What a tool said it showed or made; of one that says nothing (an MCP server's), what its result names. */
const recordsOf = ({ records, facts }: Finished["data"]): readonly RecordRef[] =>
  records.length > 0 ? records : recordsOfFacts(facts);

function lookupsOf(deps: TurnDeps, events: readonly SessionEvent[], turn: string): Grounds["lookups"] {
  const calls = new Map(
    events.flatMap((event) =>
      event.type === "model.answered" && event.data.turn === turn
        ? event.data.calls.map((call) => [call.id, call.args] as const)
        : [],
    ),
  );
  return succeededIn(events, ({ data }) => data.turn === turn && isRead(deps, data.tool)).map(({ data }) => ({
    args: calls.get(data.call) ?? {},
    records: recordsOf(data),
  }));
}

function lastShown(events: readonly SessionEvent[], turn: string): readonly RecordRef[] {
  return (
    succeededIn(events, ({ data }) => data.turn !== turn && data.records.length > 1).at(-1)?.data.records ??
    []
  );
}
