import { useState } from "preact/hooks";
import type { Card } from "../../../../src/types/card.ts";
import { useVoice } from "../text/texts.ts";
import { type CardContext, CardView } from "./card.tsx";
import { Icon } from "./icon.tsx";

type Props = {
  readonly cards: readonly Card[];
  readonly waiting: ReadonlySet<string>;
  readonly context: CardContext;
  readonly name: string;
  /** Beside the conversation there is always room: it cannot be folded and says when nothing waits. */
  readonly isBeside: boolean;
};

/** What waits for this person, each request where it can be decided. */
export function ApprovalsList({ cards, waiting, context, name, isBeside }: Props) {
  const { t } = useVoice();
  const [isOpen, setOpen] = useState(true);
  if (!isBeside && cards.length === 0) return null;
  const count = cards.filter((card) => waiting.has(card.id)).length;
  const isOn = count > 0 || isBeside;
  const title = (
    <>
      <Icon name="inbox" />
      <span>{t(isOn ? "waitingForYou" : "nothingWaits")}</span>
      {isOn && <span class={count > 0 ? "count on" : "count"}>{count}</span>}
    </>
  );
  return (
    <section class={isBeside ? "approvals beside" : "approvals"} aria-label={t("waitingForName", { name })}>
      <div class="bar">
        <h2>
          {isBeside ? (
            <span class="fold">{title}</span>
          ) : (
            <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {title}
              <Icon name="down" />
            </button>
          )}
        </h2>
        {count < cards.length && (
          <button type="button" class="button plain" onClick={() => context.chat.tidy()}>
            {t("clearDecided")}
          </button>
        )}
      </div>
      {(isOpen || isBeside) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div class="requests" tabIndex={0}>
          {cards.length === 0 && <p class="meta">{t("approvalsAppear")}</p>}
          {cards.map((card) => (
            <CardView key={card.id} card={card} context={context} isElsewhere />
          ))}
        </div>
      )}
    </section>
  );
}
