import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Announcer } from "./parts/announcer.tsx";
import { ApprovalsList } from "./parts/approvals-list.tsx";
import type { CardContext } from "./parts/card.tsx";
import { Composer } from "./parts/composer.tsx";
import { ConnectionNotice } from "./parts/connection-notice.tsx";
import { Conversation } from "./parts/conversation.tsx";
import { FirstVisit } from "./parts/first-visit.tsx";
import { Header, type PersonaChoice } from "./parts/header.tsx";
import { useChat, useVoiceOf } from "./parts/hooks.ts";
import type { Open } from "./parts/open-panel.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import type { Chat } from "./state/chat.ts";
import { runningTurn } from "./state/thread.ts";
import { useUploads } from "./state/uploads.ts";
import { VoiceContext } from "./text/texts.ts";

export type ChatViewProps = {
  readonly chat: Chat;
  readonly personas: PersonaChoice | null;
  readonly onSignOut: (() => void) | null;
  /** Folds the chat away, where it can be. */
  readonly onClose?: (() => void) | null;
  /** How many requests wait: for a badge outside. */
  readonly onWaiting?: ((count: number) => void) | undefined;
  /** How much came while nobody looked: for a badge and the page's title. */
  readonly onUnread?: ((count: number) => void) | undefined;
  /** False while the chat is folded away; what comes then counts as unread. */
  readonly isShown?: boolean;
  /** What to begin with, once it is known who is here. */
  readonly first?: Open | null;
  /** Language that the page asks for; the person's own choice goes before it. */
  readonly language?: string | undefined;
};

/** What lies over the chat comes with the first panel that is opened. */
type Panel = typeof import("./parts/open-panel.tsx")["OpenPanel"];

/** The chat of one person: what waits for them, the conversation, and where they write. */
export function ChatView(props: ChatViewProps) {
  const { chat, personas, onSignOut, onClose, onWaiting, onUnread, isShown, first, language } = props;
  const state = useChat(chat);
  const voice = useVoiceOf(state.me?.principal ?? null, language);
  const { t } = voice;
  const [open, setOpen] = useState<Open | null>(null);
  const [Panel, setPanel] = useState<Panel | null>(null);
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const isBeside = useIsWide(box, 1_100);
  const uploads = useUploads(chat.api, state.me?.maxFileBytes ?? null, voice);
  const identity = chat.api.identity;
  const as = identity !== null && "as" in identity ? identity.as : null;

  const name = state.me?.principal.name ?? t("you");
  const me = state.me?.principal.id ?? as ?? "";
  const context = useMemo<CardContext>(
    () => ({
      chat,
      me,
      show: (next) =>
        void import("./parts/open-panel.tsx").then(
          ({ OpenPanel }) => {
            setPanel(() => OpenPanel);
            setOpen(next);
          },
          () => setRefusal(t("unreached")),
        ),
    }),
    [chat, me, voice],
  );

  const isIn = state.me !== null;
  useEffect(() => {
    if (isIn && first) context.show(first);
  }, [isIn, first]);

  const inThread = useMemo(
    () => new Set(state.thread.items.flatMap((item) => (item.kind === "card" ? [item.card.id] : []))),
    [state.thread],
  );
  // What can be decided in the conversation itself is not asked a second time.
  const elsewhere = state.approvals.cards.filter((card) => !inThread.has(card.id));
  const waiting = state.approvals.waiting.size;
  useEffect(() => onWaiting?.(waiting), [waiting, onWaiting]);

  const isEmpty = state.isLoaded && state.thread.items.length === 0 && state.outgoing.length === 0;
  const isWorking =
    runningTurn(state.thread) !== null || state.outgoing.some((each) => each.status === "accepted");
  const addFiles = (files: Iterable<File>) => setRefusal(uploads.add(files));

  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!box.current?.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(false);
      addFiles([...event.dataTransfer.files]);
    },
  };

  const approvals = (
    <ApprovalsList
      cards={elsewhere}
      waiting={state.approvals.waiting}
      context={context}
      name={name}
      isBeside={isBeside}
    />
  );
  return (
    <VoiceContext.Provider value={voice}>
      <div class={isBeside ? "chat wide" : "chat"} ref={box} lang={voice.language} dir={voice.dir} {...drop}>
        <div class="under" inert={open !== null}>
          <Header
            me={state.me}
            as={as}
            personas={personas}
            onHistory={() => context.show({ kind: "history" })}
            onSettings={() => context.show({ kind: "settings" })}
            onNew={() => {
              chat.startNew();
              field.current?.focus();
            }}
            onSignOut={onSignOut}
            onClose={onClose ?? null}
          />
          <ConnectionNotice connection={state.connection} />
          <div class="middle">
            <div class="talk">
              {!isBeside && approvals}
              <Conversation name={name} state={state} context={context}>
                {!state.isLoaded && <p class="meta center">{t("opening")}</p>}
                {isEmpty && state.isGone && (
                  <p class="note" role="status">
                    {t("conversationGone")}
                  </p>
                )}
                {isEmpty && state.problem === null && (
                  <FirstVisit state={state} onTry={(prompt) => chat.send(prompt, [])} />
                )}
                {state.problem !== null && (
                  <ProblemNote problem={state.problem}>
                    <p>
                      <button type="button" class="button" onClick={chat.reload}>
                        {t("tryAgain")}
                      </button>
                    </p>
                  </ProblemNote>
                )}
              </Conversation>
              <div class="foot">
                {refusal !== null && (
                  <p class="wrong" role="alert">
                    {refusal}
                  </p>
                )}
                <Composer
                  chat={chat}
                  state={state}
                  isWorking={isWorking}
                  uploads={uploads}
                  field={field}
                  text={text}
                  onText={(next) => {
                    setText(next);
                    // What is sent is no longer about what was left out.
                    if (next === "") setRefusal(null);
                  }}
                  onFiles={addFiles}
                />
              </div>
            </div>
            {isBeside && approvals}
          </div>
        </div>
        {open !== null && Panel !== null && (
          <Panel
            key={open.kind}
            open={open}
            chat={chat}
            session={state.session}
            show={context.show}
            onClose={() => setOpen(null)}
          />
        )}
        {isOver && <div class="dropzone">{t("dropHere")}</div>}
        <Announcer state={state} isShown={isShown ?? true} onUnread={onUnread} />
      </div>
    </VoiceContext.Provider>
  );
}

/** Whether the chat itself (not the window) has room for two columns. */
function useIsWide(box: { current: HTMLDivElement | null }, px: number): boolean {
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWide((entry?.contentRect.width ?? 0) >= px));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [px]);
  return isWide;
}
