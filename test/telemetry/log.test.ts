import { describe, expect, test } from "vitest";
import { createLog } from "../../src/telemetry/log.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

function collect(isTerminal = false) {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) }, isTerminal);
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "null") as Record<string, unknown> };
}

describe("the log", () => {
  test("never shows a secret, however deep or in whatever text it stands", () => {
    const { log, lines } = collect();
    log.warn("Refused Bearer abcdef123456", {
      headers: { Authorization: "Bearer s3cr3t-s3cr3t", cookie: "sid=s3cr3t" },
      deep: [{ apiKey: "s3cr3t" }, { clientSecret: "s3cr3t" }],
      url: "postgres://steward:s3cr3t@db/steward?password=s3cr3t",
      error: new Error("GET https://x/?token=s3cr3t failed", { cause: new Error("Basic s3cr3ts3cr3t") }),
    });
    log.child({ token: "s3cr3t" }).info("sk-s3cr3ts3cr3ts3cr3t");
    expect(lines.join("")).not.toMatch(/s3cr3t|abcdef123456/);
    expect(lines).toHaveLength(2);
  });

  test("gives the length of people's words, not the words", () => {
    const { log, last } = collect();
    log.info("Accepted", { text: "my salary is 100", message: { body: "private" } });
    expect(last()).toMatchObject({ text: "[16 characters]", message: { body: "[7 characters]" } });
  });

  test("keeps counts of tokens", () => {
    const { log, last } = collect();
    log.info("Answered", { inputTokens: 12, output_tokens: 3 });
    expect(last()).toMatchObject({ inputTokens: 12, output_tokens: 3, level: "info", msg: "Answered" });
  });

  test("writes an error with its code and bears rings and great depth", () => {
    const { log, last } = collect();
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    log.error("Broken", { error: Object.assign(new Error("no"), { code: "ECONNREFUSED" }), ring });
    expect(last()).toMatchObject({ error: { code: "ECONNREFUSED", message: "no" } });
  });

  test("is one readable line in a terminal", () => {
    const { log, lines } = collect(true);
    log.warn("The calendar did not answer", { tool: "calendar.book", error: new Error("timeout") });
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d warn {2}The calendar did not answer: timeout {2}tool=calendar\.book\n$/,
    );
  });
});

describe("the metrics", () => {
  test("come out as Prometheus reads them, with the names of the conventions", async () => {
    const metrics = createMetrics();
    metrics.turnEnded({ status: "done", channel: "web", durationMs: 120 });
    metrics.modelAnswered({
      provider: "planner",
      model: "offline",
      route: "offline",
      durationMs: 30,
      inputTokens: 10,
      outputTokens: 2,
      costMicros: 5,
      errorCode: null,
    });
    metrics.policyDecided({ effect: "ask", tool: "crm.updateDeal", durationMs: 0.3 });
    metrics.approvalClosed({ status: "granted", waitMs: 61_000 });
    metrics.observe("outbox_depth", async () => 7);
    metrics.observe("inbox_depth", async () => {
      throw new Error("no database");
    });
    const text = await metrics.prometheusText();
    expect(text).toMatch(/steward_turns_total\{status="done",channel="web".*\} 1/);
    expect(text).toMatch(/gen_ai_client_token_usage_count\{.*gen_ai_token_type="input".*\} 1/);
    expect(text).toMatch(/gen_ai_client_operation_duration_bucket\{.*le="0\.04".*\} 1/);
    expect(text).toMatch(/steward_policy_decisions_total\{effect="ask",tool="crm\.updateDeal".*\} 1/);
    expect(text).toMatch(/steward_approval_wait_seconds_sum\{status="granted".*\} 61/);
    expect(text).toMatch(/steward_outbox_depth(\{.*\})? 7/);
    expect(text).not.toMatch(/steward_inbox_depth(\{.*\})? /);
  });
});
