import type { AnyTool } from "../../types/tool.ts";
import type { Ranked } from "./rank-intents.ts";

/** Least probability to act on (chosen on half of the paraphrases in test/models). */
const ACT_READ = 0.4;
const ACT_WRITE = 0.5;

/** The tool a ranking is sure enough of, or null. A change needs more than a look. */
export function confident(ranked: readonly Ranked[], tools: readonly AnyTool[]): AnyTool | null {
  const best = ranked[0];
  const tool = tools.find((t) => t.name === best?.intent);
  if (!best || !tool) return null;
  const ratio = best.probability / (ranked[1]?.probability ?? 1e-6);
  if (tool.manifest.effect === "read")
    return best.probability >= ACT_READ || (best.probability >= 0.34 && ratio >= 1.4) ? tool : null;
  return best.probability >= ACT_WRITE || (best.probability >= 0.4 && ratio >= 2.5) ? tool : null;
}
