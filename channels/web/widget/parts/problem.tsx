import type { Problem } from "../state/api.ts";
import { type TextKey, useVoice } from "../text/texts.ts";
import { Icon } from "./icon.tsx";

/** Problems of the page itself, told in the reader's language; what the server says stays as it says it. */
const OWN: Readonly<Record<string, TextKey>> = { "NET-000": "unreached", "WEB-500": "pageFault" };

/** What happened and what to do about it. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useVoice();
  return (problem) => {
    const own = OWN[problem.code];
    return own ? t(own) : `${problem.message} ${problem.remedy}`.trim();
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
