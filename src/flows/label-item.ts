import type { ExecutorDeps } from "../actions/executor-deps.ts";
import { joinLabels } from "../policy/join-labels.ts";
import { findTurnActions } from "../store/actions/find-actions.ts";
import { type DrawnLabel, readDocumentLabels, readDrawnLabels } from "../store/channels/drawn-labels.ts";
import { EVERYONE, type Label, SENSITIVITIES } from "../types/label.ts";
import type { ThreadItem } from "../types/thread-item.ts";

export type ItemLabel = Pick<Label, "sensitivity" | "readers">;

/** Sessions whose label is remembered; of others it is made from their log again. */
const MAX_REMEMBERED = 2_000;
/** What is said in the company and draws on nothing. */
const PLAIN: ItemLabel = { sensitivity: "internal", readers: [EVERYONE] };

/**
 * Tells what an item of a session's log may draw upon: everything that the model saw and tools returned in that session
 * up to its place, cited or not, since words may repeat any of it; on a card also what its arguments carry and what its
 * tools show. Never less than the truth, often more.
 */
export function createLabeller(
  deps: Pick<ExecutorDeps, "db" | "tools">,
): (session: string, item: ThreadItem) => Promise<ItemLabel> {
  const known = new Map<string, { readonly seq: number; readonly label: ItemLabel }>();

  const ofSession = async (session: string, seq: number): Promise<ItemLabel> => {
    const before = known.get(session) ?? { seq: 0, label: PLAIN };
    if (before.seq >= seq) return before.label;
    const drawn = await readDrawnLabels(deps.db, session, before.seq, seq);
    const label = join([before.label, ...drawn.map(toLabel)]);
    known.delete(session);
    known.set(session, { seq, label });
    const [oldest] = known.keys();
    if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
    return label;
  };

  return async (session, item) => {
    const label = await ofSession(session, item.seq);
    if (item.kind === "card") return join([label, ...(await ofCard(deps, item.card.id))]);
    if (item.kind !== "message" || item.citations.length === 0) return label;
    const documents = [...new Set(item.citations.map(({ document }) => document))];
    return join([label, ...(await readDocumentLabels(deps.db, documents)).map(toLabel)]);
  };
}

async function ofCard(deps: Pick<ExecutorDeps, "db" | "tools">, turn: string): Promise<readonly ItemLabel[]> {
  const actions = (await findTurnActions(deps.db, turn)).filter(({ effect }) => effect !== "read");
  return actions.flatMap(({ tool, args }) => {
    const output = Object.values(deps.tools.get(tool)?.manifest.output ?? {});
    // As in a tool's result: what is more than internal has no readers unless somebody named them.
    const shown = output.map(
      ({ sensitivity }): ItemLabel => ({
        sensitivity,
        readers: SENSITIVITIES.indexOf(sensitivity) > SENSITIVITIES.indexOf("internal") ? [] : [EVERYONE],
      }),
    );
    return [...shown, ...Object.values(args).map(({ label }) => label)];
  });
}

const toLabel = ({ sensitivity, readers }: DrawnLabel): ItemLabel => ({
  sensitivity: SENSITIVITIES.includes(sensitivity) ? sensitivity : "restricted",
  readers: readers ?? [EVERYONE],
});

function join(labels: readonly ItemLabel[]): ItemLabel {
  const { sensitivity, readers } = joinLabels(
    labels.map((label) => ({ ...label, integrity: "external", source: "" })),
  );
  return { sensitivity, readers };
}
