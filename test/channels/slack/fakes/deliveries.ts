import { createHmac } from "node:crypto";
import type { Fields } from "./slack-world.ts";

export type DeliveryKind = "event" | "interactive" | "command" | "options";

/** What came back for something that the platform sent. */
export type Ack = {
  readonly isAcked: boolean;
  /** HTTP status; 200 for an envelope that was acknowledged; null when nothing came. */
  readonly status: number | null;
  readonly body: Fields | null;
  readonly ms: number;
};

export type Delivery = Ack & {
  readonly kind: DeliveryKind;
  /** `event_id`, or the kind of interaction. */
  readonly id: string;
  readonly attempt: number;
  readonly reason: string | null;
};

export type Targets = { readonly events: string; readonly interactivity: string; readonly commands: string };

/** Slack waits this long for an answer (docs.slack.dev/apis/events-api). */
export const ACK_WITHIN_MS = 3_000;

/** The headers with which Slack signs a body. */
export function sign(
  secret: string,
  body: string,
  atS = Math.floor(Date.now() / 1_000),
): Record<string, string> {
  return {
    "X-Slack-Request-Timestamp": String(atS),
    "X-Slack-Signature": `v0=${createHmac("sha256", secret).update(`v0:${atS}:${body}`).digest("hex")}`,
  };
}

/** A body as Slack sends it over HTTP, and its content type. */
export function encode(
  kind: DeliveryKind,
  payload: Fields,
): { readonly body: string; readonly type: string } {
  if (kind === "event") return { body: JSON.stringify(payload), type: "application/json" };
  const form =
    kind === "command" ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
  return { body: new URLSearchParams(form).toString(), type: "application/x-www-form-urlencoded" };
}

/** Posts once, signed; never throws. */
export async function postSigned(
  url: string,
  secret: string,
  kind: DeliveryKind,
  payload: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Ack & { readonly reason: string | null; readonly noRetry: boolean }> {
  const { body, type } = encode(kind, payload);
  const from = performance.now();
  const ms = () => performance.now() - from;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": type, ...sign(secret, body), ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(ACK_WITHIN_MS),
    });
    const answer = await response.text();
    const noRetry = response.headers.get("x-slack-no-retry") === "1";
    return {
      isAcked: response.ok,
      status: response.status,
      body: parse(answer),
      ms: ms(),
      reason: response.ok ? null : "http_error",
      noRetry,
    };
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    const reason = isTimeout ? "http_timeout" : "connection_failed";
    return { isAcked: false, status: null, body: null, ms: ms(), reason, noRetry: false };
  }
}

function parse(answer: string): Fields | null {
  if (answer === "") return null;
  try {
    const value: unknown = JSON.parse(answer);
    return value !== null && typeof value === "object" ? (value as Fields) : { text: String(value) };
  } catch {
    return { text: answer };
  }
}

type Options = {
  readonly secret: string;
  /** Waits before the first, second and third time that an event is sent again. */
  readonly retryDelaysMs: readonly number[];
  targets(): Targets | null;
  /** Sends over a socket when the app has one open; null when it has none. */
  overSocket(
    kind: DeliveryKind,
    payload: Fields,
    retry: { attempt: number; reason: string | null },
  ): Promise<Ack> | null;
};

/** Sends events and interactions to the app, events again when they were not acknowledged. */
export function createDeliveries(options: Options) {
  const seen: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const open = new Set<Promise<unknown>>();
  const watchers: ((payload: Fields) => void)[] = [];
  let held: (() => void)[] | null = null;

  const once = async (kind: DeliveryKind, payload: Fields, attempt: number, reason: string | null) => {
    const id = String(payload.event_id ?? payload.type ?? payload.command);
    const socket = options.overSocket(kind, payload, { attempt, reason });
    const targets = options.targets();
    let ack: Ack & { reason?: string | null; noRetry?: boolean };
    if (socket) ack = await socket;
    else if (targets === null) ack = { isAcked: false, status: null, body: null, ms: 0, noRetry: true };
    else {
      const url =
        { event: targets.events, command: targets.commands }[kind as string] ?? targets.interactivity;
      const headers: Record<string, string> =
        attempt === 0 ? {} : { "X-Slack-Retry-Num": String(attempt), "X-Slack-Retry-Reason": String(reason) };
      ack = await postSigned(url, options.secret, kind, payload, headers);
    }
    seen.push({
      kind,
      id,
      attempt,
      reason,
      isAcked: ack.isAcked,
      status: ack.status,
      body: ack.body,
      ms: ack.ms,
    });
    const delay = options.retryDelaysMs[attempt];
    if (kind === "event" && !ack.isAcked && !ack.noRetry && delay !== undefined) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        track(once(kind, payload, attempt + 1, ack.reason ?? "http_timeout"));
      }, delay);
      timers.add(timer);
    }
    return ack as Ack;
  };

  const track = <T>(work: Promise<T>): Promise<T> => {
    open.add(work);
    void work.finally(() => open.delete(work)).catch(() => {});
    return work;
  };

  return {
    seen,
    /** Hears of every event when it is first sent. */
    watch(hear: (payload: Fields) => void): void {
      watchers.push(hear);
    },
    /** Resolves with the answer to the first sending. */
    send(kind: DeliveryKind, payload: Fields): Promise<Ack> {
      if (kind === "event") for (const hear of watchers) hear(payload);
      if (held && kind === "event") {
        const queue = held;
        return new Promise((resolve) => {
          queue.push(() => void track(once(kind, payload, 0, null)).then(resolve));
        });
      }
      return track(once(kind, payload, 0, null));
    },
    /** The same thing again, as Slack does when an answer was lost on its way. */
    again(payload: Fields, attempt = 1, reason = "http_timeout"): Promise<Ack> {
      return track(once("event", payload, attempt, reason));
    },
    /** Keeps events back; `release` sends them last first. */
    hold(): { count(): number; release(): Promise<void> } {
      const queue: (() => void)[] = [];
      held = queue;
      return {
        count: () => queue.length,
        async release() {
          held = null;
          for (const go of queue.reverse()) go();
          await Promise.allSettled([...open]);
        },
      };
    },
    /** Resolves when nothing is on its way and nothing waits to be sent again. */
    async idle(): Promise<void> {
      while (open.size > 0 || timers.size > 0) {
        await Promise.allSettled([...open]);
        if (timers.size > 0) await new Promise((go) => setTimeout(go, 10));
      }
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
