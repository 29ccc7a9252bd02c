import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Citation } from "../../../src/types/passage.ts";
import { Announcer } from "./parts/announcer.tsx";
import { ApprovalsList } from "./parts/approvals-list.tsx";
import type { CardContext } from "./parts/card.tsx";
import { Composer } from "./parts/composer.tsx";
import { ConnectionNotice } from "./parts/connection-notice.tsx";
import { Conversation } from "./parts/conversation.tsx";
import { FirstVisit } from "./parts/first-visit.tsx";
import { Header, type PersonaChoice } from "./parts/header.tsx";
import { readerOf, useChat } from "./parts/hooks.ts";
import { DocumentPanel, HistoryPanel, WhyPanel } from "./parts/panels.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import type { Chat } from "./state/chat.ts";
import { runningTurn } from "./state/thread.ts";
import { useUploads } from "./state/uploads.ts";

export type ChatViewProps = {
  readonly chat: Chat;
  readonly personas: PersonaChoice | null;
  readonly onSignOut: (() => void) | null;
  /** How many requests wait: for a badge outside. */
  readonly onWaiting?: ((count: number) => void) | undefined;
};

type Open =
  | { kind: "source"; citation: Citation }
  | { kind: "why"; action: string }
  | { kind: "history" }
  | null;

/** The chat of one person: what waits for them, the conversation, and where they write. */
export function ChatView({ chat, personas, onSignOut, onWaiting }: ChatViewProps) {
  const state = useChat(chat);
  const [open, setOpen] = useState<Open>(null);
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const isBeside = useIsWide(box, 1_100);
  const uploads = useUploads(chat.api, state.me?.maxFileBytes ?? null);
  const identity = chat.api.identity;
  const as = identity !== null && "as" in identity ? identity.as : null;

  const reader = readerOf(state);
  const name = state.me?.principal.name ?? "you";
  const me = state.me?.principal.id ?? as ?? "";
  const context: CardContext = { chat, reader, me, onWhy: (action) => setOpen({ kind: "why", action }) };

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
    <div class={isBeside ? "chat wide" : "chat"} ref={box} {...drop}>
      <div class="under" inert={open !== null}>
        <Header
          me={state.me}
          as={as}
          personas={personas}
          onHistory={() => setOpen({ kind: "history" })}
          onNew={() => {
            chat.startNew();
            field.current?.focus();
          }}
          onSignOut={onSignOut}
        />
        <ConnectionNotice connection={state.connection} />
        <div class="middle">
          <div class="talk">
            {!isBeside && approvals}
            <Conversation
              name={name}
              state={state}
              context={context}
              onCite={(citation) => setOpen({ kind: "source", citation })}
            >
              {!state.isLoaded && <p class="meta center">Opening your conversation</p>}
              {isEmpty && state.problem === null && (
                <FirstVisit state={state} onTry={(prompt) => chat.send(prompt, [])} />
              )}
              {state.problem !== null && (
                <ProblemNote problem={state.problem}>
                  <p>
                    <button type="button" class="button" onClick={chat.reload}>
                      Try again
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
                onText={setText}
                onFiles={addFiles}
              />
            </div>
          </div>
          {isBeside && approvals}
        </div>
      </div>
      {open?.kind === "source" && (
        <DocumentPanel chat={chat} citation={open.citation} onClose={() => setOpen(null)} />
      )}
      {open?.kind === "why" && <WhyPanel chat={chat} action={open.action} onClose={() => setOpen(null)} />}
      {open?.kind === "history" && (
        <HistoryPanel chat={chat} reader={reader} current={state.session} onClose={() => setOpen(null)} />
      )}
      {isOver && <div class="dropzone">Drop the files to attach them</div>}
      <Announcer state={state} />
    </div>
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
