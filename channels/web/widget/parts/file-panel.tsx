import { useEffect, useRef, useState } from "preact/hooks";
import type { FileFields } from "../../../../src/types/file-fields.ts";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { Chat } from "../state/chat.ts";
import { panelApi } from "../state/panel-api.ts";
import { dateOnly } from "../text/dates.ts";
import { plainName } from "../text/plain.ts";
import { useVoice, type Voice } from "../text/texts.ts";
import { money } from "../text/time.ts";
import type { OpenPdf } from "./draw-pdf.ts";
import { FilePage, Picture } from "./file-page.tsx";
import { Icon } from "./icon.tsx";
import { Panel } from "./panel.tsx";
import { useLoaded } from "./panel-hooks.ts";
import { ProblemNote } from "./problem.tsx";

type Props = { chat: Chat; file: FileRef; turn: string | null; onClose: () => void };

/** What was read from an invoice, beside its page with the place of each value marked. */
export function FilePanel({ chat, file, turn, onClose }: Props) {
  const { t, say } = useVoice();
  const { value, problem } = useLoaded(() => panelApi(chat.api).file(file.id, turn));
  const [chosen, setChosen] = useState<string | null>(null);
  const isPicture = file.mediaType.startsWith("image/");
  // Pages that the server read have passed its guards; what it refused is not opened here either.
  const hasPages = (value?.pages.length ?? 0) > 0;
  const { content, pdf } = useContent(chat, file, turn, isPicture ? "picture" : hasPages ? "pdf" : null);
  const body = useRef<HTMLDivElement>(null);
  const choose = (name: string) => {
    setChosen(name);
    requestAnimationFrame(() =>
      body.current?.querySelector(`[data-field="${CSS.escape(name)}"]`)?.scrollIntoView({ block: "center" }),
    );
  };
  return (
    <Panel title={plainName(file.name)} note={t("readFromFile")} isWide onClose={onClose}>
      {problem !== null && <ProblemNote problem={problem} />}
      {value === null && problem === null && <p class="meta">{t("readingFile")}</p>}
      {value?.problem && (
        <p class="note" dir="auto">
          <Icon name="info" />
          {say(value.problem)}
        </p>
      )}
      {value !== null && (
        <div class="sheet" ref={body}>
          <div class="read">
            <Fields view={value} chosen={chosen} onChoose={choose} />
            {value.checks.map((check) => (
              <p class={check.ok ? "because" : "because wrong"} key={check.text}>
                <Icon name={check.ok ? "check" : "alert"} />
                <bdi>{say(check.text)}</bdi>
              </p>
            ))}
          </div>
          {value.pages.length > 0 && (
            <div class="pages">
              {value.pages.map((page) => (
                <FilePage key={page.number} page={page} view={value} chosen={chosen} pdf={pdf} />
              ))}
            </div>
          )}
          {isPicture && content && <Picture content={content} name={plainName(file.name)} />}
        </div>
      )}
    </Panel>
  );
}

type Content = { readonly content: Uint8Array<ArrayBuffer> | null; readonly pdf: OpenPdf | null };

/** The file itself, to be drawn: the words that were read from it are there before, and stay where it does not come. */
function useContent(chat: Chat, file: FileRef, turn: string | null, kind: "picture" | "pdf" | null): Content {
  const [found, setFound] = useState<Content>({ content: null, pdf: null });
  useEffect(() => {
    if (kind === null) return;
    let isGone = false;
    let opened: OpenPdf | null = null;
    const load = async () => {
      const content = await panelApi(chat.api).content(file.id, turn);
      if (isGone) return;
      if (kind === "picture") return setFound({ content, pdf: null });
      const { openPdf } = await import("./draw-pdf.ts");
      opened = await openPdf(content);
      if (isGone) opened.close();
      else setFound({ content: null, pdf: opened });
    };
    load().catch(() => {});
    return () => {
      isGone = true;
      opened?.close();
    };
  }, [kind]);
  return found;
}

type FieldsProps = { view: FileFields; chosen: string | null; onChoose: (name: string) => void };

function Fields({ view, chosen, onChoose }: FieldsProps) {
  const voice = useVoice();
  const { t } = voice;
  const currency = view.fields.find((field) => field.currency !== null)?.currency ?? null;
  return (
    <dl class="facts">
      {view.fields.map((field) => (
        <div key={field.name}>
          <dt>{t(`field_${field.name}` as "field_number")}</dt>
          <dd>
            {field.box === null ? (
              <b>
                <bdi>{valueText(field, voice)}</bdi>
              </b>
            ) : (
              <button
                type="button"
                class="link"
                aria-pressed={chosen === field.name}
                title={t("showOnPage", { n: field.page ?? 1 })}
                onClick={() => onChoose(field.name)}
              >
                <bdi>{valueText(field, voice)}</bdi>
              </button>
            )}
            {field.path !== null && (
              <span class="meta">
                <bdi>{field.path}</bdi>
              </span>
            )}
          </dd>
        </div>
      ))}
      {view.lines.map((line, i) => (
        <div key={i}>
          <dt>{t("line", { n: i + 1 })}</dt>
          <dd>
            <bdi>{line.text}</bdi> {line.amount !== null && <b>{money(line.amount, currency, voice)}</b>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function valueText(field: FileFields["fields"][number], voice: Voice): string {
  if (field.kind === "money") return money(field.value, field.currency, voice);
  return field.kind === "date" ? dateOnly(field.value, voice) : field.value;
}
