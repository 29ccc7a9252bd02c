import type { Card } from "../../../../src/types/card.ts";
import type { Api } from "./api.ts";

/** What waits for a person, and what was decided while the page was open; a card keeps its place. */
export type ApprovalsView = { readonly cards: readonly Card[]; readonly waiting: ReadonlySet<string> };

export const NO_APPROVALS: ApprovalsView = { cards: [], waiting: new Set() };

const POLL_MS = 1_500;
const MAX_POLLS = 40;
const MAX_CARDS = 100;

/** The approvals of one person. New ones come to the top; the others stay where they are. */
export function createApprovals(api: Api, onChange: (view: ApprovalsView) => void) {
  let view = NO_APPROVALS;
  let isClosed = false;
  let isAsking = false;
  let isAskedAgain = false;
  let polls = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (cards: readonly Card[], waiting: ReadonlySet<string>) => {
    if (isClosed) return;
    view = { cards: cards.slice(0, MAX_CARDS), waiting };
    onChange(view);
    clearTimeout(timer);
    const isWorking = cards.some((card) => card.items.some((item) => item.status === "running"));
    if (isWorking && polls++ < MAX_POLLS) timer = setTimeout(() => void refresh(), POLL_MS);
  };

  /** Asks the server what waits; cards that no longer do stay, in their latest form. */
  async function refresh(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    try {
      const answer = await api.approvals();
      const asked = new Map(answer.approvals.map(({ card }) => [card.id, card]));
      const others = view.cards.filter((card) => !asked.has(card.id) && isOpen(card, view.waiting));
      for (const card of await Promise.all(others.map((each) => latest(each)))) asked.set(card.id, card);
      const known = new Set(view.cards.map((card) => card.id));
      const fresh = answer.approvals.map(({ card }) => card).filter((card) => !known.has(card.id));
      const kept = view.cards.map((card) => asked.get(card.id) ?? card);
      set([...fresh, ...kept], new Set(answer.approvals.map(({ card }) => card.id)));
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

  /** Whether its card may still change: it waited until now, or something in it is not over. */
  const isOpen = (card: Card, waiting: ReadonlySet<string>) =>
    waiting.has(card.id) ||
    card.items.some((item) => item.status === "running" || item.status === "awaiting");

  const latest = (card: Card) =>
    api.card(card.id).then(
      (answer) => answer.card,
      () => card,
    );

  return {
    refresh,
    /** Takes the card that a decision answered with. */
    put(card: Card) {
      polls = 0;
      const isKnown = view.cards.some((each) => each.id === card.id);
      if (!isKnown) return;
      const waiting = new Set(view.waiting);
      if (!card.items.some((item) => item.mayDecide)) waiting.delete(card.id);
      set(
        view.cards.map((each) => (each.id === card.id ? card : each)),
        waiting,
      );
    },
    /** Takes away what is decided. */
    tidy: () =>
      set(
        view.cards.filter((card) => view.waiting.has(card.id)),
        view.waiting,
      ),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
