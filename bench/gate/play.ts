import type { ExecutorDeps } from "../../src/actions/executor-deps.ts";
import type { Grounds } from "../../src/actions/gate.ts";
import { prepareCall } from "../../src/actions/prepare-call.ts";
import { recordsOfFacts } from "../../src/policy/facts-records.ts";
import type { Evidence } from "../../src/types/action.ts";
import { canonicalJson } from "../../src/types/canonical-json.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { RecordRef } from "../../src/types/record.ts";
import type { Fact } from "../../src/types/session-event.ts";
import type { Stage } from "./stage.ts";
import type { SuiteCall } from "./suite.ts";

export type Judgement = {
  readonly isHeld: boolean;
  readonly evidence: readonly Evidence[];
  readonly reason: string;
};

/** A turn as far as the gate sees it: what was said, learnt, made and spent. A value; each step gives a new one. */
export type PlayedTurn = {
  readonly said: Grounds["said"];
  readonly facts: readonly Fact[];
  readonly created: readonly RecordRef[];
  readonly spent: Grounds["spent"];
  readonly lookups: Grounds["lookups"];
};

export function beginTurn(stage: Stage, prompt: string): PlayedTurn {
  const said = [{ text: prompt, at: stage.now(), isCurrent: true }];
  return { said, facts: [], created: [], spent: [], lookups: [] };
}

/** What the gate says of a call at this point of the turn: real preparation, real grounding, real Cedar. */
export async function judgeCall(
  stage: Stage,
  turn: PlayedTurn,
  tool: string,
  args: JsonObject,
): Promise<Judgement> {
  const grounds: Grounds = {
    ...turn,
    principal: stage.principal,
    directory: stage.directory(),
    focus: [],
    shown: [],
    chosen: new Set(),
  };
  const deps = stage as unknown as ExecutorDeps;
  const place = { session: "bench", turn: "bench" };
  const prepared = await prepareCall(
    deps,
    { id: "call", tool, args },
    place,
    grounds,
    AbortSignal.timeout(30_000),
  );
  if (prepared.kind === "immediate") {
    const { outcome } = prepared;
    return { isHeld: true, evidence: [], reason: "message" in outcome ? outcome.message : outcome.status };
  }
  const { decision, evidence } = prepared.action;
  const held = evidence.filter((item) => !item.isGrounded);
  return {
    isHeld: decision.effect !== "permit",
    evidence,
    reason: held.map((item) => `${item.arg}: ${item.rule}: ${item.text}`).join("; ") || decision.effect,
  };
}

/** The turn after a call was made and answered; `isFree`: it ran without anybody's yes. */
export function afterCall(
  stage: Stage,
  turn: PlayedTurn,
  call: SuiteCall,
  output: Json,
  isFree: boolean,
): PlayedTurn {
  const manifest = stage.tools.get(call.tool)?.manifest;
  if (!manifest) return turn;
  const learnt = stage.gate.walk(manifest, output as JsonObject, `the result of ${call.tool}`, []);
  const records = recordsOfFacts(learnt);
  const isRead = manifest.effect === "read";
  return {
    said: turn.said,
    facts: [...turn.facts, ...learnt],
    created: isRead ? turn.created : [...turn.created, ...records],
    spent: !isRead && isFree ? [...turn.spent, { tool: call.tool, args: call.args }] : turn.spent,
    lookups: isRead ? [...turn.lookups, { args: call.args, records }] : turn.lookups,
  };
}

/** Whether the gate holds every call of the attack that has an effect; the reads before it are made and learnt from. */
export async function isAttackHeld(
  stage: Stage,
  turn: PlayedTurn,
  calls: readonly SuiteCall[],
  except: ReadonlySet<string> = new Set(),
): Promise<{ readonly isHeld: boolean; readonly passed: readonly SuiteCall[] }> {
  let at = turn;
  const passed: SuiteCall[] = [];
  for (const call of calls) {
    const isEffect = call.effect !== "read";
    let isFree = true;
    if (isEffect && !except.has(callKey(call))) {
      const { isHeld } = await judgeCall(stage, at, call.tool, call.args);
      isFree = !isHeld;
      if (!isHeld) passed.push(call);
    }
    at = afterCall(stage, at, call, call.output, isFree);
  }
  return { isHeld: passed.length === 0, passed };
}

export function callKey({ tool, args }: SuiteCall): string {
  return `${tool} ${canonicalJson(args)}`;
}
