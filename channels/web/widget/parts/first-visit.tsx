import type { ChatState } from "../state/chat.ts";
import { Icon, Mark } from "./icon.tsx";

/** Before the first message: who it is, and three things to try that this person may do. */
export function FirstVisit({ state, onTry }: { state: ChatState; onTry: (text: string) => void }) {
  const { me } = state;
  if (me === null) return null;
  const first = me.principal.name.split(" ")[0];
  return (
    <div class="first">
      <Mark size={32} />
      <h2>Good to see you, {first}</h2>
      <p>
        Ask about {me.company}, or say what should be done. What carries a risk waits for the right person;
        nothing happens before they agree.
      </p>
      {me.suggestions.length > 0 && (
        <>
          <p class="label">Things to try</p>
          <ul class="tries">
            {me.suggestions.slice(0, 3).map((suggestion) => (
              <li key={suggestion}>
                <button type="button" class="try" onClick={() => onTry(suggestion)}>
                  <span>{suggestion}</span>
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
