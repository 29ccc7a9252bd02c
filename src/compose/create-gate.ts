import type { Gate, Grounds } from "../actions/gate.ts";
import { decide } from "../policy/decide.ts";
import { decisionRequest } from "../policy/decision-request.ts";
import { groundArguments, targetOf } from "../policy/ground-arguments.ts";
import { labelArguments } from "../policy/label-arguments.ts";
import { createLedger, type Ledger } from "../policy/ledger.ts";
import type { PolicySet } from "../policy/load-policies.ts";
import { mayApprove } from "../policy/may-approve.ts";
import { readUserTexts, type UserWords } from "../policy/user-words.ts";
import { walkResult } from "../policy/walk-result.ts";
import type { Principal } from "../types/principal.ts";
import type { AnyTool } from "../types/tool.ts";

/** The gate over whatever policy set is in force when it is asked. */
export function createGate(policies: () => PolicySet, tools: ReadonlyMap<string, AnyTool>): Gate {
  // A turn hands over the same lists at each of its calls; reading them is ten times a call's own cost.
  const ledgers = new WeakMap<Grounds["facts"], Ledger>();
  const words = new WeakMap<Grounds["said"], { readonly of: string; readonly said: UserWords }>();
  const ledgerOf = (facts: Grounds["facts"]): Ledger => {
    const known = ledgers.get(facts) ?? createLedger(facts);
    ledgers.set(facts, known);
    return known;
  };
  const saidBy = (said: Grounds["said"], { zone, locale }: Principal): UserWords => {
    const of = `${zone} ${locale}`;
    const known = words.get(said);
    if (known?.of === of) return known.said;
    const read = readUserTexts(said, zone, locale);
    words.set(said, { of, said: read });
    return read;
  };
  return {
    version: () => policies().version,
    ground: (manifest, args, grounds) => {
      const { principal, directory, facts, focus, created, lookups, shown } = grounds;
      const ledger = ledgerOf(facts);
      const evidence = groundArguments({
        manifest,
        args,
        said: saidBy(grounds.said, principal),
        ledger,
        focus,
        created,
        directory,
        principal,
        lookups,
        shown,
        chosen: grounds.chosen,
        unapprovedCalls: grounds.spent.map((call) => {
          const spent = tools.get(call.tool)?.manifest;
          return { tool: call.tool, target: spent ? targetOf(spent, call.args) : "" };
        }),
      });
      return { evidence, args: labelArguments(args, evidence, ledger).args };
    },
    // By name: an action that waited is handed over whole, and its other fields are not the call's.
    decide: ({ grounded: { args, evidence }, ...call }) => {
      const decision = decide(policies(), decisionRequest({ ...call, args, evidence }));
      const isUnruled = decision.effect === "forbid" && decision.rules.length === 0;
      // People know what they asked for, not what the tool is called.
      return isUnruled ? { ...decision, reason: `No rule permits you to ${call.manifest.title}.` } : decision;
    },
    mayApprove: (approver, request) => {
      const answer = mayApprove(policies(), approver, request);
      return { isAllowed: answer.ok, reason: answer.ok ? "" : answer.reason };
    },
    walk: (manifest, data, source, records) => walkResult(manifest, data, source, records),
  };
}
