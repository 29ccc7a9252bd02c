/**
 * Names of the OpenTelemetry conventions for generative AI that Steward uses. They are still in development
 * and the published package marks them as moved, so the few we need stand here:
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
export const GEN_AI = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  toolName: "gen_ai.tool.name",
  tokenType: "gen_ai.token.type",
  errorType: "error.type",
  tokenUsage: "gen_ai.client.token.usage",
  operationDuration: "gen_ai.client.operation.duration",
  agentDuration: "gen_ai.invoke_agent.duration",
  toolDuration: "gen_ai.execute_tool.duration",
} as const;

/** Bucket limits that the conventions recommend, in seconds and tokens. */
export const DURATION_BUCKETS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
export const TOKEN_BUCKETS = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
/** Seconds a person took to decide: a minute to a week. */
export const WAIT_BUCKETS = [1, 10, 60, 300, 900, 3_600, 14_400, 86_400, 604_800];
