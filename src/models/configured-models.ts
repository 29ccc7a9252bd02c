import type { ModelRoute, Provider } from "../types/model.ts";
import { createLangChainProvider, type ModelTimeouts } from "./langchain-provider.ts";

export type ModelSettings = Readonly<Record<string, string | undefined>>;
export type RoutedProvider = { readonly route: ModelRoute; readonly provider: Provider };

const OPENAI_MODEL = "gpt-5-mini";
const ANTHROPIC_MODEL = "claude-sonnet-4-5";

/** Whether an address is on this machine or in a private network, so that what is sent stays in the house. */
export function isPrivateAddress(url: string): boolean {
  let host: string;
  try {
    host = new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, "");
  } catch {
    return false;
  }
  if (host === "localhost" || host === "::1" || /\.(?:local|internal|lan|svc|cluster\.local)$/.test(host))
    return true;
  return (
    /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\d/.test(host) || /^f[cd][0-9a-f]{2}:/.test(host)
  );
}

/**
 * The chat models that the environment configures, first choice first: OPENAI_API_KEY and/or OPENAI_BASE_URL
 * (any server that speaks OpenAI's protocol), ANTHROPIC_API_KEY (ANTHROPIC_BASE_URL for another address).
 * STEWARD_MODEL names the model of the first, `openai:name` or `anthropic:name` that of one vendor.
 * STEWARD_MODEL_SENSITIVITY raises or lowers what a cloud model may see (`internal` unless set). The vendors'
 * packages are loaded on first use.
 */
export function configuredModels(
  settings: ModelSettings,
  timeouts?: Partial<ModelTimeouts>,
): readonly RoutedProvider[] {
  const found: RoutedProvider[] = [];
  const base = settings.OPENAI_BASE_URL?.trim();
  const openaiKey = settings.OPENAI_API_KEY?.trim();
  const anthropicKey = settings.ANTHROPIC_API_KEY?.trim();
  const wanted = settings.STEWARD_MODEL?.trim() ?? "";
  const [, vendor, name] = /^(?:(openai|anthropic):)?(.*)$/.exec(wanted) ?? [];
  const modelOf = (own: "openai" | "anthropic", other: boolean, fallback: string) =>
    name && (vendor ? vendor === own : !other) ? name : fallback;
  if (openaiKey || base) {
    const isInside = base ? isPrivateAddress(base) : false;
    const route: ModelRoute = {
      name: isInside ? "on-prem" : "openai",
      provider: "openai",
      model: modelOf("openai", false, OPENAI_MODEL),
      residency: isInside ? "on-prem" : "cloud",
      maxSensitivity: isInside ? "restricted" : cloudSensitivity(settings),
      price: null,
    };
    const chatModel = async () => {
      const { initChatModel } = await import("langchain");
      return await initChatModel(route.model, {
        modelProvider: "openai",
        // Servers inside the house often want no key, the client always does.
        apiKey: openaiKey || "none",
        maxRetries: 0,
        streamUsage: true,
        useResponsesApi: false,
        ...(base
          ? { configuration: { baseURL: base, maxRetries: 0 } }
          : { configuration: { maxRetries: 0 } }),
      });
    };
    found.push({
      route,
      provider: createLangChainProvider({ route, chatModel, ...(timeouts ? { timeouts } : {}) }),
    });
  }
  if (anthropicKey) {
    const route: ModelRoute = {
      name: "anthropic",
      provider: "anthropic",
      model: modelOf("anthropic", found.length > 0, ANTHROPIC_MODEL),
      residency: "cloud",
      maxSensitivity: cloudSensitivity(settings),
      price: null,
    };
    const url = settings.ANTHROPIC_BASE_URL?.trim();
    const chatModel = async () => {
      const { initChatModel } = await import("langchain");
      return await initChatModel(route.model, {
        modelProvider: "anthropic",
        apiKey: anthropicKey,
        maxRetries: 0,
        maxTokens: 4_096,
        ...(url ? { anthropicApiUrl: url } : {}),
        clientOptions: { maxRetries: 0 },
      });
    };
    found.push({
      route,
      provider: createLangChainProvider({ route, chatModel, ...(timeouts ? { timeouts } : {}) }),
    });
  }
  return vendor === "anthropic" ? found.toReversed() : found;
}

function cloudSensitivity(settings: ModelSettings): ModelRoute["maxSensitivity"] {
  const value = settings.STEWARD_MODEL_SENSITIVITY?.trim();
  return value === "public" || value === "internal" || value === "confidential" || value === "restricted"
    ? value
    : "internal";
}
