import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../../../../src/types/card.ts";
import type { Citation } from "../../../../src/types/passage.ts";
import type { RequestReply } from "../../../../src/types/request-view.ts";
import type { Chat } from "../state/chat.ts";
import { type DocumentView, panelApi } from "../state/panel-api.ts";
import { findQuote } from "../text/find-quote.ts";
import { Markdown } from "../text/markdown.tsx";
import { useVoice } from "../text/texts.ts";
import { moment } from "../text/time.ts";
import { CardView } from "./card.tsx";
import { useChat } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { Files, Sources } from "./message.tsx";
import type { Open } from "./open-panel.tsx";
import { Panel } from "./panel.tsx";
import { useLoaded } from "./panel-hooks.ts";
import { ProblemNote } from "./problem.tsx";

type DocumentProps = { chat: Chat; citation: Citation; onClose: () => void };

/** The document that an answer stands on, at the passage, with the quoted words marked. */
export function DocumentPanel({ chat, citation, onClose }: DocumentProps) {
  const { t } = useVoice();
  const { value, problem } = useLoaded<DocumentView>(() =>
    panelApi(chat.api).document(citation.document, citation.passage),
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
  const { value, problem } = useLoaded(() => panelApi(chat.api).why(action));
  return (
    <Panel title={t("why")} note={t("fromRecord")} onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("readingRecord")}</p>}
      {value !== null && <Markdown text={value.text} />}
    </Panel>
  );
}

type RequestProps = { chat: Chat; card: Card; show: (open: Open) => void; onClose: () => void };

/**
 * A request as whoever decides it may see it: what was asked, what Steward said to it as far as they may read that, and
 * the card. No more of somebody else's conversation.
 */
export function RequestPanel({ chat, card: first, show: over, onClose }: RequestProps) {
  const { t } = useVoice();
  const show = (open: Open) => over({ ...open, back: { kind: "request", card: first } });
  const { approvals, newer, me } = useChat(chat);
  const { value, problem } = useLoaded(() => panelApi(chat.api).request(first.id));
  const card = newer.get(first.id) ?? approvals.cards.find(({ id }) => id === first.id) ?? first;
  const said = value?.replies?.map((reply) => (reply.kind === "said" ? reply.text : "")).join("\n");
  const session = value?.session ?? null;
  return (
    <Panel title={t("requestOf", { name: card.requester.name })} note={t("saidToRequest")} onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("opening")}</p>}
      {value !== null && (
        <>
          <div class="said other">
            <div class="bubble">
              <p class="own" dir="auto">
                {value.text}
              </p>
              <Files files={value.files} show={show} turn={card.id} />
            </div>
            <Time at={value.at} />
          </div>
          {value.replies?.map((reply) => (
            <Reply key={reply.id} reply={reply} show={show} />
          ))}
          {value.replies === null && <p class="meta">{t("repliesForDeciders")}</p>}
          <CardView
            card={card}
            context={{ chat, show, me: me?.principal.id ?? "" }}
            isElsewhere={false}
            said={said ?? ""}
          />
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

function Time({ at }: { at: string }) {
  const voice = useVoice();
  return (
    <time class="meta" dateTime={at}>
      {moment(new Date(at), voice, new Date())}
    </time>
  );
}

/** What Steward said; what this reader may not read is a line in its place. */
function Reply({ reply, show }: { reply: RequestReply; show: (open: Open) => void }) {
  const { t } = useVoice();
  if (reply.kind === "withheld")
    return (
      <p class="note">
        <Icon name="shield" />
        <span>{t("withheld")}</span>
      </p>
    );
  const { text, citations, note } = reply;
  const cite = (citation: Citation) => show({ kind: "source", citation });
  return (
    <div class="said assistant">
      <span class="sr">Steward:</span>
      <Markdown
        text={text}
        citations={citations.length}
        onCite={(number) => {
          const citation = citations[number - 1];
          if (citation) cite(citation);
        }}
      />
      <Sources citations={citations} onCite={cite} />
      {note && (
        <p class="meta aside" dir="auto">
          {note}
        </p>
      )}
      <Time at={reply.at} />
    </div>
  );
}
