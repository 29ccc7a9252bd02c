import type { Card } from "../../../../src/types/card.ts";
import type { Chat } from "../state/chat.ts";
import { useVoice } from "../text/texts.ts";
import { ago } from "../text/time.ts";
import { CardItemView } from "./card-item.tsx";
import { useDeed, useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import type { Open } from "./open-panel.tsx";
import { Avatar } from "./person.tsx";
import { ProblemNote } from "./problem.tsx";

export type CardContext = {
  readonly chat: Chat;
  readonly me: string;
  /** Opens a panel over the chat. */
  readonly show: (open: Open) => void;
};

type Props = {
  readonly card: Card;
  readonly context: CardContext;
  readonly isElsewhere: boolean;
  readonly said?: string;
};

/** The plan card of a turn: all that it holds or did, for this viewer. */
export function CardView({ card, context, isElsewhere, said = "" }: Props) {
  const voice = useVoice();
  const { t } = voice;
  const now = useNow(30_000);
  const isMine = card.requester.id === context.me;
  return (
    <div class="plan">
      {isElsewhere && (
        <div class="asker">
          <Avatar name={card.requester.name} />
          <div>
            <p>
              <strong>{isMine ? t("youAsk") : t("asks", { name: card.requester.name })}</strong>
              <time class="meta" dateTime={card.createdAt}>
                {" "}
                {ago(new Date(card.createdAt), voice, now)}
              </time>
            </p>
            <p class="quote">
              <bdi>{card.request}</bdi>
            </p>
            <button type="button" class="link" onClick={() => context.show({ kind: "request", card })}>
              {t("seeRequest")}
            </button>
          </div>
        </div>
      )}
      {card.items.map((item) => (
        <CardItemView key={item.action} item={item} card={card} context={context} said={said} />
      ))}
      <ApproveAll card={card} context={context} />
    </div>
  );
}

/** One yes for all that is open on a card; what is risky is decided one by one. */
function ApproveAll({ card, context }: { card: Card; context: CardContext }) {
  const { t } = useVoice();
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
          {isBusy ? t("approving") : t("approveAll", { n: seen.length })}
        </button>
      </footer>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
