import type { SocketModeReceiver } from "@slack/bolt";
import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { EventGate } from "./event-gate.ts";
import { reasonOf } from "./slack-context.ts";

const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 60_000;

const envelope = z.object({
  ack: z.custom<(payload?: unknown) => Promise<void>>((value) => typeof value === "function"),
  type: z.string().optional(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().optional(),
});

export type SocketIntake = { start(): void; stop(): Promise<void> };

/**
 * Socket Mode: no public address is needed. A lost connection is opened again with growing waits, for as long as it
 * takes: the SDK's own way gives up on some failures with an unhandled rejection. An envelope is acknowledged only
 * when what it carries is kept; without that Slack sends it again.
 */
export function createSocketIntake(
  client: SocketModeReceiver["client"],
  gate: EventGate,
  host: Pick<ChannelHost, "log">,
): SocketIntake {
  let isStopped = false;
  let isOpening = false;
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;

  const open = async (): Promise<void> => {
    if (isStopped || isOpening) return;
    isOpening = true;
    try {
      await client.start();
      if (failures > 0) host.log("info", "The connection to Slack is open again.");
      failures = 0;
    } catch (error) {
      if (failures === 0)
        host.log("warn", "No connection to Slack; it is tried again.", { reason: reasonOf(error) });
      failures += 1;
      later();
    } finally {
      isOpening = false;
    }
  };
  const later = () => {
    if (isStopped || timer !== null) return;
    // Slack closes connections of its own accord now and then: the first time there is nothing to wait for.
    const wait = failures === 0 ? FIRST_WAIT_MS : Math.min(MAX_WAIT_MS, 500 * 2 ** Math.min(failures, 10));
    const waitMs = wait * (0.75 + Math.random() / 2);
    timer = setTimeout(() => {
      timer = null;
      void open();
    }, waitMs);
  };
  const take = async (raw: unknown): Promise<void> => {
    const read = envelope.safeParse(raw);
    if (!read.success) return;
    const { ack, body, retry_num } = read.data;
    const delivery = await gate(body, retry_num);
    if (delivery.kind !== "taken") return;
    const { payload } = delivery;
    await (payload === undefined || payload === null || payload === "" ? ack() : ack(payload));
  };

  client.on("slack_event", (raw: unknown) => {
    take(raw).catch((error: unknown) => {
      host.log("warn", "An acknowledgement did not reach Slack; the event comes again.", {
        reason: reasonOf(error),
      });
    });
  });
  client.on("disconnected", () => {
    if (!isOpening) later();
  });

  return {
    start: () => void open(),
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await Promise.race([
        client.disconnect().catch(() => undefined),
        new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref()),
      ]);
    },
  };
}
