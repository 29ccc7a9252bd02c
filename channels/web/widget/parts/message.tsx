import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { Citation } from "../../../../src/types/passage.ts";
import type { Outgoing } from "../state/outbox.ts";
import type { MessageItem } from "../state/thread.ts";
import { fileSize } from "../text/amount.ts";
import { Markdown } from "../text/markdown.tsx";
import { plainName } from "../text/plain.ts";
import { clock, type Reader } from "../text/time.ts";
import { Icon } from "./icon.tsx";
import { Avatar } from "./person.tsx";

type MessageProps = {
  readonly item: MessageItem;
  readonly me: string;
  readonly reader: Reader;
  readonly onCite: (citation: Citation) => void;
};

/** A message of the thread: the assistant's on the page, one's own in a quiet tint, others' with their name. */
export function Message({ item, me, reader, onCite }: MessageProps) {
  const isMine = item.author.id === me && !item.author.isAssistant;
  const time = (
    <time class="when" dateTime={item.at}>
      {clock(new Date(item.at), reader)}
    </time>
  );
  if (item.author.isAssistant) {
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
        {item.note !== null && item.note !== "" && <p class="meta aside">{item.note}</p>}
        {time}
      </div>
    );
  }
  return (
    <div class={isMine ? "said mine" : "said other"}>
      {isMine ? (
        <span class="sr">You:</span>
      ) : (
        <p class="author">
          <Avatar name={item.author.name} />
          <b>{item.author.name}</b>
        </p>
      )}
      <div class="bubble">
        {item.text !== "" && (
          <p class="own">
            <bdi>{item.text}</bdi>
          </p>
        )}
        <Files files={item.files} />
      </div>
      {time}
    </div>
  );
}

type OutgoingProps = { item: Outgoing; onRetry: () => void; onDiscard: () => void };

/** A message on its way, shown at once. */
export function OutgoingMessage({ item, onRetry, onDiscard }: OutgoingProps) {
  return (
    <div class="said mine">
      <span class="sr">You:</span>
      <div class={item.status === "accepted" ? "bubble" : "bubble faint"}>
        {item.text !== "" && (
          <p class="own">
            <bdi>{item.text}</bdi>
          </p>
        )}
        <Files files={item.files} />
      </div>
      {item.status === "kept" && (
        <p class="meta sent">Not sent yet. It goes by itself when Steward is reached again.</p>
      )}
      {item.status === "failed" && (
        <div class="note bad" role="alert">
          <Icon name="alert" />
          <div>
            <p>
              This was not sent. {item.problem?.message} {item.problem?.remedy}
            </p>
            <p class="row">
              <button type="button" class="button" onClick={onRetry}>
                Send again
              </button>
              <button type="button" class="button plain" onClick={onDiscard}>
                Discard
              </button>
              {item.problem !== null && <span class="meta">Code {item.problem.code}</span>}
            </p>
          </div>
        </div>
      )}
    </div>
  );
}

function Files({ files }: { files: readonly FileRef[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="files">
      {files.map((file) => (
        <li key={file.id}>
          <Icon name="file" />
          <bdi class="name">{plainName(file.name)}</bdi>
          <span class="meta">{fileSize(file.bytes)}</span>
        </li>
      ))}
    </ul>
  );
}

function Sources({
  citations,
  onCite,
}: {
  citations: readonly Citation[];
  onCite: (citation: Citation) => void;
}) {
  if (citations.length === 0) return null;
  return (
    <ul class="sources" aria-label="Sources">
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
