import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CardItem } from "../../../../src/types/card.ts";
import { useVoice } from "../text/texts.ts";
import type { CardContext } from "./card.tsx";
import type { FormStep } from "./card-forms.tsx";
import { useDeed } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { ProblemNote } from "./problem.tsx";

type Step = "choose" | "confirm" | FormStep;
type Edit = Readonly<Record<string, unknown>>;
/** The forms behind Edit, Refuse and the standing yes; few clicks need them. */
type Forms = typeof import("./card-forms.tsx");

/** Approve, Edit, Refuse. High risk asks once more and names the amount. */
export function CardDecision({ item, context }: { item: CardItem; context: CardContext }) {
  const { t, pieces } = useVoice();
  const [step, setStep] = useState<Step>("choose");
  const [forms, setForms] = useState<Forms | null>(null);
  const [edit, setEdit] = useState<Edit | undefined>();
  const deed = useDeed();
  const { isBusy, problem } = deed;
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<Step>("choose");
  const approval = item.approval;

  // The focus follows the question, so that a keyboard never falls out of the card, and goes back to where it came
  // from. It is never put on a yes: the key that asked, held or pressed twice, would give it.
  useLayoutEffect(() => {
    if (before.current === step) return;
    const to = step === "choose" ? `[data-to=${before.current}]` : "[data-first]";
    before.current = step;
    box.current?.querySelector<HTMLElement>(to)?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "nearest" });
  }, [step]);
  // At rest they come ahead of the click.
  useEffect(() => {
    const soon = setTimeout(() => import("./card-forms.tsx").then(setForms, () => {}), 1_500);
    return () => clearTimeout(soon);
  }, []);

  if (approval === null) return null;
  const act = async (work: () => Promise<void>) => {
    // The buttons go away with the decision: the focus stays on the card.
    const card = box.current?.closest<HTMLElement>("article");
    if (await deed.run(work)) {
      requestAnimationFrame(() => requestAnimationFrame(() => card?.focus({ preventScroll: true })));
    }
  };
  const approve = (changed?: Edit) => act(() => context.chat.approve(approval, changed));
  const wish = (changed?: Edit) => {
    setEdit(changed);
    if (item.risk === "high") setStep("confirm");
    else void approve(changed);
  };
  const back = () => setStep("choose");
  const go = (to: FormStep) => async () => {
    const loaded = forms ?? (await import("./card-forms.tsx").catch(() => null));
    setForms(loaded);
    if (loaded) setStep(to);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || step === "choose") return;
    event.stopPropagation();
    back();
  };
  // What destroys, or stands on words from elsewhere, is asked each time.
  const mayStand = item.risk === "normal" && item.arguments.every((argument) => argument.isGrounded);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves the step; every control inside has its own key
    <div class="decision" ref={box} onKeyDown={onKey}>
      {step === "choose" && (
        <footer>
          <button
            type="button"
            class="button primary"
            data-to="confirm"
            onClick={() => wish()}
            disabled={isBusy}
          >
            <Icon name="check" />
            {t(isBusy ? "approving" : "approve")}
          </button>
          {item.editable.length > 0 && (
            <button type="button" class="button" data-to="edit" onClick={go("edit")} disabled={isBusy}>
              <Icon name="pencil" />
              {t("edit")}
            </button>
          )}
          <button type="button" class="button" data-to="refuse" onClick={go("refuse")} disabled={isBusy}>
            <Icon name="x" />
            {t("refuse")}
          </button>
          {mayStand && (
            <button
              type="button"
              class="button plain"
              data-to="grant"
              onClick={go("grant")}
              disabled={isBusy}
            >
              {t("approveForLater")}
            </button>
          )}
        </footer>
      )}
      {step === "confirm" && (
        <div class="confirm">
          <p tabIndex={-1} data-first>
            {edit === undefined
              ? pieces("approveThis", { what: <b>{item.amountText ?? t("this")}</b> })
              : t("approveChanged")}{" "}
            {item.undoText}
          </p>
          <footer>
            <button type="button" class="button primary" onClick={() => approve(edit)} disabled={isBusy}>
              {isBusy
                ? t("approving")
                : edit === undefined
                  ? t("yesApprove", { what: item.amountText ?? "" }).trim()
                  : t("yesChanged")}
            </button>
            <button type="button" class="button" onClick={back} disabled={isBusy}>
              {t("back")}
            </button>
          </footer>
        </div>
      )}
      {step !== "choose" && step !== "confirm" && forms && (
        <forms.CardForm
          step={step}
          item={item}
          isBusy={isBusy}
          onBack={back}
          onEdit={wish}
          onRefuse={(reason) => act(() => context.chat.refuse(approval, reason))}
          onGrant={(until) => act(() => context.chat.approveUntil(approval, item.digest, until))}
        />
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </div>
  );
}
