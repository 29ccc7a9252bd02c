import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../../../../src/types/card.ts";
import type { Citation } from "../../../../src/types/passage.ts";
import type { DocumentView } from "../state/api.ts";
import type { Chat } from "../state/chat.ts";
import { findQuote } from "../text/find-quote.ts";
import { Markdown } from "../text/markdown.tsx";
import { useVoice } from "../text/texts.ts";
import { moment } from "../text/time.ts";
import { useLoaded } from "./hooks.ts";
import { Files } from "./message.tsx";
import type { Open } from "./open-panel.tsx";
import { Panel } from "./panel.tsx";
import { ProblemNote } from "./problem.tsx";

type DocumentProps = { chat: Chat; citation: Citation; onClose: () => void };

/** The document that an answer stands on, at the passage, with the quoted words marked. */
export function DocumentPanel({ chat, citation, onClose }: DocumentProps) {
  const { t } = useVoice();
  const { value, problem } = useLoaded<DocumentView>(() =>
    chat.api.document(citation.document, citation.passage),
  );
  const passage = useRef<HTMLElement>(null);
  useEffect(() => passage.current?.scrollIntoView({ block: "center" }), [value]);
  const title = value?.title ?? (citation.title || t("sourceDocument"));
  let heading = "";
  return (
    <Panel
      title={title}
      note={title === t("sourceDocument") ? undefined : t("sourceDocument")}
      onClose={onClose}
    >
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("openingDocument")}</p>}
      {value?.passages.map((part) => {
        const above = part.headings.filter((each) => each !== title).join(" › ");
        const isNew = above !== heading;
        heading = above;
        const isCited = part.id === citation.passage;
        return (
          <section key={part.id} class={isCited ? "passage cited" : "passage"} ref={isCited ? passage : null}>
            {isCited && <p class="label">{t("quotedPassage")}</p>}
            {isNew && above !== "" && <h3 dir="auto">{above}</h3>}
            {isCited ? <Marked text={part.text} quote={citation.quote} /> : <Markdown text={part.text} />}
          </section>
        );
      })}
      {value !== null &&
        citation.passage !== "" &&
        !value.passages.some((part) => part.id === citation.passage) && (
          <p class="meta">{t("passageGone")}</p>
        )}
    </Panel>
  );
}

function Marked({ text, quote }: { text: string; quote: string }) {
  const found = findQuote(text, quote);
  if (found === null) return <Markdown text={text} />;
  return (
    <p class="own" dir="auto">
      {text.slice(0, found.from)}
      <mark>{text.slice(found.from, found.to)}</mark>
      {text.slice(found.to)}
    </p>
  );
}

/** Why an action was decided as it was: the record in words. */
export function WhyPanel({ chat, action, onClose }: { chat: Chat; action: string; onClose: () => void }) {
  const { t } = useVoice();
  const { value, problem } = useLoaded(() => chat.api.why(action));
  return (
    <Panel title={t("why")} note={t("fromRecord")} onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("readingRecord")}</p>}
      {value !== null && <Markdown text={value.text} />}
    </Panel>
  );
}

type RequestProps = { chat: Chat; card: Card; show: (open: Open) => void; onClose: () => void };

/** What was asked for with a card: the request as it was written, and no more of somebody else's conversation. */
export function RequestPanel({ chat, card, show, onClose }: RequestProps) {
  const voice = useVoice();
  const { t } = voice;
  const { value, problem } = useLoaded(() => chat.api.request(card.id));
  const session = value?.session ?? null;
  return (
    <Panel title={t("requestOf", { name: card.requester.name })} onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("opening")}</p>}
      {value !== null && (
        <>
          <time class="meta" dateTime={value.at}>
            {moment(new Date(value.at), voice, new Date())}
          </time>
          <p class="bubble own" dir="auto">
            {value.text}
          </p>
          <Files files={value.files} show={show} turn={card.id} />
          <p class="label">{t("ledTo")}</p>
          <ul class="led">
            {card.items.map((item) => (
              <li key={item.action} dir="auto">
                {item.line}
              </li>
            ))}
          </ul>
          {session === null ? (
            <p class="meta">{t("restIsTheirs", { name: value.author.name })}</p>
          ) : (
            <p>
              <button
                type="button"
                class="button"
                onClick={() => {
                  void chat.open(session);
                  onClose();
                }}
              >
                {t("openConversation")}
              </button>
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
