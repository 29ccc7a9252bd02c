import type { Card, CardItem } from "../../src/types/card.ts";
import { newId } from "../../src/types/ids.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { PEOPLE } from "./people.ts";

export type FakeSession = {
  readonly id: string;
  readonly owner: string;
  title: string;
  head: number;
  readonly items: Map<string, ThreadItem>;
};

/** An item without its place in the log. */
export type NewItem = ThreadItem extends infer T
  ? T extends ThreadItem
    ? Omit<T, "seq" | "at">
    : never
  : never;

/** Sessions and cards in memory, with the sequence as the real log gives it. */
export type FakeStore = ReturnType<typeof createFakeStore>;

export function createFakeStore() {
  const sessions = new Map<string, FakeSession>();
  const cards = new Map<string, Card>();
  const nameOf = (id: string) => PEOPLE.find((person) => person.id === id)?.name ?? id;

  return {
    sessions,
    cards,
    begin(owner: string, title: string): FakeSession {
      const session = { id: newId("ses"), owner, title, head: 0, items: new Map<string, ThreadItem>() };
      sessions.set(session.id, session);
      return session;
    },
    append(session: FakeSession, item: NewItem, at = new Date()): ThreadItem {
      session.head += 1 + (session.head % 2); // Sequences have gaps: not every event is shown.
      const full = { ...item, seq: session.head, at: at.toISOString() } as ThreadItem;
      session.items.set(full.id, full);
      return full;
    },
    itemsAfter(id: string, after: number): readonly ThreadItem[] {
      const items = [...(sessions.get(id)?.items.values() ?? [])];
      return items.filter((item) => item.seq > after).sort((a, b) => a.seq - b.seq);
    },
    findItem(id: string, key: "action" | "approval"): { card: Card; item: CardItem } | null {
      for (const card of cards.values()) {
        const item = card.items.find((each) => each[key] === id);
        if (item) return { card, item };
      }
      return null;
    },
    change(card: Card, action: string, patch: Partial<CardItem>): Card {
      const next = {
        ...card,
        items: card.items.map((item) => (item.action === action ? { ...item, ...patch } : item)),
      };
      cards.set(card.id, next);
      return next;
    },
    /** The card as one person sees it: only a candidate may decide, and only once. */
    cardFor(card: Card, viewer: string): Card {
      return {
        ...card,
        items: card.items.map((item) => {
          const isOpen = item.status === "awaiting";
          const hasVoted = item.decidedBy.some((vote) => vote.id === viewer);
          const mayDecide =
            isOpen &&
            !hasVoted &&
            item.approvers.some((group) => group.candidates.some((each) => each.id === viewer));
          const whom = item.approvers
            .flatMap((group) => group.candidates.map((each) => each.name))
            .join(" or ");
          return {
            ...item,
            mayDecide,
            mayNotBecause:
              isOpen && !mayDecide && viewer !== card.requester.id
                ? `This needs someone else: ask ${whom}.`
                : null,
            undoUntil: viewer === card.requester.id ? item.undoUntil : null,
            editable: mayDecide ? item.editable : [],
          };
        }),
      };
    },
    ref: (id: string) => ({ id, name: nameOf(id) }),
  };
}
