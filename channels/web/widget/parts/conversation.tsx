import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Card } from "../../../../src/types/card.ts";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import type { ChatState } from "../state/chat.ts";
import { runningTurn, type TurnItem } from "../state/thread.ts";
import { Markdown } from "../text/markdown.tsx";
import { type TextKey, useVoice } from "../text/texts.ts";
import { dayKey, dayName, seconds } from "../text/time.ts";
import { type CardContext, CardView } from "./card.tsx";
import { useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { Message, OutgoingMessage } from "./message.tsx";
import { useWindow } from "./use-window.ts";

type Props = {
  readonly state: ChatState;
  /** The same object as long as it says the same: what was drawn with it is kept. */
  readonly context: CardContext;
  readonly name: string;
  readonly children: preact.ComponentChildren;
};

type Drawn = { readonly from: readonly unknown[]; readonly view: VNode };

/** The thread. It follows the end only while the reader is there. */
export function Conversation({ state, context, name, children }: Props) {
  const voice = useVoice();
  const { t } = voice;
  const box = useRef<HTMLElement>(null);
  const [hasNew, setNew] = useState(false);
  const { items } = state.thread;
  const mine = state.outgoing.length;
  const shown = useMemo(
    () => items.filter((item) => item.kind !== "turn" || item.status === "failed"),
    [items],
  );
  const ids = useMemo(() => shown.map((item) => item.id), [shown]);
  const part = useWindow(ids, box, context.chat.loadOlder);
  const said = useMemo(() => saidByTurn(items), [items]);
  const drawn = useRef(new Map<string, Drawn>());
  const length = shown.length === 0 ? 0 : (shown.at(-1)?.seq ?? 0) + mine;

  useEffect(() => {
    if (!part.isAtEnd.current) setNew(true);
  }, [length]);
  useEffect(() => {
    // What one sends oneself is always shown.
    if (mine === 0) return;
    part.toEnd();
    setNew(false);
  }, [mine]);

  const now = useNow(60_000);
  const today = dayKey(now, voice);
  let day = part.from === 0 ? Number.NaN : dayKey(new Date(shown[part.from - 1]?.at ?? 0), voice);
  const kept = new Map<string, Drawn>();
  const rows = shown.slice(part.from, part.to).map((item) => {
    const key = dayKey(new Date(item.at), voice);
    const isNewDay = key !== day;
    day = key;
    const card = item.kind === "card" ? (state.newer.get(item.card.id) ?? item.card) : null;
    const words = card === null ? "" : (said.get(card.id) ?? "");
    const from = [item, card, words, context, voice, isNewDay && today];
    const before = drawn.current.get(item.id);
    // The same node again costs nothing: of a long thread only what changed is compared.
    const isSame = before?.from.every((value, i) => value === from[i]) ?? false;
    const row =
      before && isSame
        ? before
        : {
            from,
            view: (
              <div class="item" key={item.id} data-row={item.id}>
                {isNewDay && (
                  <p class="day">
                    <span>{dayName(new Date(item.at), voice, now)}</span>
                  </p>
                )}
                <Row item={item} card={card} said={words} context={context} />
              </div>
            ),
          };
    kept.set(item.id, row);
    return row.view;
  });
  drawn.current = kept;

  return (
    <div class="stage">
      <section
        class="thread"
        ref={box}
        onScroll={() => {
          part.onScroll();
          if (part.isAtEnd.current) setNew(false);
        }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t("conversationOf", { name })}
      >
        <div class="column">
          <h2 class="sr">{t("conversation")}</h2>
          {children}
          {part.from === 0 && state.hasOlder && <p class="meta center">{t("loadingOlder")}</p>}
          {rows}
          {part.to === shown.length &&
            state.outgoing.map((message) => (
              <div class="item" key={message.id}>
                <OutgoingMessage
                  item={message}
                  onRetry={() => context.chat.retry(message.id)}
                  onDiscard={() => context.chat.discard(message.id)}
                />
              </div>
            ))}
          {part.to === shown.length && <Working state={state} />}
        </div>
      </section>
      {hasNew && (
        <button
          type="button"
          class="button newer"
          onClick={() => {
            part.toEnd();
            setNew(false);
          }}
        >
          <Icon name="down" />
          {t("newMessages")}
        </button>
      )}
    </div>
  );
}

/** What Steward said in each turn, so that its card does not say it again. */
function saidByTurn(items: readonly ThreadItem[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const item of items) {
    if (item.kind !== "message" || item.turn === null || !item.author.isAssistant) continue;
    said.set(item.turn, `${said.get(item.turn) ?? ""}\n${item.text}`);
  }
  return said;
}

type RowProps = { item: ThreadItem; card: Card | null; said: string; context: CardContext };

function Row({ item, card, said, context }: RowProps) {
  if (item.kind === "message") return <Message item={item} context={context} />;
  if (card !== null)
    return (
      <CardView card={card} context={context} said={said} isElsewhere={card.requester.id !== context.me} />
    );
  return item.kind === "turn" ? <Failed item={item} /> : null;
}

function Failed({ item }: { item: TurnItem }) {
  const { t } = useVoice();
  const { error } = item;
  const known = error && t(error.code as TextKey);
  return (
    <div class="note bad">
      <Icon name="alert" />
      <div>
        <p dir="auto">{known || (error?.message ?? t("notFinished"))}</p>
        {error !== null && (known || !error.message.includes(error.code)) && (
          <p class="meta">{t("code", { code: error.code })}</p>
        )}
      </div>
    </div>
  );
}

/** Which step it is at and since when; the words as they are written. */
function Working({ state }: { state: ChatState }) {
  const voice = useVoice();
  const turn = runningTurn(state.thread);
  const isAccepted = state.outgoing.some((message) => message.status === "accepted");
  const isOn = turn !== null || isAccepted;
  const now = useNow(1_000, isOn);
  if (!isOn) return null;
  const live =
    turn !== null && state.live !== null && turn.id.startsWith(state.live.turn) ? state.live : null;
  const since = turn === null ? 0 : Math.floor((now.getTime() - Date.parse(turn.at)) / 1_000);
  const step = live?.step ?? turn?.step ?? voice.t(live?.text ? "writing" : "reading");
  return (
    <div class="item working">
      {live !== null && live.text !== "" && (
        <div class="said assistant">
          <Markdown text={live.text} isOpen />
        </div>
      )}
      <p class="step">
        <span class="pulse" aria-hidden="true" />
        <bdi>{voice.say(step)}</bdi>
        {since >= 3 && <span class="meta">{seconds(since, voice)}</span>}
      </p>
    </div>
  );
}
