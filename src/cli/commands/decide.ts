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
  summary: "Say yes, as it stands or with changed arguments",
  usage: "approve ID --as EMAIL [--edit JSON]",
  options: { ...as, edit: { type: "string" } },
  optionHelp: [asHelp, ["--edit JSON", `arguments to change first, e.g. '{"amount": 4200000}'`]],
  positionals: [1, 1],
  run: async (run) => {
    const by = run.as();
    const edit = readEdit(run.text("edit"));
    return answer(run, await (await run.connect()).approve(by, run.positionals[0] ?? "", edit));
  },
};

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
