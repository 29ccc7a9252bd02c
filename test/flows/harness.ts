import { z } from "zod";
import type { Gate } from "../../src/actions/gate.ts";
import type { RoutedChunk, TurnDeps } from "../../src/agent/turn-deps.ts";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { readAskResult } from "../../src/flows/ask-result.ts";
import { createSessionWorker, type SessionWorker } from "../../src/flows/session-worker.ts";
import type { Db } from "../../src/store/db.ts";
import { createRecords } from "../../src/store/records/records.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import { bindTool } from "../../src/types/bind-tool.ts";
import type { ModelMessage, ModelRequest, ToolCall, ToolOutcome } from "../../src/types/model.ts";
import type { Directory, Principal } from "../../src/types/principal.ts";
import type { SessionEvent } from "../../src/types/session-event.ts";
import type { AnyTool, ToolManifest } from "../../src/types/tool.ts";
import { readNewestTurn } from "../setup/read-log.ts";

const person = (id: string, groups: readonly string[]): Principal => ({
  id: `${id}@acme.example`,
  name: id.charAt(0).toUpperCase() + id.slice(1),
  title: "",
  manager: null,
  groups: ["everyone", ...groups],
  zone: "UTC",
  locale: "en-GB",
});

export const ALICE = person("alice", ["staff"]);
export const BOB = person("bob", ["bosses"]);
export const CAROL = person("carol", ["bosses"]);
const PEOPLE = [ALICE, BOB, CAROL];

export const DIRECTORY: Directory = {
  people: PEOPLE,
  domains: ["acme.example"],
  groupTitles: { bosses: "a boss", requester: "the person who asked" },
  find: (id) => PEOPLE.find((one) => one.id === id) ?? null,
  inGroup: (group) => PEOPLE.filter((one) => one.groups.includes(group)),
};

const OWN = {
  integrity: "user",
  sensitivity: "internal",
  source: "your message",
  readers: ["everyone"],
} as const;

/** Small amounts pass, larger ones need bosses, huge ones never. */
export const GATE: Gate = {
  version: () => "policy-1",
  ground: (_, args) => ({
    evidence: Object.keys(args).map((arg) => ({
      arg,
      isGrounded: true,
      rule: "G1",
      text: "from your message",
    })),
    args: Object.fromEntries(Object.entries(args).map(([arg, value]) => [arg, { value, label: OWN }])),
  }),
  decide: ({ context, approvals, manifest }) => {
    const amount = Number(context.amount ?? 0);
    if (manifest.effect === "read") return { effect: "permit", rules: ["read"] };
    if (amount >= 1_000)
      return { effect: "forbid", rules: ["too-much"], reason: "Nobody may spend that much." };
    const needed = amount >= 500 ? 2 : amount >= 100 ? 1 : 0;
    if ((approvals.bosses ?? 0) >= needed) return { effect: "permit", rules: ["spend"] };
    return {
      effect: "ask",
      rules: ["needs-boss"],
      approvers: { bosses: needed },
      withinMs: 3_600_000,
      reasons: ["Large."],
    };
  },
  mayApprove: (approver, { requester }) =>
    approver.id === requester
      ? { isAllowed: false, reason: "Not your own." }
      : { isAllowed: true, reason: "" },
  walk: () => [],
};

const manifest = (name: string, effect: ToolManifest["effect"]): ToolManifest => ({
  name,
  title: name,
  description: name,
  effect,
  verbs: ["spend"],
  args: { amount: { role: "amount", label: "Amount" } },
  output: {},
  idempotency: "key",
  compensate: effect === "read" ? null : { windowMs: 60_000, note: "" },
  examples: [],
});

/** A purse in the records: each key spends once; `hooks.during` runs in the middle of a spend. */
export function purseTools(hooks: {
  during?: () => Promise<void>;
  runs: number;
  idempotency?: "key" | "none";
  /** What the card says instead of the amount. */
  line?: string | undefined;
}): readonly AnyTool[] {
  const schema = z.strictObject({ amount: z.number() });
  return [
    bindTool<{ amount: number }>({
      name: "purse.look",
      manifest: manifest("purse.look", "read"),
      schema,
      run: async () => ({ status: "succeeded", summary: "Looked.", data: {}, records: [] }),
    }),
    bindTool<{ amount: number }>({
      name: "purse.spend",
      manifest: { ...manifest("purse.spend", "write"), idempotency: hooks.idempotency ?? "key" },
      schema,
      preview: async ({ amount }) => ({
        status: "ready",
        line: hooks.line ?? `Spend ${amount}`,
        changes: [],
        resource: { id: "purse", title: "purse", attributes: {} },
        context: { amount },
        risk: "normal",
      }),
      run: async ({ amount }, { records, key }) => {
        hooks.runs += 1;
        await hooks.during?.();
        await records.write(key, [{ kind: "spent", id: key, data: { amount } }]);
        return { status: "succeeded", summary: `Spent ${amount}.`, data: {}, records: [], undo: { key } };
      },
      reconcile: async ({ amount }, { records, key }) =>
        (await records.hasWritten(key))
          ? { status: "succeeded", summary: `Spent ${amount}.`, data: {}, records: [], undo: { key } }
          : null,
      undo: async (done, { records, key }) => {
        await records.write(key, [{ kind: "spent", id: String(done.key), data: null }]);
        return { status: "succeeded", summary: "Taken back.", data: {}, records: [] };
      },
    }),
  ];
}

