import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useState } from "preact/hooks";
import type { Chat, ChatState } from "../state/chat.ts";
import type { useUploads } from "../state/uploads.ts";
import { plainName } from "../text/plain.ts";
import { useVoice } from "../text/texts.ts";
import { fileSize } from "../text/time.ts";
import { Icon } from "./icon.tsx";
import { useProblemText } from "./problem.tsx";

/** Longest message the server takes (MSG-413). */
const MAX_CHARACTERS = 20_000;
const MAX_HEIGHT_PX = 200;

type Props = {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly isWorking: boolean;
  readonly uploads: ReturnType<typeof useUploads>;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onFiles: (files: Iterable<File>) => void;
};

/** Where one writes. Enter sends, Shift+Enter breaks the line, ↑ takes up the last message, / shows prompts. */
export function Composer({ chat, state, isWorking, uploads, field, text, onText, onFiles }: Props) {
  const voice = useVoice();
  const { t } = voice;
  const problemText = useProblemText();
  const listId = useId();
  const [at, setAt] = useState(0);
  const [isClosed, setClosed] = useState(false);
  /** Sent while a file was still on its way: it goes with it. */
  const [isDue, setDue] = useState(false);
  const prompts = text.startsWith("/") && !isClosed ? promptsFor(state, text.slice(1)) : [];
  const chosen = Math.min(at, prompts.length - 1);
  const isUploading = uploads.list.some((each) => each.file === null && each.problem === null);
  const files = uploads.list.flatMap((each) => (each.file === null ? [] : [each.file]));
  const isLong = text.length > MAX_CHARACTERS;
  const isReady = (text.trim() !== "" || files.length > 0) && !isUploading && !isLong;

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, MAX_HEIGHT_PX)}px`;
    // Another language has other words in an empty field.
  }, [text, field, t]);

  const send = () => {
    setDue(isUploading);
    if (!isReady) return;
    chat.send(text.trim(), files);
    uploads.clear();
    onText("");
  };
  useEffect(() => {
    if (!isDue || isUploading) return;
    // One that could not be attached is for the writer to see first.
    if (uploads.list.some((each) => each.problem)) setDue(false);
    else send();
  });
  const pick = (prompt: string) => {
    onText(prompt);
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (prompts.length > 0) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : prompts.length - 1;
        return setAt((chosen + step) % prompts.length);
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        return setClosed(true);
      }
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        return pick(prompts[chosen] ?? "");
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text === "") {
      const last = lastOwn(state);
      if (last === null) return;
      event.preventDefault();
      onText(last);
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {prompts.length > 0 && (
        <div class="prompts" role="listbox" id={listId} aria-label={t("prompts")}>
          {prompts.map((prompt, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text field holds the focus and moves the choice
            <div
              key={prompt}
              id={`${listId}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === chosen}
              onClick={() => pick(prompt)}
            >
              <bdi>{prompt}</bdi>
            </div>
          ))}
        </div>
      )}
      {uploads.list.length > 0 && (
        <ul class="files">
          {uploads.list.map((each) => (
            <li key={each.key} class={each.problem ? "bad" : ""}>
              <Icon name={each.problem ? "alert" : "file"} />
              <bdi class="name">{plainName(each.name)}</bdi>
              <span class="meta" role={each.problem ? "alert" : undefined}>
                {each.problem
                  ? voice.pieces("notAttached", { why: <bdi>{problemText(each.problem)}</bdi> })
                  : each.file
                    ? fileSize(each.bytes, voice)
                    : `${Math.round(each.done * 100)} %`}
              </span>
              {each.file === null && each.problem === null && (
                <progress
                  value={each.done}
                  max={1}
                  aria-label={t("sendingFile", { name: plainName(each.name) })}
                />
              )}
              <button
                type="button"
                class="icon-button small"
                aria-label={t("removeFile", { name: plainName(each.name) })}
                onClick={() => uploads.remove(each.key)}
              >
                <Icon name="x" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="field">
        <label class="icon-button attach" title={t("attach")}>
          <Icon name="clip" size={20} />
          <span class="sr">{t("attach")}</span>
          <input
            type="file"
            multiple
            class="sr"
            onChange={(event) => {
              onFiles([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={t("messageTo")}
          placeholder={t("placeholder")}
          dir="auto"
          {...(prompts.length > 0
            ? {
                "aria-controls": listId,
                "aria-activedescendant": `${listId}-${chosen}`,
                "aria-autocomplete": "list" as const,
              }
            : {})}
          onInput={(event) => {
            setClosed(false);
            setDue(false);
            onText(event.currentTarget.value);
          }}
          onKeyDown={onKey}
          onPaste={(event) => {
            const pasted = event.clipboardData?.files;
            if (!pasted || pasted.length === 0) return;
            event.preventDefault();
            onFiles([...pasted]);
          }}
        />
        {isWorking && text === "" ? (
          <button
            type="button"
            class="icon-button round"
            aria-label={t("stop")}
            title={t("stop")}
            onClick={() => void chat.stop()}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="icon-button round primary"
            aria-label={t("send")}
            title={t("send")}
            disabled={!isReady}
          >
            <Icon name="send" size={20} />
          </button>
        )}
      </div>
      {isLong && (
        <p class="wrong" role="alert">
          {t("tooLong", { n: text.length, max: MAX_CHARACTERS })}
        </p>
      )}
    </form>
  );
}

function promptsFor(state: ChatState, typed: string): readonly string[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const all = state.me?.suggestions ?? [];
  return all.filter((prompt) => words.every((word) => prompt.toLowerCase().includes(word))).slice(0, 8);
}

/** The last message one wrote oneself, to be written anew. */
function lastOwn(state: ChatState): string | null {
  const waiting = state.outgoing.at(-1);
  if (waiting) return waiting.text;
  const { items } = state.thread;
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (item?.kind === "message" && item.author.id === state.me?.principal.id) return item.text;
  }
  return null;
}
