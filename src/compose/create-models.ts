import type { RoutedChunk } from "../agent/turn-deps.ts";
import { createOfflinePlanner } from "../models/planner/offline-planner.ts";
import type { Encoder } from "../types/encoder.ts";
import type { ModelRequest, ModelRoute } from "../types/model.ts";
import type { AnyTool } from "../types/tool.ts";

/** The models of an installation behind one call. */
export type Models = {
  readonly complete: (request: ModelRequest) => AsyncIterable<RoutedChunk>;
  readonly routes: readonly string[];
  /** Learns the tools' examples ahead of the first message. */
  warm(tools: readonly AnyTool[]): Promise<void>;
};

const OFFLINE: ModelRoute = {
  name: "offline",
  provider: "offline",
  model: "planner",
  residency: "on-prem",
  maxSensitivity: "restricted",
  price: { inputMicros: 0, outputMicros: 0 },
};

/** Routes by what the environment has keys for; the offline planner is always the last. */
export function createModels(encoder: Encoder, _environment: NodeJS.ProcessEnv): Models {
  const planner = createOfflinePlanner({ encoder });
  return {
    routes: [OFFLINE.name],
    warm: async (tools) => await planner.warm(tools),
    complete: async function* (request) {
      for await (const chunk of planner.complete(request)) {
        if (chunk.type === "text") yield chunk;
        else
          yield {
            ...chunk,
            route: OFFLINE.name,
            provider: OFFLINE.provider,
            model: OFFLINE.model,
            note: null,
          };
      }
    },
  };
}
