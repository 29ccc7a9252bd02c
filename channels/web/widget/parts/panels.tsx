import { useEffect, useRef, useState } from "preact/hooks";
import type { Citation } from "../../../../src/types/passage.ts";
import { asProblem, type DocumentView, type Problem, type SessionRow } from "../state/api.ts";
import type { Chat } from "../state/chat.ts";
import { findQuote } from "../text/find-quote.ts";
import { Markdown } from "../text/markdown.tsx";
import { ago, type Reader } from "../text/time.ts";
import { useNow } from "./hooks.ts";
import { Panel } from "./panel.tsx";
import { ProblemNote } from "./problem.tsx";

/** Loads once; the problem when it could not. */
function useLoaded<T>(load: () => Promise<T>): { value: T | null; problem: Problem | null } {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isGone = false;
    load().then(
      (answer) => isGone || setValue(answer),
      (thrown) => isGone || setProblem(asProblem(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return { value, problem };
}

type DocumentProps = { chat: Chat; citation: Citation; onClose: () => void };

/** The document that an answer stands on, at the passage, with the quoted words marked. */
export function DocumentPanel({ chat, citation, onClose }: DocumentProps) {
  const { value, problem } = useLoaded<DocumentView>(() =>
    chat.api.document(citation.document, citation.passage),
  );
  const passage = useRef<HTMLElement>(null);
  useEffect(() => passage.current?.scrollIntoView({ block: "center" }), [value]);
  const title = value?.title ?? citation.title;
  let heading = "";
  return (
    <Panel title={title} note="Source document" onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">Opening the document</p>}
      {value?.passages.map((part) => {
        const above = part.headings.filter((each) => each !== title).join(" › ");
        const isNew = above !== heading;
        heading = above;
        const isCited = part.id === citation.passage;
        return (
          <section key={part.id} class={isCited ? "passage cited" : "passage"} ref={isCited ? passage : null}>
            {isCited && <p class="label">Quoted passage</p>}
            {isNew && above !== "" && <h3>{above}</h3>}
            {isCited ? <Marked text={part.text} quote={citation.quote} /> : <Markdown text={part.text} />}
          </section>
        );
      })}
      {value !== null && !value.passages.some((part) => part.id === citation.passage) && (
        <p class="meta">The quoted passage is no longer in this document. It may have been changed since.</p>
      )}
    </Panel>
  );
}

function Marked({ text, quote }: { text: string; quote: string }) {
  const found = findQuote(text, quote);
  if (found === null) return <Markdown text={text} />;
  return (
    <p class="own">
      {text.slice(0, found.from)}
      <mark>{text.slice(found.from, found.to)}</mark>
      {text.slice(found.to)}
    </p>
  );
}

/** Why an action was decided as it was: the record in words. */
export function WhyPanel({ chat, action, onClose }: { chat: Chat; action: string; onClose: () => void }) {
  const { value, problem } = useLoaded(() => chat.api.why(action));
  return (
    <Panel title="Why?" note="From the record of this action" onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">Reading the record</p>}
      {value !== null && <Markdown text={value.text} />}
    </Panel>
  );
}

type HistoryProps = { chat: Chat; reader: Reader; current: string | null; onClose: () => void };

/** One's conversations, the latest first. */
export function HistoryPanel({ chat, reader, current, onClose }: HistoryProps) {
  const { value, problem } = useLoaded(() => chat.api.sessions());
  const now = useNow(60_000);
  const open = (session: SessionRow) => {
    void chat.open(session.id);
    onClose();
  };
  return (
    <Panel title="Conversations" onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">Looking for your conversations</p>}
      {value?.sessions.length === 0 && <p class="meta">None yet. Your first message begins one.</p>}
      <ul class="rows">
        {value?.sessions.map((session) => (
          <li key={session.id}>
            <button
              type="button"
              class="row-button"
              aria-current={session.id === current ? "true" : undefined}
              onClick={() => open(session)}
            >
              <bdi class="name">{session.title || "Untitled"}</bdi>
              <time class="meta" dateTime={session.updatedAt}>
                {ago(new Date(session.updatedAt), reader, now)}
              </time>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
