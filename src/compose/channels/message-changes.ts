import { MAX_MESSAGE_LENGTH } from "../../flows/accept-message.ts";
import { findThreadSession } from "../../store/channels/platform-sessions.ts";
import { dropQueued, rewordQueued, withQueued } from "../../store/channels/queued-messages.ts";
import type { ChannelHost, PlatformName } from "../../types/channel-host.ts";
import type { Principal } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { ThreadRef } from "../../types/thread.ts";
import type { Installation } from "../installation.ts";

/** Under which key a message of a platform is accepted, so that two platforms' ids never meet. */
export const acceptedKey = (channel: PlatformName, dedupe: string): string => `${channel}:${dedupe}`;

/** What people do to messages that they sent: another wording, taking them back, stopping what runs. */
export function createMessageChanges(
  { db, worker }: Installation,
  ways: {
    readonly channel: PlatformName;
    readonly person: (id: string) => Principal;
    readonly ownThread: (thread: ThreadRef) => ThreadRef;
    readonly stopTurn: (session: string) => Promise<void>;
  },
): Pick<ChannelHost, "amend" | "withdraw" | "stop"> {
  const stopTurn = async (session: string): Promise<void> => {
    if (!worker.stopTurn(session)) await ways.stopTurn(session);
  };
  const sought = (message: string, author: string) => ({
    message,
    author,
    dedupe: acceptedKey(ways.channel, message),
  });
  return {
    amend: async (as, message, text) => {
      const { id } = ways.person(as);
      const words = text
        .replace(/[^\P{Cc}\t\n\r]/gu, "")
        .toWellFormed()
        .trim();
      if (words === "") throw new StewardError("MSG-400");
      if (words.length > MAX_MESSAGE_LENGTH) throw new StewardError("MSG-413");
      const state = await withQueued(
        db,
        sought(message, id),
        async (sql, session, inbox) => await rewordQueued(sql, session, inbox, words),
      );
      if (state.kind === "queued") return "changed";
      return state.kind === "unknown" ? "unknown" : "late";
    },
    withdraw: async (as, message) => {
      const { id } = ways.person(as);
      const state = await withQueued(db, sought(message, id), dropQueued);
      if (state.kind === "running") await stopTurn(state.session);
      return ({ queued: "withdrawn", running: "stopped", over: "late", unknown: "unknown" } as const)[
        state.kind
      ];
    },
    stop: async (as, thread) => {
      const { id } = ways.person(as);
      const session = await findThreadSession(db, ways.ownThread(thread));
      if (session?.principal !== id || !session.isHeld) return false;
      await stopTurn(session.id);
      return true;
    },
  };
}
