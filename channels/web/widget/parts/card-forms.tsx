import { useState } from "preact/hooks";
import type { CardItem } from "../../../../src/types/card.ts";
import { addEnglish, useVoice } from "../text/texts.ts";
import { moment } from "../text/time.ts";
import later from "../texts/en.later.json" with { type: "json" };
import { CardEdit } from "./card-edit.tsx";

addEnglish(later);

export type FormStep = "edit" | "refuse" | "grant";

type FormProps = { readonly isBusy: boolean; readonly onBack: () => void };
type Props = FormProps & {
  readonly step: FormStep;
  readonly item: CardItem;
  readonly onEdit: (edit: Readonly<Record<string, unknown>> | undefined) => void;
  readonly onRefuse: (reason: string) => void;
  readonly onGrant: (until: string) => void;
};

/** What comes between a button of a card and the vote itself. */
export function CardForm({ step, item, isBusy, onBack, onEdit, onRefuse, onGrant }: Props) {
  if (step === "edit") return <CardEdit item={item} isBusy={isBusy} onDone={onEdit} onBack={onBack} />;
  if (step === "refuse") return <Refusal isBusy={isBusy} onBack={onBack} onDone={onRefuse} />;
  return <StandingYes isBusy={isBusy} onBack={onBack} onDone={onGrant} />;
}

/** Why not: the requester reads it. */
function Refusal({ isBusy, onBack, onDone }: FormProps & { onDone: (reason: string) => void }) {
  const { t } = useVoice();
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
        <span>{t("whyRefuse")}</span>
        <input
          type="text"
          data-first
          required
          maxLength={500}
          dir="auto"
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <footer>
        <button type="submit" class="button danger" disabled={isBusy || reason.trim() === ""}>
          {t(isBusy ? "refusing" : "refuse")}
        </button>
        <button type="button" class="button" onClick={onBack} disabled={isBusy}>
          {t("back")}
        </button>
      </footer>
    </form>
  );
}

const DAY_MS = 86_400_000;
/** Lengths of a standing yes in days; the server takes 30 at most. */
const DAYS = [1, 7, 30] as const;

/** Yes to this, and to the like of it for a while. */
function StandingYes({ isBusy, onBack, onDone }: FormProps & { onDone: (until: string) => void }) {
  const voice = useVoice();
  const { t } = voice;
  const [now] = useState(() => new Date());
  // A little less than asked: the clock of the server may be ahead of this one.
  const until = (days: number) => new Date(now.getTime() + days * DAY_MS - 300_000);
  const [days, setDays] = useState<number>(DAYS[1]);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(until(days).toISOString());
      }}
    >
      <label>
        <span>{t("standingUntil")}</span>
        <select data-first value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {moment(until(each), voice, now)}
            </option>
          ))}
        </select>
      </label>
      <p class="meta">{t("standingMeans")}</p>
      <footer>
        <button type="submit" class="button primary" disabled={isBusy}>
          {t(isBusy ? "approving" : "approveUntilThen")}
        </button>
        <button type="button" class="button" onClick={onBack} disabled={isBusy}>
          {t("back")}
        </button>
      </footer>
    </form>
  );
}
