import type { ModelRoute, Usage } from "../types/model.ts";

/** Cost of an answer in millionths of a US dollar, rounded up; null when the route's price is not known. */
export function costMicros(usage: Usage, route: Pick<ModelRoute, "price">): number | null {
  if (!route.price) return null;
  const { inputMicros, outputMicros } = route.price;
  return Math.ceil((usage.inputTokens * inputMicros + usage.outputTokens * outputMicros) / 1_000_000);
}
