import type { Card, CardItem } from "../../../../src/types/card.ts";
import { isOver, listWords, statusWords } from "../text/card-words.ts";
import { Markdown } from "../text/markdown.tsx";
import { left, moment } from "../text/time.ts";
import type { CardContext } from "./card.tsx";
import { CardDecision } from "./card-decision.tsx";
import { CardFacts } from "./card-facts.tsx";
import { useDeed, useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { ProblemNote } from "./problem.tsx";

type Props = { readonly item: CardItem; readonly card: Card; readonly context: CardContext };

/** One action: what it is, what it changes, why it asks, and what can be done about it. */
export function CardItemView({ item, card, context }: Props) {
  const { reader } = context;
  const status = statusWords(item);
  const isSaid = item.outcome !== null && (context.saidIn?.(card.id).includes(item.outcome) ?? false);
  const isWaiting = item.status === "awaiting";
  const now = useNow(isWaiting || item.undoUntil ? 1_000 : 60_000, isWaiting || item.undoUntil !== null);
  const ends = item.expiresAt === null ? null : new Date(item.expiresAt);
  const isPast = isWaiting && ends !== null && ends <= now;

  return (
    <article
      class={`card ${isPast ? "quiet" : status.tone}`}
      tabIndex={-1}
      aria-label={`${status.text}: ${item.line}`}
    >
      <header>
        <span class="status">
          <Icon name={isPast ? "clock" : status.icon} />
          {isPast ? "Time is up" : status.text}
        </span>
        {isWaiting && ends !== null && !isPast && (
          <time class="meta" dateTime={item.expiresAt ?? ""} title={`${left(ends, now)} left`}>
            until {moment(ends, reader, now)}
          </time>
        )}
        {item.risk === "high" && isWaiting && <span class="tag bad">High risk</span>}
      </header>
      <h3>
        <bdi>{item.line}</bdi>
      </h3>
      {/* What was done at once needs no evidence before it; the record behind "Why?" has it. */}
      {(item.approval !== null || !isOver(item.status) || item.status === "forbidden") && (
        <CardFacts item={item} />
      )}
      {(isWaiting || item.status === "forbidden") && <Reasons item={item} />}
      {isWaiting && <Progress item={item} context={context} now={now} />}
      {item.decidedBy.length > 0 && isOver(item.status) && (
        <ul class="votes">
          {item.decidedBy.map((vote) => (
            <li key={vote.id + vote.at}>
              <Icon name={vote.verdict === "approve" ? "check" : "x"} />
              <span>
                {vote.verdict === "approve" ? "Approved" : "Refused"} by{" "}
                {vote.id === context.me ? "you" : vote.name},{" "}
                <time dateTime={vote.at}>{moment(new Date(vote.at), reader, now)}</time>
                {vote.reason !== null && vote.reason !== "" && (
                  <span class="quote">
                    <bdi>{vote.reason}</bdi>
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {item.outcome !== null && !isSaid && (
        <div class="outcome">
          <Markdown text={item.outcome} />
        </div>
      )}
      {isWaiting &&
        !isPast &&
        (item.mayDecide ? (
          <CardDecision item={item} context={context} />
        ) : (
          item.mayNotBecause !== null &&
          card.requester.id !== context.me && <p class="meta">{item.mayNotBecause}</p>
        ))}
      {isOver(item.status) && (
        <After item={item} context={context} now={now} isMine={card.requester.id === context.me} />
      )}
    </article>
  );
}

function Reasons({ item }: { item: CardItem }) {
  // A reason that already stands beside its value is not said twice.
  const reasons = item.reasons.filter(
    (reason) => !item.arguments.some((argument) => argument.origin === reason),
  );
  return (
    <div class="reasons">
      {reasons.length > 0 && (
        <p class="because">
          <Icon name="shield" />
          <span>
            <span class="label">{item.status === "forbidden" ? "Why not: " : "Why it asks: "}</span>
            {reasons.join(" ")}
            {item.status === "forbidden" && item.rules.length > 0 && (
              <span class="meta"> Rule {item.rules.join(", ")}</span>
            )}
          </span>
        </p>
      )}
      {item.status === "awaiting" && item.undoText !== "" && (
        <p class="because">
          <Icon name="undo" />
          <span>{item.undoText}</span>
        </p>
      )}
    </div>
  );
}

/** Who has approved and who still can, one line a group. */
function Progress({ item, context, now }: { item: CardItem; context: CardContext; now: Date }) {
  return (
    <ul class="progress">
      {item.approvers.map((group) => (
        <li key={group.group}>
          <span class="dots" role="img" aria-label={`${group.given.length} of ${group.needed} approvals`}>
            {Array.from({ length: Math.min(group.needed, 5) }, (_, i) => (
              <span key={i} class={i < group.given.length ? "dot on" : "dot"} />
            ))}
          </span>
          <span>
            {group.given.length} of {group.needed}: {group.title}
            {group.given.length > 0 && (
              <span class="meta">
                {" "}
                · {listWords(group.given.map((each) => (each.id === context.me ? "you" : each.name)))},{" "}
                {moment(new Date(group.given.at(-1)?.at ?? 0), context.reader, now)}
              </span>
            )}
            {group.given.length < group.needed && group.candidates.length > 0 && (
              <span class="meta">
                {" "}
                ·{" "}
                {listWords(
                  group.candidates.map((each) => (each.id === context.me ? "you" : each.name)),
                  "or",
                )}{" "}
                can approve
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What a person can say when nobody knows whether it took effect. */
const RESOLVE = [
  ["check", "Check"],
  ["retry", "Retry with the same key"],
  ["give-up", "Give up"],
] as const;

/** What remains possible once it is over: Undo while it lasts, and the record. */
type AfterProps = { item: CardItem; context: CardContext; now: Date; isMine: boolean };

function After({ item, context, now, isMine }: AfterProps) {
  const { isBusy, problem, run } = useDeed();
  const until = item.undoUntil === null ? null : new Date(item.undoUntil);
  const mayUndo = until !== null && until > now && item.status === "succeeded";
  return (
    <>
      <footer>
        {mayUndo && (
          <button
            type="button"
            class="button"
            onClick={() => run(() => context.chat.undo(item.action))}
            disabled={isBusy}
          >
            <Icon name="undo" />
            {isBusy ? "Undoing" : "Undo"}
            <span class="meta">{left(until, now)} left</span>
          </button>
        )}
        {item.status === "unknown" &&
          isMine &&
          RESOLVE.map(([choice, words]) => (
            <button
              key={choice}
              type="button"
              class="button"
              disabled={isBusy}
              onClick={() => run(() => context.chat.resolve(item.action, choice))}
            >
              {words}
            </button>
          ))}
        <button type="button" class="button plain" onClick={() => context.onWhy(item.action)}>
          Why?
        </button>
      </footer>
      {problem !== null && <ProblemNote problem={problem} />}
    </>
  );
}
