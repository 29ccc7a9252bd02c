import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Citation } from "../../../../src/types/passage.ts";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import type { ChatState } from "../state/chat.ts";
import { runningTurn, type TurnItem } from "../state/thread.ts";
import { Markdown } from "../text/markdown.tsx";
import { dayKey, dayName } from "../text/time.ts";
import { type CardContext, CardView } from "./card.tsx";
import { useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { Message, OutgoingMessage } from "./message.tsx";

const NEAR_END_PX = 80;

type Props = {
  readonly state: ChatState;
  readonly context: CardContext;
  readonly name: string;
  readonly onCite: (citation: Citation) => void;
  readonly children: preact.ComponentChildren;
};

/** The thread. It follows the end only while the reader is there. */
export function Conversation({ state, context: outer, name, onCite, children }: Props) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const [hasNew, setNew] = useState(false);
  const { items } = state.thread;
  const length = items.length + state.outgoing.length;
  const mine = state.outgoing.length;

  const isEmpty = useRef(true);
  isEmpty.current = length === 0;
  const toEnd = () => {
    const element = box.current;
    // The welcome is read from its beginning.
    if (element) element.scrollTop = isEmpty.current ? 0 : element.scrollHeight;
    isAtEnd.current = true;
    setNew(false);
  };
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
  });
  useEffect(() => {
    if (!isAtEnd.current) setNew(true);
  }, [length]);
  useEffect(() => {
    // What one sends oneself is always shown.
    if (mine > 0) toEnd();
  }, [mine]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => isAtEnd.current && toEnd());
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (isAtEnd.current) setNew(false);
  };

  const said = new Map<string, string>();
  for (const item of items) {
    if (item.kind !== "message" || item.turn === null || !item.author.isAssistant) continue;
    said.set(item.turn, `${said.get(item.turn) ?? ""}\n${item.text}`);
  }
  const context: CardContext = { ...outer, saidIn: (turn) => said.get(turn) ?? "" };

  const now = useNow(60_000);
  let day = Number.NaN;
  const rows = items.map((item) => {
    const view = showItem(item, state, context, onCite);
    if (view === null) return null;
    const key = dayKey(new Date(item.at), context.reader);
    const isNewDay = key !== day;
    day = key;
    return (
      <Fragment key={item.id}>
        {isNewDay && (
          <p class="day">
            <span>{dayName(new Date(item.at), context.reader, now)}</span>
          </p>
        )}
        <div class="item">{view}</div>
      </Fragment>
    );
  });

  return (
    <div class="stage">
      <section
        class="thread"
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`Conversation of ${name}`}
      >
        <div class="column">
          <h2 class="sr">Conversation</h2>
          {children}
          {rows}
          {state.outgoing.map((message) => (
            <div class="item" key={message.id}>
              <OutgoingMessage
                item={message}
                onRetry={() => context.chat.retry(message.id)}
                onDiscard={() => context.chat.discard(message.id)}
              />
            </div>
          ))}
          <Working state={state} />
        </div>
      </section>
      {hasNew && (
        <button type="button" class="button newer" onClick={toEnd}>
          <Icon name="down" />
          New messages
        </button>
      )}
    </div>
  );
}

function showItem(item: ThreadItem, state: ChatState, context: CardContext, onCite: Props["onCite"]) {
  if (item.kind === "message")
    return <Message item={item} me={context.me} reader={context.reader} onCite={onCite} />;
  if (item.kind === "card") {
    const card = state.newer.get(item.card.id) ?? item.card;
    return <CardView card={card} context={context} isElsewhere={card.requester.id !== context.me} />;
  }
  return item.status === "failed" ? <Failed item={item} /> : null;
}

function Failed({ item }: { item: TurnItem }) {
  return (
    <div class="note bad">
      <Icon name="alert" />
      <div>
        <p>{item.error?.message ?? "This could not be finished. Try again."}</p>
        {item.error !== null && !item.error.message.includes(item.error.code) && (
          <p class="meta">Code {item.error.code}</p>
        )}
      </div>
    </div>
  );
}

/** Which step it is at and since when; the words as they are written. */
function Working({ state }: { state: ChatState }) {
  const turn = runningTurn(state.thread);
  const isAccepted = state.outgoing.some((message) => message.status === "accepted");
  const isOn = turn !== null || isAccepted;
  const now = useNow(1_000, isOn);
  if (!isOn) return null;
  const live =
    turn !== null && state.live !== null && turn.id.startsWith(state.live.turn) ? state.live : null;
  const seconds = turn === null ? 0 : Math.floor((now.getTime() - Date.parse(turn.at)) / 1_000);
  const step = live?.step ?? turn?.step ?? (live?.text ? "Writing" : "Reading your message");
  return (
    <div class="item working">
      {live !== null && live.text !== "" && (
        <div class="said assistant">
          <Markdown text={live.text} isOpen />
        </div>
      )}
      <p class="step">
        <span class="pulse" aria-hidden="true" />
        {step}
        {seconds >= 3 && <span class="meta">{seconds} s</span>}
      </p>
    </div>
  );
}
