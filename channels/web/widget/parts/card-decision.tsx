import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CardItem } from "../../../../src/types/card.ts";
import type { CardContext } from "./card.tsx";
import { CardEdit } from "./card-edit.tsx";
import { useDeed } from "./hooks.ts";
import { Icon } from "./icon.tsx";
import { ProblemNote } from "./problem.tsx";

type Step = "choose" | "confirm" | "edit" | "refuse";
type Edit = Readonly<Record<string, unknown>>;

/** Approve, Edit, Refuse. High risk asks once more and names the amount. */
export function CardDecision({ item, context }: { item: CardItem; context: CardContext }) {
  const [step, setStep] = useState<Step>("choose");
  const [edit, setEdit] = useState<Edit | undefined>();
  const deed = useDeed();
  const { isBusy, problem } = deed;
  const box = useRef<HTMLDivElement>(null);
  const hasMoved = useRef(false);
  const approval = item.approval;

  // The focus follows the question, so that a keyboard never falls out of the card.
  useLayoutEffect(() => {
    if (hasMoved.current) {
      box.current?.querySelector<HTMLElement>("[data-first]")?.focus({ preventScroll: true });
      box.current?.scrollIntoView({ block: "nearest" });
    }
    hasMoved.current = true;
  }, [step]);

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
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || step === "choose") return;
    event.stopPropagation();
    back();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves the step; every control inside has its own key
    <div class="decision" ref={box} onKeyDown={onKey}>
      {step === "choose" && (
        <footer>
          <button type="button" class="button primary" data-first onClick={() => wish()} disabled={isBusy}>
            <Icon name="check" />
            {isBusy ? "Approving" : "Approve"}
          </button>
          {item.editable.length > 0 && (
            <button type="button" class="button" onClick={() => setStep("edit")} disabled={isBusy}>
              <Icon name="pencil" />
              Edit
            </button>
          )}
          <button type="button" class="button" onClick={() => setStep("refuse")} disabled={isBusy}>
            <Icon name="x" />
            Refuse
          </button>
        </footer>
      )}
      {step === "confirm" && (
        <div class="confirm">
          <p>
            {edit === undefined ? (
              <>
                Approve <b>{item.amountText ?? "this"}</b>?
              </>
            ) : (
              "Approve with your changes?"
            )}{" "}
            {item.undoText}
          </p>
          <footer>
            <button
              type="button"
              class="button primary"
              data-first
              onClick={() => approve(edit)}
              disabled={isBusy}
            >
              {isBusy
                ? "Approving"
                : `Yes, approve ${edit === undefined ? (item.amountText ?? "") : "the changed one"}`.trim()}
            </button>
            <button type="button" class="button" onClick={back} disabled={isBusy}>
              Back
            </button>
          </footer>
        </div>
      )}
      {step === "edit" && (
        <CardEdit item={item} reader={context.reader} isBusy={isBusy} onDone={wish} onBack={back} />
      )}
      {step === "refuse" && (
        <Refusal
          isBusy={isBusy}
          onBack={back}
          onDone={(reason) => act(() => context.chat.refuse(approval, reason))}
        />
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </div>
  );
}

type RefusalProps = { isBusy: boolean; onBack: () => void; onDone: (reason: string) => void };

function Refusal({ isBusy, onBack, onDone }: RefusalProps) {
  const [reason, setReason] = useState("");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(reason.trim());
      }}
    >
      <label>
        <span>Why do you refuse? The requester will read it.</span>
        <input
          type="text"
          data-first
          required
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <footer>
        <button type="submit" class="button danger" disabled={isBusy || reason.trim() === ""}>
          {isBusy ? "Refusing" : "Refuse"}
        </button>
        <button type="button" class="button" onClick={onBack} disabled={isBusy}>
          Back
        </button>
      </footer>
    </form>
  );
}
