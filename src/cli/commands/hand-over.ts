import type { DelegationInfo, GrantInfo } from "../../api/vote-ports.ts";
import { type Command, UsageError } from "../command.ts";
import { cut, plain, table } from "../format.ts";

const as = { as: { type: "string" } } as const;
const utc = (iso: string) => iso.slice(0, 16).replace("T", " ");

export const delegateCommand: Command = {
  name: "delegate",
  summary: "Let a colleague approve and refuse in your place for a while",
  usage: "delegate COLLEAGUE --until TIME --as EMAIL",
  options: { ...as, until: { type: "string" } },
  optionHelp: [
    ["--as EMAIL", "whose vote it is"],
    ["--until TIME", "a day such as 2026-12-04 (to its end) or a time; 30 days at most"],
  ],
  positionals: [1, 1],
  run: async (run) => {
    const from = run.as();
    const until = run.text("until");
    if (!until) throw new UsageError("Say until when with --until TIME.");
    const made = await (await run.connect()).delegate(from, {
      to: (run.positionals[0] ?? "").trim().toLowerCase(),
      until,
    });
    run.answer(made, () =>
      plain(
        `${made.to.name} can now decide for ${made.from.name} until ${utc(made.until)} UTC (${made.id}).`,
      ),
    );
    return 0;
  },
};

export const delegationsCommand: Command = {
  name: "delegations",
  summary: "Who decides for whom, and taking one's vote back",
  usage: "delegations --as EMAIL | delegations revoke ID --as EMAIL",
  options: as,
  optionHelp: [["--as EMAIL", "whose"]],
  positionals: [0, 2],
  run: async (run) => {
    const by = run.as();
    const [what, id] = run.positionals;
    if (what === undefined) {
      const delegations = await (await run.connect()).delegations(by);
      run.answer({ delegations }, () => listDelegations(delegations));
      return 0;
    }
    if (what !== "revoke" || id === undefined) throw new UsageError("Say revoke with an id, or nothing.");
    const ended = await (await run.connect()).revokeDelegation(by, id);
    run.answer(ended, () => plain(`${ended.to.name} no longer decides for ${ended.from.name}.`));
    return 0;
  },
};

export const grantsCommand: Command = {
  name: "grants",
  summary: "Standing yeses: what is approved ahead, by whom, until when",
  usage: "grants list --as EMAIL | grants revoke ID --as EMAIL",
  options: as,
  optionHelp: [["--as EMAIL", "who gave them or has the use of them"]],
  positionals: [1, 2],
  run: async (run) => {
    const by = run.as();
    const [what, id] = run.positionals;
    if (what === "list" && id === undefined) {
      const grants = await (await run.connect()).grants(by);
      run.answer({ grants }, () => listGrants(grants));
      return 0;
    }
    if (what !== "revoke" || id === undefined) throw new UsageError("Say list, or revoke with an id.");
    const ended = await (await run.connect()).revokeGrant(by, id);
    run.answer(ended, () => plain(`Taken back: ${ended.line}. It is asked again from now on.`));
    return 0;
  },
};

function listDelegations(all: readonly DelegationInfo[]): string {
  const rows = all.map((one) => [one.id, one.from.name, one.to.name, utc(one.until)]);
  return table(["Id", "Vote of", "Given by", "Until (UTC)"], rows) || "No vote is handed over.";
}

function listGrants(all: readonly GrantInfo[]): string {
  const rows = all.map((one) => [
    one.id,
    one.granter.name,
    one.requester.name,
    one.tool,
    utc(one.until),
    cut(one.line, 60),
  ]);
  return (
    table(["Id", "Given by", "To", "Tool", "Until (UTC)", "As approved then"], rows) ||
    "There is no standing yes."
  );
}
