import type { Problem } from "../state/api.ts";
import { Icon } from "./icon.tsx";

/** What happened, what to do, and a code to quote. */
export function ProblemNote({
  problem,
  children,
}: {
  problem: Problem;
  children?: preact.ComponentChildren;
}) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>
          {problem.message} {problem.remedy}
        </p>
        {problem.status > 0 && <p class="meta">Code {problem.code}</p>}
        {children}
      </div>
    </div>
  );
}
