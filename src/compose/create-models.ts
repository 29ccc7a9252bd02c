import type { RoutedChunk } from "../agent/turn-deps.ts";
import { configuredModels, type ModelSettings } from "../models/configured-models.ts";
import { createModelRouter } from "../models/model-router.ts";
import { createOfflinePlanner } from "../models/planner/offline-planner.ts";
import type { WeightCache } from "../models/weight-cache.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Encoder } from "../types/encoder.ts";
import type { ModelRequest, ModelRoute } from "../types/model.ts";
import { StewardError } from "../types/steward-error.ts";
import type { AnyTool } from "../types/tool.ts";

/** The models of an installation behind one call. */
export type Models = {
  readonly complete: (request: ModelRequest) => AsyncIterable<RoutedChunk>;
  /** Names of the routes in order of preference. */
  readonly routes: readonly string[];
  /** Learns the tools' examples ahead of the first message. */
  warm(tools: readonly AnyTool[]): Promise<void>;
};

const OFFLINE: ModelRoute = {
  name: "offline-planner",
  provider: "offline",
  model: "planner",
  residency: "on-prem",
  maxSensitivity: "restricted",
  price: { inputMicros: 0, outputMicros: 0 },
};

/** Routes by what the environment has keys for; the offline planner is always the last. */
export function createModels(
  encoder: Encoder,
  exampleEncoder: Encoder,
  weightCache: WeightCache,
  settings: ModelSettings,
  log: Log,
  metrics: Metrics,
): Models {
  const planner = createOfflinePlanner({ encoder, exampleEncoder, weightCache });
  const routes = [...configuredModels(settings), { route: OFFLINE, provider: planner }];
  const router = createModelRouter({
    routes,
    onFailure: ({ route, code, error }) => log.warn("A model did not answer", { route, code, error }),
  });
  return {
    routes: routes.map(({ route }) => route.name),
    warm: async (tools) => await planner.warm(tools),
    complete: async function* (request) {
      const from = performance.now();
      try {
        for await (const chunk of router.complete(request)) {
          if (chunk.type === "done") metrics.modelAnswered(answered(chunk, performance.now() - from));
          yield chunk;
        }
      } catch (error) {
        const errorCode = error instanceof StewardError ? error.code : "MDL-503";
        metrics.modelAnswered({ ...NOBODY, durationMs: performance.now() - from, errorCode });
        throw error;
      }
    },
  };
}

const NOBODY = {
  provider: "none",
  model: "none",
  route: "none",
  inputTokens: 0,
  outputTokens: 0,
  costMicros: null,
};

function answered(chunk: Extract<RoutedChunk, { type: "done" }>, durationMs: number) {
  const { provider, model, route, usage, costMicros } = chunk;
  return { provider, model, route, ...usage, costMicros, durationMs, errorCode: null };
}
