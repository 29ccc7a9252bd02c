import type { ChatState } from "../state/chat.ts";
import { useVoice } from "../text/texts.ts";
import { Icon, Mark } from "./icon.tsx";

/** Before the first message: who it is, and three things to try that this person may do. */
export function FirstVisit({ state, onTry }: { state: ChatState; onTry: (text: string) => void }) {
  const { t } = useVoice();
  const { me } = state;
  if (me === null) return null;
  const name = me.principal.name.split(" ")[0] ?? "";
  return (
    <div class="first">
      <Mark size={32} />
      <h2>{t("welcome", { name })}</h2>
      <p>{t("whatItDoes", { company: me.company })}</p>
      {me.suggestions.length > 0 && (
        <>
          <p class="label">{t("toTry")}</p>
          <ul class="tries">
            {me.suggestions.slice(0, 3).map((suggestion) => (
              <li key={suggestion}>
                <button type="button" class="try" onClick={() => onTry(suggestion)}>
                  <bdi>{suggestion}</bdi>
                  <Icon name="arrow" />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
