import type { Card } from "../../../../src/types/card.ts";
import type { Chat } from "../state/chat.ts";
import { ago, type Reader } from "../text/time.ts";
import { CardItemView } from "./card-item.tsx";
import { useDeed, useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { Avatar } from "./person.tsx";
import { ProblemNote } from "./problem.tsx";

export type CardContext = {
  readonly chat: Chat;
  readonly reader: Reader;
  readonly me: string;
  readonly onWhy: (action: string) => void;
  /** What Steward said in a turn, so that a card does not say it again. */
  readonly saidIn?: (turn: string) => string;
};

/** The plan card of a turn: all that it holds or did, for this viewer. */
export function CardView({
  card,
  context,
  isElsewhere,
}: {
  card: Card;
  context: CardContext;
  isElsewhere: boolean;
}) {
  const now = useNow(30_000);
  return (
    <div class="plan">
      {isElsewhere && (
        <div class="asker">
          <Avatar name={card.requester.name} />
          <div>
            <p>
              <strong>{card.requester.id === context.me ? "You" : card.requester.name}</strong>{" "}
              {card.requester.id === context.me ? "ask" : "asks"}
              <time class="meta" dateTime={card.createdAt}>
                {" "}
                {ago(new Date(card.createdAt), context.reader, now)}
              </time>
            </p>
            <p class="quote">
              <bdi>{card.request}</bdi>
            </p>
          </div>
        </div>
      )}
      {card.items.map((item) => (
        <CardItemView key={item.action} item={item} card={card} context={context} />
      ))}
      <ApproveAll card={card} context={context} />
    </div>
  );
}

/** One yes for all that is open on a card; what is risky is decided one by one. */
function ApproveAll({ card, context }: { card: Card; context: CardContext }) {
  const { isBusy, problem, run } = useDeed();
  const seen = card.items.flatMap(({ mayDecide, approval, digest, risk }) =>
    mayDecide && approval !== null && digest !== undefined && risk === "normal"
      ? [{ id: approval, digest }]
      : [],
  );
  if (seen.length < 2) return null;
  return (
    <div class="decision">
      <footer>
        <button
          type="button"
          class="button primary"
          disabled={isBusy}
          onClick={() => void run(() => context.chat.approveAll(card.id, seen))}
        >
          <Icon name="check" />
          {isBusy ? "Approving" : `Approve all ${seen.length}`}
        </button>
      </footer>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
