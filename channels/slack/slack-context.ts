import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { SlackSettings } from "../../src/types/channel-settings.ts";
import type { Installations } from "./installations.ts";
import type { People } from "./people.ts";
import type { Sheets } from "./sheets.ts";
import type { SlackCall } from "./slack-call.ts";
import type { SlackPlace } from "./thread-ref.ts";

/** What the channel's parts share. */
export type SlackContext = {
  readonly settings: SlackSettings;
  readonly host: ChannelHost;
  readonly call: SlackCall;
  readonly installations: Installations;
  readonly people: People;
  readonly sheets: Sheets;
  /** Work that nobody waits for; a failure is noted in the log, and `stop` waits for what is under way. */
  later(what: string, work: () => Promise<unknown>): void;
  /** Where the sessions that spoke lately stand, so that their words can be shown while they are written. */
  readonly sessions: {
    note(session: string, place: SlackPlace): void;
    find(session: string): SlackPlace | null;
  };
};

/** A failure in words for the log: never what people wrote, no tokens. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = (error as { code?: unknown }).code;
  return (typeof code === "string" ? code : error.name).slice(0, 100);
}

const MAX_SESSIONS = 10_000;

/** Remembers the latest sessions only: a stream that is not shown costs nothing, the whole answer comes anyway. */
export function createSessionPlaces(): SlackContext["sessions"] {
  const places = new Map<string, SlackPlace>();
  return {
    note(session, place) {
      places.delete(session);
      places.set(session, place);
      if (places.size > MAX_SESSIONS) places.delete(places.keys().next().value ?? "");
    },
    find: (session) => places.get(session) ?? null,
  };
}
