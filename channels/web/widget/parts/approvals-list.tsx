import { useState } from "preact/hooks";
import type { Card } from "../../../../src/types/card.ts";
import { type CardContext, CardView } from "./card.tsx";
import { Icon } from "./icon.tsx";

type Props = {
  readonly pending: readonly Card[];
  readonly decided: readonly Card[];
  readonly context: CardContext;
  /** Beside the conversation there is always room: it cannot be folded and says when nothing waits. */
  readonly isBeside: boolean;
};

/** What waits for this person, each request where it can be decided. */
export function ApprovalsList({ pending, decided, context, isBeside }: Props) {
  const [isOpen, setOpen] = useState(true);
  if (!isBeside && pending.length === 0 && decided.length === 0) return null;
  const title = (
    <>
      <Icon name="inbox" />
      <span>Waiting for you</span>
      <span class={pending.length > 0 ? "count on" : "count"}>{pending.length}</span>
    </>
  );
  return (
    <section class={isBeside ? "approvals beside" : "approvals"} aria-label="Waiting for you">
      {isBeside ? (
        <h2 class="bar">{title}</h2>
      ) : (
        <h2>
          <button type="button" class="bar" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {title}
            <Icon name="down" />
          </button>
        </h2>
      )}
      {(isOpen || isBeside) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div class="waiting" tabIndex={0} role="group" aria-label="Requests">
          {pending.length === 0 && decided.length === 0 && <p class="meta">Nothing waits for you.</p>}
          {pending.map((card) => (
            <CardView key={card.id} card={card} context={context} isElsewhere />
          ))}
          {decided.length > 0 && (
            <p class="divider">
              <span class="label">Decided just now</span>
              <button type="button" class="button plain" onClick={() => context.chat.dismissDecided()}>
                Clear
              </button>
            </p>
          )}
          {decided.map((card) => (
            <CardView key={card.id} card={card} context={context} isElsewhere />
          ))}
        </div>
      )}
    </section>
  );
}
