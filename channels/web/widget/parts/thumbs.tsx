import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { MessageItem } from "../state/thread.ts";
import { useVoice } from "../text/texts.ts";
import type { CardContext } from "./card.tsx";
import { useDeed } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { ProblemNote } from "./problem.tsx";

type Props = { readonly item: MessageItem; readonly context: CardContext; readonly time: VNode };
type Verdict = "up" | "down";

/** Whether an answer helped; a word on why is asked, never needed. */
export function Thumbs({ item, context, time }: Props) {
  const { t } = useVoice();
  const [given, setGiven] = useState<Verdict | null>(item.feedback ?? null);
  const [isAsking, setAsking] = useState(false);
  const [comment, setComment] = useState("");
  const { problem, run } = useDeed();
  const tell = (verdict: Verdict | null, words: string | null) => {
    const before = given;
    setGiven(verdict);
    return run(async () => {
      try {
        await context.chat.api.feedback(item.id, verdict, words);
      } catch (thrown) {
        setGiven(before);
        throw thrown;
      }
    });
  };
  const press = (verdict: Verdict) => async () => {
    const next = given === verdict ? null : verdict;
    setAsking(next !== null);
    if (!(await tell(next, null))) setAsking(false);
  };
  const thumb = (verdict: Verdict) => (
    <button
      type="button"
      class={`icon-button small thumb ${verdict}`}
      aria-pressed={given === verdict}
      aria-label={t(verdict === "up" ? "helpful" : "notHelpful")}
      title={t(verdict === "up" ? "helpful" : "notHelpful")}
      onClick={press(verdict)}
    >
      <Icon name="up" />
    </button>
  );
  return (
    <>
      {thumb("up")}
      {thumb("down")}
      {time}
      {given !== null && !isAsking && <span class="meta">{t("thanks")}</span>}
      {isAsking && (
        <form
          class="form comment"
          onSubmit={(event) => {
            event.preventDefault();
            setAsking(false);
            if (comment.trim() !== "") void tell(given, comment.trim());
          }}
        >
          <label>
            <span>{t(given === "up" ? "whatHelped" : "whatWasWrong")}</span>
            <input
              type="text"
              maxLength={1_000}
              dir="auto"
              value={comment}
              onInput={(event) => setComment(event.currentTarget.value)}
            />
          </label>
          <footer>
            <button type="submit" class="button">
              {t(comment.trim() === "" ? "skip" : "send")}
            </button>
          </footer>
        </form>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </>
  );
}
