import type { Card } from "../../../../src/types/card.ts";
import type { Api } from "./api.ts";

export type ApprovalsView = { readonly pending: readonly Card[]; readonly decided: readonly Card[] };

const POLL_MS = 1_500;
const MAX_POLLS = 40;
const MAX_DECIDED = 10;

const isUnsettled = (card: Card) =>
  card.items.some((item) => item.status === "running" || item.status === "awaiting");

/** The approvals that wait for this person, and those that were decided while the page was open. */
export function createApprovals(api: Api, onChange: (view: ApprovalsView) => void) {
  let view: ApprovalsView = { pending: [], decided: [] };
  let isClosed = false;
  let isAsking = false;
  let isAskedAgain = false;
  let polls = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: ApprovalsView) => {
    if (isClosed) return;
    view = next;
    onChange(view);
  };
  const without = (cards: readonly Card[], id: string) => cards.filter((card) => card.id !== id);

  /** Asks the server what waits; cards that no longer do stay, in their final form. */
  async function refresh(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    try {
      const { approvals } = await api.approvals();
      const pending = approvals.map((each) => each.card);
      const ids = new Set(pending.map((card) => card.id));
      const gone = view.pending.filter((card) => !ids.has(card.id));
      const stale = [...gone, ...view.decided.filter(isUnsettled)].filter((card) => !ids.has(card.id));
      const fresh = await Promise.all(
        stale.map((card) =>
          api.card(card.id).then(
            (answer) => answer.card,
            () => null,
          ),
        ),
      );
      const renewed = fresh.filter((card) => card !== null);
      const renewedIds = new Set(renewed.map((card) => card.id));
      const kept = view.decided.filter((card) => !ids.has(card.id) && !renewedIds.has(card.id));
      set({ pending, decided: [...renewed, ...kept].slice(0, MAX_DECIDED) });
      schedule();
    } catch {
      // Told by the connection notice; the next hint or reconnect asks again.
    } finally {
      isAsking = false;
      if (isAskedAgain && !isClosed) {
        isAskedAgain = false;
        void refresh();
      }
    }
  }

  function schedule(): void {
    clearTimeout(timer);
    const isWorking = view.decided.some((card) => card.items.some((item) => item.status === "running"));
    if (isWorking && polls++ < MAX_POLLS) timer = setTimeout(() => void refresh(), POLL_MS);
  }

  return {
    refresh,
    /** Takes the card that a decision answered with. */
    put(card: Card) {
      const mine = card.items.some((item) => item.mayDecide);
      polls = 0;
      set(
        mine
          ? { pending: [card, ...without(view.pending, card.id)], decided: without(view.decided, card.id) }
          : { pending: without(view.pending, card.id), decided: [card, ...without(view.decided, card.id)] },
      );
      schedule();
    },
    dismiss: () => set({ ...view, decided: [] }),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
