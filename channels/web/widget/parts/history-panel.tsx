import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionRow } from "../state/api.ts";
import type { Chat } from "../state/chat.ts";
import { panelApi } from "../state/panel-api.ts";
import { plainName } from "../text/plain.ts";
import { useVoice } from "../text/texts.ts";
import { ago } from "../text/time.ts";
import { useDeed, useNow } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { Panel } from "./panel.tsx";
import { useLoaded } from "./panel-hooks.ts";
import { ProblemNote } from "./problem.tsx";

type Props = { chat: Chat; current: string | null; onClose: () => void };
const TYPING_MS = 250;

/** One's conversations, the latest first: found by their titles and words, renamed, taken along as a file. */
export function HistoryPanel({ chat, current, onClose }: Props) {
  const { t } = useVoice();
  const [typed, setTyped] = useState("");
  const words = useSettled(typed.trim(), TYPING_MS);
  const [version, setVersion] = useState(0);
  const { value, problem } = useLoaded(() => chat.api.sessions(words), [words, version]);
  const found = value?.sessions;
  return (
    <Panel title={t("conversations")} onClose={onClose}>
      <label class="search">
        <Icon name="search" />
        <span class="sr">{t("searchConversations")}</span>
        <input
          type="search"
          value={typed}
          maxLength={200}
          placeholder={t("searchConversations")}
          dir="auto"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {problem !== null && <ProblemNote problem={problem} />}
      <p class="meta" role="status">
        {found === undefined
          ? problem === null && t("lookingFor")
          : words !== ""
            ? t("found", { n: found.length })
            : found.length === 0 && t("noneYet")}
      </p>
      <ul class="rows">
        {found?.map((session) => (
          <Row
            key={session.id}
            chat={chat}
            session={session}
            isCurrent={session.id === current}
            onOpen={() => {
              void chat.open(session.id);
              onClose();
            }}
            onRenamed={() => setVersion(version + 1)}
          />
        ))}
      </ul>
    </Panel>
  );
}

/** A value once it has been the same for a while. */
function useSettled(value: string, forMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}

type RowProps = {
  chat: Chat;
  session: SessionRow;
  isCurrent: boolean;
  onOpen: () => void;
  onRenamed: () => void;
};

function Row({ chat, session, isCurrent, onOpen, onRenamed }: RowProps) {
  const voice = useVoice();
  const { t } = voice;
  const now = useNow(60_000);
  const [draft, setDraft] = useState<string | null>(null);
  const { isBusy, problem, run } = useDeed();
  const name = plainName(session.title) || t("untitled");
  const field = useRef<HTMLInputElement>(null);
  const isRenaming = draft !== null;
  const opener = useRef<HTMLButtonElement>(null);
  const wasRenaming = useRef(false);
  useEffect(() => {
    if (isRenaming) field.current?.select();
    else if (wasRenaming.current) opener.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);
  const rename = async (event: Event) => {
    event.preventDefault();
    const title = draft?.trim() ?? "";
    if (title === "") return;
    if (await run(() => panelApi(chat.api).rename(session.id, title))) {
      setDraft(null);
      onRenamed();
    }
  };
  return (
    <li>
      {draft === null ? (
        <div class="session">
          <button
            type="button"
            class="row-button"
            aria-current={isCurrent ? "true" : undefined}
            onClick={onOpen}
          >
            <bdi class="name">{name}</bdi>
            <time class="meta" dateTime={session.updatedAt}>
              {ago(new Date(session.updatedAt), voice, now)}
            </time>
            {session.excerpt && (
              <span class="meta excerpt" dir="auto">
                {session.excerpt}
              </span>
            )}
          </button>
          <button
            type="button"
            class="icon-button"
            ref={opener}
            aria-label={t("rename", { name })}
            title={t("renameShort")}
            onClick={() => setDraft(session.title)}
          >
            <Icon name="pencil" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t("export", { name })}
            title={t("exportShort")}
            onClick={() =>
              run(async () => save(await panelApi(chat.api).transcript(session.id, "markdown", voice.locale)))
            }
          >
            <Icon name="save" />
          </button>
        </div>
      ) : (
        <form class="form" onSubmit={rename}>
          <label>
            <span>{t("newName")}</span>
            <input
              type="text"
              ref={field}
              required
              maxLength={120}
              dir="auto"
              value={draft}
              onInput={(event) => setDraft(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== "Escape") return;
                event.stopPropagation();
                setDraft(null);
              }}
            />
          </label>
          <footer class="row">
            <button type="submit" class="button primary" disabled={isBusy || draft.trim() === ""}>
              {t("save")}
            </button>
            <button type="button" class="button" onClick={() => setDraft(null)}>
              {t("back")}
            </button>
          </footer>
        </form>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </li>
  );
}

/** Hands a text over as a file, without asking the server again. */
function save({ name, text }: { name: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