/** "spend 50, look" makes those calls; with their outcomes in hand it says them. */
export async function* scriptedModel(request: ModelRequest): AsyncIterable<RoutedChunk> {
  const last = request.messages.at(-1);
  const calls: ToolCall[] = [];
  let text = "Hello.";
  if (last?.role === "user") {
    if (last.text.includes("explode")) throw new Error("the model room is on fire");
    for (const [index, match] of [...last.text.matchAll(/(spend|look) ?(\d*)/g)].entries()) {
      calls.push({ id: `c${index}`, tool: `purse.${match[1]}`, args: { amount: Number(match[2] || 0) } });
    }
  } else {
    const asked = request.messages.findLastIndex((message) => message.role === "user");
    const outcomes = request.messages
      .slice(asked)
      .filter((message) => message.role === "tool" && !message.isTold);
    text = outcomes.map((message) => (message.role === "tool" ? outcomeText(message.outcome) : "")).join(" ");
  }
  yield {
    type: "done",
    text: calls.length > 0 ? "" : text,
    calls,
    citations: [],
    state: null,
    usage: { inputTokens: 1, outputTokens: 1 },
    route: "stub",
    provider: "stub",
    model: "stub",
    note: null,
    costMicros: null,
  };
}

function outcomeText(outcome: ToolOutcome): string {
  if (outcome.status === "succeeded") return outcome.summary;
  return outcome.status === "asks" ? outcome.question : outcome.message;
}

function assemble({ events }: { readonly events: readonly SessionEvent[] }) {
  const messages: ModelMessage[] = [];
  for (const event of events) {
    if (event.type === "message.received") {
      messages.push({ role: "user", text: event.data.text.value, at: event.at, files: event.data.files });
    } else if (event.type === "model.answered") {
      messages.push({
        role: "assistant",
        text: event.data.text,
        calls: event.data.calls,
        state: event.data.state,
      });
    } else if (event.type === "action.finished") {
      const { call, tool, outcome, records } = event.data;
      messages.push({ role: "tool", call, tool, outcome, records });
    }
  }
  return { messages, facts: [], focus: [], sensitivity: "internal" as const };
}

export type House = {
  readonly db: Db;
  readonly deps: TurnDeps;
  readonly worker: SessionWorker;
  readonly errors: unknown[];
  /** Says something as Alice and waits for the turn's end. */
  ask(text: string, session?: string): Promise<AskResult>;
  say(text: string, session?: string | null, dedupe?: string): Promise<string>;
  /** Waits until `check` gives something. */
  until<T>(check: () => Promise<T | null | undefined | false>): Promise<T>;
  spent(): Promise<number>;
};

/** A whole runtime over `db` with the purse, the simple gate and the scripted model. */
export function openHouse(
  db: Db,
  hooks: Parameters<typeof purseTools>[0],
  options: {
    leaseMs?: number;
    owner?: string;
    gate?: Gate;
    directory?: () => Directory;
    tools?: (deps: () => TurnDeps) => readonly AnyTool[];
  } = {},
): House {
  const records = createRecords(db);
  const errors: unknown[] = [];
  const deps: TurnDeps = {
    db,
    gate: options.gate ?? GATE,
    tools: new Map(
      [...purseTools(hooks), ...(options.tools?.(() => deps) ?? [])].map((tool) => [tool.name, tool]),
    ),
    records,
    files: { read: async () => null },
    directory: options.directory ?? (() => DIRECTORY),
    now: () => new Date(),
    metrics: createMetrics(),
    complete: scriptedModel,
    retrieve: async () => [],
    assemble,
    renderPrompt: () => ({ text: "", version: "1" }),
    onDelta: () => {},
    onApproval: () => {},
    limits: { maxSteps: 6, maxCalls: 8, maxTokens: 10_000, maxCostMicros: 10_000 },
  };
  const owner = options.owner ?? "test";
  const leaseMs = options.leaseMs ?? 10_000;
  const worker = createSessionWorker({
    deps,
    owner,
    leaseMs,
    pollMs: 100,
    onError: (error) => errors.push(error),
  });
  let count = 0;
  const until = async <T>(check: () => Promise<T | null | undefined | false>): Promise<T> => {
    const end = Date.now() + 15_000;
    for (;;) {
      const found = await check();
      if (found) return found;
      if (Date.now() > end) throw new Error("what was waited for did not come");
      await new Promise((go) => setTimeout(go, 10));
    }
  };
  const say = async (text: string, session: string | null = null, dedupe?: string) => {
    count += 1;
    const accepted = await acceptMessage(
      db,
      {
        dedupe: dedupe ?? `${owner}-${count}-${text}`,
        thread: { channel: "web", conversation: ALICE.id, thread: session ?? "" },
        session,
        principal: ALICE.id,
        text,
        files: [],
      },
      owner,
      leaseMs,
    );
    if (accepted.claimed) worker.take(accepted.claimed);
    return accepted.session;
  };
  const ask = async (text: string, session?: string) => {
    const id = await say(text, session ?? null);
    return await until(async () => {
      const turn = await readNewestTurn(db, id);
      const [open] = await db.query("select 1 from inbox where session_id = $1 and state = 'new'", [id]);
      return turn && !open ? await readAskResult(db, id, turn) : null;
    });
  };
  return {
    db,
    deps,
    worker,
    errors,
    ask,
    say,
    until,
    spent: async () => (await records.list("spent")).length,
  };
}
