import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { Citation } from "../../../../src/types/passage.ts";
import type { Outgoing } from "../state/outbox.ts";
import type { MessageItem } from "../state/thread.ts";
import { Markdown } from "../text/markdown.tsx";
import { plainName } from "../text/plain.ts";
import { useVoice } from "../text/texts.ts";
import { clock, fileSize } from "../text/time.ts";
import type { CardContext } from "./card.tsx";
import { Icon } from "./icon.tsx";
import { Avatar } from "./person.tsx";
import { useProblemText } from "./problem.tsx";
import { Thumbs } from "./thumbs.tsx";

type MessageProps = { readonly item: MessageItem; readonly context: CardContext };

/** A message of the thread: the assistant's on the page, one's own in a quiet tint, others' with their name. */
export function Message({ item, context }: MessageProps) {
  const voice = useVoice();
  const { author } = item;
  const onCite = (citation: Citation) => context.show({ kind: "source", citation });
  const time = (
    <time class="when" dateTime={item.at}>
      {clock(new Date(item.at), voice)}
    </time>
  );
  if (author.isAssistant) {
    return (
      <div class="said assistant">
        <span class="sr">Steward:</span>
        <Markdown
          text={item.text}
          citations={item.citations.length}
          onCite={(number) => {
            const citation = item.citations[number - 1];
            if (citation) onCite(citation);
          }}
        />
        <Files files={item.files} />
        <Sources citations={item.citations} onCite={onCite} />
        {item.note !== null && item.note !== "" && (
          <p class="meta aside" dir="auto">
            {item.note}
          </p>
        )}
        <div class="tail">
          {item.turn !== null && <Thumbs item={item} context={context} time={time} />}
          {item.turn === null && time}
        </div>
      </div>
    );
  }
  const isMine = author.id === context.me;
  return (
    <div class={isMine ? "said mine" : "said other"}>
      {isMine ? (
        <span class="sr">{voice.t("youSaid")}</span>
      ) : (
        <p class="author">
          <Avatar name={author.name} />
          <b>{author.name}</b>
        </p>
      )}
      <Bubble text={item.text} files={item.files} show={context.show} />
      <div class="tail">{time}</div>
    </div>
  );
}

type BubbleProps = {
  text: string;
  files: readonly FileRef[];
  isFaint?: boolean;
  show?: CardContext["show"];
};

function Bubble({ text, files, isFaint, show }: BubbleProps) {
  return (
    <div class={isFaint ? "bubble faint" : "bubble"}>
      {text !== "" && (
        <p class="own" dir="auto">
          {text}
        </p>
      )}
      <Files files={files} show={show} />
    </div>
  );
}

type OutgoingProps = { item: Outgoing; onRetry: () => void; onDiscard: () => void };

/** A message on its way, shown at once. */
export function OutgoingMessage({ item, onRetry, onDiscard }: OutgoingProps) {
  const { t } = useVoice();
  const problemText = useProblemText();
  return (
    <div class="said mine">
      <span class="sr">{t("youSaid")}</span>
      <Bubble text={item.text} files={item.files} isFaint={item.status !== "accepted"} />
      {item.status === "kept" && <p class="meta sent">{t("notSentYet")}</p>}
      {item.status === "failed" && (
        <div class="note bad" role="alert">
          <Icon name="alert" />
          <div>
            <p>
              {t("notSent")} <bdi>{item.problem && problemText(item.problem)}</bdi>
            </p>
            <p class="row">
              <button type="button" class="button" onClick={onRetry}>
                {t("sendAgain")}
              </button>
              <button type="button" class="button plain" onClick={onDiscard}>
                {t("discard")}
              </button>
              {item.problem !== null && <span class="meta">{t("code", { code: item.problem.code })}</span>}
            </p>
          </div>
        </div>
      )}
    </div>
  );
}

/** Kinds that can be looked at, beside what was read from them. */
const READABLE = /^(?:application\/(?:pdf|xml)|image\/.*)$/;

type FilesProps = {
  files: readonly FileRef[];
  show?: CardContext["show"] | undefined;
  /** The request that they belong to, when it is somebody else's. */
  turn?: string;
};

/** Files by name; of those that can be read, what was read from them is one click away. */
export function Files({ files, show, turn }: FilesProps) {
  const voice = useVoice();
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map((file) => {
        const words = (
          <>
            <Icon name="file" />
            <bdi class="name">{plainName(file.name)}</bdi>
            <span class="meta">{fileSize(file.bytes, voice)}</span>
          </>
        );
        return (
          <li key={file.id}>
            {show && READABLE.test(file.mediaType) ? (
              <button
                type="button"
                class="file"
                title={voice.t("lookAtFile")}
                onClick={() => show({ kind: "file", file, ...(turn ? { turn } : {}) })}
              >
                {words}
              </button>
            ) : (
              words
            )}
          </li>
        );
      })}
    </ul>
  );
}

type SourcesProps = { citations: readonly Citation[]; onCite: (citation: Citation) => void };

/** The sources of an answer, each one click away. */
export function Sources({ citations, onCite }: SourcesProps) {
  const { t } = useVoice();
  if (citations.length === 0) return null;
  return (
    <ul class="sources" aria-label={t("sources")}>
      {citations.map((citation, i) => (
        <li key={`${citation.document}${citation.passage}`}>
          <button
            type="button"
            class="source"
            onClick={() => onCite(citation)}
            title={citation.quote.slice(0, 200)}
          >
            <span class="number">{i + 1}</span>
            <bdi class="name">{citation.title}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
