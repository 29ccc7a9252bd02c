import type { Problem } from "../state/api.ts";
import { type TextKey, useVoice } from "../text/texts.ts";
import { Icon } from "./icon.tsx";

/** Problems of the page itself. Those of the server are known by their code in every other language than its own. */
const OWN: Readonly<Record<string, TextKey>> = { "NET-000": "unreached", "WEB-500": "pageFault" };

/** What happened and what to do about it. */
export function useProblemText(): (problem: Problem) => string {
  const { t, say } = useVoice();
  return ({ code, message, more, remedy }) => {
    const own = t(OWN[code] ?? (code as TextKey));
    return (own ? `${own} ${say(more)}` : `${message} ${remedy}`).trim();
  };
}

/** What happened, what to do, and a code to quote. */
export function ProblemNote({
  problem,
  children,
}: {
  problem: Problem;
  children?: preact.ComponentChildren;
}) {
  const { t } = useVoice();
  const text = useProblemText();
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>
          <bdi>{text(problem)}</bdi>
        </p>
        {problem.status > 0 && <p class="meta">{t("code", { code: problem.code })}</p>}
        {children}
      </div>
    </div>
  );
}
