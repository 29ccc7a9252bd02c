import type { Card, CardItem } from "../../../../src/types/card.ts";
import { isOver, listWords, statusWords } from "../text/card-words.ts";
import { Markdown } from "../text/markdown.tsx";
import { type TextKey, useVoice } from "../text/texts.ts";
import { left, moment } from "../text/time.ts";
import type { CardContext } from "./card.tsx";
import { CardDecision } from "./card-decision.tsx";
import { CardFacts } from "./card-facts.tsx";
import { useDeed, useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { ProblemNote } from "./problem.tsx";

type Props = {
  readonly item: CardItem;
  readonly card: Card;
  readonly context: CardContext;
  /** What Steward said in the same turn, so that the card does not say it again. */
  readonly said: string;
};

/** One action: what it is, what it changes, why it asks, and what can be done about it. */
export function CardItemView({ item, card, context, said }: Props) {
  const voice = useVoice();
  const { t } = voice;
  const status = statusWords(item, voice);
  const isSaid = item.outcome !== null && said.includes(item.outcome);
  const isWaiting = item.status === "awaiting";
  const now = useNow(isWaiting || item.undoUntil ? 1_000 : 60_000, isWaiting || item.undoUntil !== null);
  const ends = item.expiresAt === null ? null : new Date(item.expiresAt);
  const isPast = isWaiting && ends !== null && ends <= now;
  const isMine = card.requester.id === context.me;

  return (
    <article
      class={`card ${isPast ? "quiet" : status.tone}`}
      tabIndex={-1}
      aria-label={`${status.text}: ${item.line}`}
    >
      <header>
        <span class="status">
          <Icon name={isPast ? "clock" : status.icon} />
          {isPast ? t("timeIsUp") : status.text}
        </span>
        {isWaiting && ends !== null && !isPast && (
          <time
            class="meta"
            dateTime={item.expiresAt ?? ""}
            title={t("timeLeft", { time: left(ends, now, voice) })}
          >
            {t("until", { time: moment(ends, voice, now) })}
          </time>
        )}
        {item.risk === "high" && isWaiting && <span class="tag bad">{t("highRisk")}</span>}
      </header>
      <h3 dir="auto">{item.line}</h3>
      {/* What was done at once needs no evidence before it; the record behind "Why?" has it. */}
      {(item.approval !== null || !isOver(item.status) || item.status === "forbidden") && (
        <CardFacts item={item} />
      )}
      {(isWaiting || item.status === "forbidden") && <Reasons item={item} />}
      {isWaiting && <Progress item={item} me={context.me} now={now} />}
      {item.decidedBy.length > 0 && isOver(item.status) && (
        <ul class="votes">
          {item.decidedBy.map((vote) => (
            <li key={vote.id + vote.at}>
              <Icon name={vote.verdict === "approve" ? "check" : "x"} />
              <span>
                {t(vote.verdict === "approve" ? "approvedBy" : "refusedBy", {
                  name: vote.id === context.me ? t("you") : vote.name,
                })}
                , <time dateTime={vote.at}>{moment(new Date(vote.at), voice, now)}</time>
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
          <Markdown text={voice.say(item.outcome)} />
        </div>
      )}
      {isWaiting &&
        !isPast &&
        (item.mayDecide ? (
          <CardDecision item={item} context={context} />
        ) : (
          item.mayNotBecause !== null && !isMine && <p class="meta">{voice.say(item.mayNotBecause)}</p>
        ))}
      {isOver(item.status) && <After item={item} context={context} now={now} isMine={isMine} />}
    </article>
  );
}

function Reasons({ item }: { item: CardItem }) {
  const { t, say } = useVoice();
  // A reason that already stands beside its value is not said twice.
  const reasons = item.reasons.filter(
    (reason) => !item.arguments.some((argument) => argument.origin === reason),
  );
  const isForbidden = item.status === "forbidden";
  return (
    <div class="reasons">
      {reasons.length > 0 && (
        <p class="because">
          <Icon name="shield" />
          <span>
            <span class="label">{t(isForbidden ? "whyNot" : "whyAsks")} </span>
            <bdi>{reasons.map(say).join(" ")}</bdi>
            {isForbidden && item.rules.length > 0 && (
              <span class="meta"> {t("rule", { names: item.rules.join(", ") })}</span>
            )}
          </span>
        </p>
      )}
      {!isForbidden && item.undoText !== "" && (
        <p class="because">
          <Icon name="undo" />
          <bdi>{say(item.undoText)}</bdi>
        </p>
      )}
    </div>
  );
}

/** Who has approved and who still can, one line a group. */
function Progress({ item, me, now }: { item: CardItem; me: string; now: Date }) {
  const voice = useVoice();
  const { t } = voice;
  const names = (people: readonly { id: string; name: string }[]) =>
    people.map((each) => (each.id === me ? t("you") : each.name));
  return (
    <ul class="progress">
      {item.approvers.map(({ group, title, given, needed, candidates }) => (
        <li key={group}>
          <span class="dots" role="img" aria-label={t("approvalsGiven", { given: given.length, needed })}>
            {Array.from({ length: Math.min(needed, 5) }, (_, i) => (
              <span key={i} class={i < given.length ? "dot on" : "dot"} />
            ))}
          </span>
          <span>
            {t("givenOf", { given: given.length, needed, who: voice.say(title) })}
            {given.length > 0 && (
              <span class="meta">
                {" "}
                · {listWords(names(given), voice)}, {moment(new Date(given.at(-1)?.at ?? 0), voice, now)}
              </span>
            )}
            {given.length < needed && candidates.length > 0 && (
              <span class="meta">
                {" "}
                · {t("canApprove", { who: listWords(names(candidates), voice, "disjunction") })}
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
  ["check", "check"],
  ["retry", "retrySame"],
  ["give-up", "giveUp"],
] as const satisfies readonly (readonly [string, TextKey])[];

/** What remains possible once it is over: Undo while it lasts, and the record. */
type AfterProps = { item: CardItem; context: CardContext; now: Date; isMine: boolean };

function After({ item, context, now, isMine }: AfterProps) {
  const voice = useVoice();
  const { t } = voice;
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
            {t(isBusy ? "undoing" : "undo")}
            <span class="meta">{t("timeLeft", { time: left(until, now, voice) })}</span>
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
              {t(words)}
            </button>
          ))}
        <button
          type="button"
          class="button plain"
          onClick={() => context.show({ kind: "why", action: item.action })}
        >
          {t("why")}
        </button>
      </footer>
      {problem !== null && <ProblemNote problem={problem} />}
    </>
  );
}
