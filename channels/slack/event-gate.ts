import type { App } from "@slack/bolt";
import { z } from "zod";

/** Slack waits three seconds; what is not kept well before that is refused, so that it is sent again. */
const DEADLINE_MS = 2_500;

export type Delivery =
  | { readonly kind: "taken"; readonly payload: unknown }
  /** Not kept: no acknowledgement may be given. */
  | { readonly kind: "late" | "failed" };

export type EventGate = (body: Record<string, unknown>, retry: number | undefined) => Promise<Delivery>;

const teamRef = z.object({
  team_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ team_id: z.string().optional() }).optional(),
});

/** Workspace that a delivery is about; null when it does not say. */
export function teamOf(body: unknown): string | null {
  const read = teamRef.safeParse(body);
  return read.data?.team_id ?? read.data?.team?.id ?? read.data?.user?.team_id ?? null;
}

/**
 * Hands deliveries to Bolt. Bolt acknowledges events before its listeners run; here an event counts as taken only when
 * they are through, so that what is acknowledged is kept. Everything else is taken when its listener says so.
 */
export function createEventGate(
  app: Pick<App, "processEvent">,
  isOurs: (team: string) => Promise<boolean>,
  deadlineMs: number = DEADLINE_MS,
): EventGate {
  return async (body, retry) => {
    const work = async (): Promise<Delivery> => {
      const team = teamOf(body);
      // Not one of our workspaces: nothing is kept, and nothing is gained by having it sent again.
      if (team === null || !(await isOurs(team))) return { kind: "taken", payload: undefined };
      return await new Promise<Delivery>((resolve, reject) => {
        const isEvent = body.type === "event_callback";
        app
          .processEvent({
            body,
            ...(retry === undefined ? {} : { retryNum: retry }),
            ack: async (payload?: unknown) => {
              if (!isEvent) resolve({ kind: "taken", payload });
            },
          })
          .then(() => resolve({ kind: "taken", payload: undefined }), reject);
      });
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Delivery>((resolve) => {
      timer = setTimeout(() => resolve({ kind: "late" }), deadlineMs);
    });
    try {
      return await Promise.race([work().catch((): Delivery => ({ kind: "failed" })), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
