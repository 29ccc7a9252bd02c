import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { DURATION_BUCKETS, GEN_AI, TOKEN_BUCKETS, WAIT_BUCKETS } from "./gen-ai-names.ts";

/** What Steward counts. Labels have few values each: no ids, no people, no words. Times in milliseconds. */
export type Metrics = {
  turnEnded(turn: { status: "done" | "waiting" | "failed"; channel: string; durationMs: number }): void;
  modelAnswered(call: {
    provider: string;
    model: string;
    route: string;
    durationMs: number;
    inputTokens: number;
    outputTokens: number;
    /** Micro-units of USD; null when the route has no price. */
    costMicros: number | null;
    errorCode: string | null;
  }): void;
  toolRan(call: { tool: string; status: string; durationMs: number }): void;
  policyDecided(decision: {
    effect: "permit" | "ask" | "forbid";
    tool: string;
    durationMs: number | null;
  }): void;
  approvalClosed(approval: {
    status: "granted" | "refused" | "expired" | "superseded";
    waitMs: number;
  }): void;
  httpAnswered(request: { method: string; route: string; status: number; durationMs: number }): void;
  /** Asked at each scrape; a source that throws is left out. */
  observe(
    gauge: "outbox_depth" | "inbox_depth" | "approvals_pending" | "audit_unsequenced",
    read: () => Promise<number>,
  ): void;
  /** The text that /metrics answers with. */
  prometheusText(): Promise<string>;
};

const GAUGES = {
  outbox_depth: "Messages that have yet to leave",
  inbox_depth: "Accepted work that no worker has taken up",
  approvals_pending: "Approvals that wait for somebody",
  audit_unsequenced: "Audit entries without a place in the tree",
} as const;

/** Counters and histograms of this process, read by Prometheus through the server's own port. */
export function createMetrics(): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter("steward");
  // Without prefix, timestamps, resource labels, target_info: the scraper knows whom it asked.
  const serializer = new PrometheusSerializer("", false, undefined, true);
  const histogram = (name: string, description: string, unit: string, buckets: number[]) =>
    meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries: buckets } });

  const turns = meter.createCounter("steward.turns", { description: "Turns that ended or were parked" });
  const turnSeconds = histogram(GEN_AI.agentDuration, "Time of a turn", "s", DURATION_BUCKETS);
  const modelSeconds = histogram(GEN_AI.operationDuration, "Time of a model call", "s", DURATION_BUCKETS);
  const tokens = histogram(GEN_AI.tokenUsage, "Tokens of a model call", "{token}", TOKEN_BUCKETS);
  const cost = meter.createCounter("steward.model.cost_usd", {
    description: "Cost of model calls in US dollars",
  });
  const toolSeconds = histogram(GEN_AI.toolDuration, "Time of a tool call", "s", DURATION_BUCKETS);
  const decisions = meter.createCounter("steward.policy.decisions", {
    description: "Decisions of the policy",
  });
  const decisionSeconds = histogram(
    "steward.policy.duration_seconds",
    "Time of a decision",
    "s",
    [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
  );
  const waits = histogram(
    "steward.approval.wait_seconds",
    "Time until an approval was closed",
    "s",
    WAIT_BUCKETS,
  );
  const http = histogram("http.server.request.duration", "Time of a request", "s", DURATION_BUCKETS);

  return {
    turnEnded: ({ status, channel, durationMs }) => {
      turns.add(1, { status, channel });
      turnSeconds.record(durationMs / 1_000, { status });
    },
    modelAnswered: (call) => {
      const labels = { [GEN_AI.providerName]: call.provider, [GEN_AI.requestModel]: call.model };
      modelSeconds.record(call.durationMs / 1_000, {
        ...labels,
        [GEN_AI.operationName]: "chat",
        ...(call.errorCode ? { [GEN_AI.errorType]: call.errorCode } : {}),
      });
      tokens.record(call.inputTokens, { ...labels, [GEN_AI.tokenType]: "input" });
      tokens.record(call.outputTokens, { ...labels, [GEN_AI.tokenType]: "output" });
      if (call.costMicros !== null) cost.add(call.costMicros / 1e6, { ...labels, route: call.route });
    },
    toolRan: ({ tool, status, durationMs }) =>
      toolSeconds.record(durationMs / 1_000, { [GEN_AI.toolName]: tool, status }),
    policyDecided: ({ effect, tool, durationMs }) => {
      decisions.add(1, { effect, tool });
      if (durationMs !== null) decisionSeconds.record(durationMs / 1_000);
    },
    approvalClosed: ({ status, waitMs }) => waits.record(Math.max(0, waitMs) / 1_000, { status }),
    httpAnswered: ({ method, route, status, durationMs }) =>
      http.record(durationMs / 1_000, {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
      }),
    observe: (gauge, read) =>
      meter
        .createObservableGauge(`steward.${gauge}`, { description: GAUGES[gauge] })
        .addCallback(async (result) => result.observe(await read())),
    prometheusText: async () => {
      const { resourceMetrics } = await exporter.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}
