import { z } from "zod";
import type { CardAnswer } from "../../api/ports.ts";
import type { Card } from "../../types/card.ts";
import type { Json } from "../../types/json.ts";
import { type Command, type Run, UsageError } from "../command.ts";
import { cut, plain, table } from "../format.ts";

const as = { as: { type: "string" } } as const;
const asHelp = ["--as EMAIL", "who decides"] as const;
const RESOLUTIONS = ["check", "retry", "give-up"] as const;

export const approvalsCommand: Command = {
  name: "approvals",
  summary: "What waits for a person's decision",
  usage: "approvals --as EMAIL",
  options: as,
  optionHelp: [["--as EMAIL", "whose"]],
  positionals: [0, 0],
  run: async (run) => {
    const approvals = await (await run.connect()).approvals(run.as());
    run.answer({ approvals }, () => listCards(approvals.map(({ card }) => card)));
    return 0;
  },
};

export const approveCommand: Command = {
  name: "approve",
  summary: "Say yes: to one as it stands or with changed arguments, or to several",
  usage: "approve ID --as EMAIL [--edit JSON | --grant-until TIME] | approve ID ID… --as EMAIL",
  options: { ...as, edit: { type: "string" }, "grant-until": { type: "string" } },
  optionHelp: [
    asHelp,
    ["--edit JSON", `arguments to change first, e.g. '{"amount": 4200000}'`],
    ["--grant-until TIME", "do not ask me again for the like until then, 30 days at most"],
  ],
  positionals: [1, 100],
  run: async (run) => {
    const by = run.as();
    const edit = readEdit(run.text("edit"));
    const until = run.text("grant-until");
    const [only = "", ...others] = run.positionals;
    if (others.length > 0) {
      if (edit !== null || until !== null) throw new UsageError("Several are approved as they stand.");
      return await approveAll(run, by);
    }
    if (until === null) return answer(run, await (await run.connect()).approve(by, only, edit));
    const grantUntil = new Date(until);
    if (Number.isNaN(grantUntil.getTime()))
      throw new UsageError("--grant-until is not a time, e.g. 2026-12-04.");
    const more = { grantUntil: grantUntil.toISOString() };
    return answer(run, await (await run.connect()).approve(by, only, edit, more));
  },
};

/** As they are shown now: what changes in between is refused by its digest. */
async function approveAll(run: Run, by: string): Promise<number> {
  const ports = await run.connect();
  const items = (await ports.approvals(by)).flatMap(({ card }) => card.items);
  const digests = new Map(items.map((item) => [item.approval, item.digest]));
  const { results } = await ports.approveAll(
    by,
    [...new Set(run.positionals)].map((id) => ({ id, digest: digests.get(id) ?? NOT_SEEN })),
  );
  run.answer({ results }, () =>
    results.map((one) => `${one.ok ? "ok" : "NOT DONE"}  ${one.id}  ${cut(one.message, 100)}`).join("\n"),
  );
  return results.every((one) => one.ok) ? 0 : 1;
}

/** The digest of nothing: one that is not on the list is refused, with the reason. */
const NOT_SEEN = "0".repeat(64);

export const refuseCommand: Command = {
  name: "refuse",
  summary: "Say no, with the reason for the requester",
  usage: "refuse ID --as EMAIL --reason TEXT",
  options: { ...as, reason: { type: "string" } },
  optionHelp: [asHelp, ["--reason TEXT", "told to the person who asked"]],
  positionals: [1, 1],
  run: async (run) => {
    const by = run.as();
    const reason = run.text("reason");
    if (!reason?.trim()) throw new UsageError("A refusal needs a --reason.");
    return answer(run, await (await run.connect()).refuse(by, run.positionals[0] ?? "", reason.trim()));
  },
};

export const undoCommand: Command = {
  name: "undo",
  summary: "Undo an action while it can be undone",
  usage: "undo ACTION --as EMAIL",
  options: as,
  optionHelp: [["--as EMAIL", "who undoes it"]],
  positionals: [1, 1],
  run: async (run) => {
    const by = run.as();
    return answer(run, await (await run.connect()).undo(by, run.positionals[0] ?? ""));
  },
};

export const resolveCommand: Command = {
  name: "resolve",
  summary: "Say what to do with an action whose outcome is unknown",
  usage: `resolve ACTION ${RESOLUTIONS.join("|")} --as EMAIL`,
  options: as,
  optionHelp: [asHelp],
  positionals: [2, 2],
  run: async (run) => {
    const by = run.as();
    const choice = RESOLUTIONS.find((one) => one === run.positionals[1]);
    if (!choice) throw new UsageError(`The choices are ${RESOLUTIONS.join(", ")}.`);
    return answer(run, await (await run.connect()).resolve(by, run.positionals[0] ?? "", choice));
  },
};

export const whyCommand: Command = {
  name: "why",
  summary: "The record of an action in words",
  usage: "why ACTION --as EMAIL",
  options: as,
  optionHelp: [["--as EMAIL", "who asks"]],
  positionals: [1, 1],
  run: async (run) => {
    const by = run.as();
    const text = await (await run.connect()).why(by, run.positionals[0] ?? "");
    run.answer({ text }, () => plain(text));
    return 0;
  },
};

function answer(run: Run, result: CardAnswer): number {
  run.answer(result, () => `${plain(result.message)}\n\n${listCards([result.card])}`);
  return 0;
}

function readEdit(text: string | null): Readonly<Record<string, Json>> | null {
  if (text === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError("--edit is not valid JSON.");
  }
  const edit = z.record(z.string(), z.json()).safeParse(parsed);
  if (!edit.success) throw new UsageError("--edit must be a JSON object of argument names and values.");
  return edit.data;
}

function listCards(cards: readonly Card[]): string {
  const rows = cards.flatMap((card) =>
    card.items.map((item) => [
      item.approval ?? item.action,
      item.status,
      item.expiresAt?.slice(0, 16).replace("T", " ") ?? "",
      card.requester.name,
      cut(item.outcome ?? item.line, 80),
    ]),
  );
  return table(["Id", "State", "Until (UTC)", "Asked by", "What"], rows) || "Nothing waits for you.";
}
