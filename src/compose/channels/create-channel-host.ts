import { z } from "zod";
import { cleanFileName } from "../../api/inputs.ts";
import type { ApiPorts } from "../../api/ports.ts";
import { acceptMessage } from "../../flows/accept-message.ts";
import { writeAudit } from "../../store/audit/write-audit.ts";
import { findApprovalPlaces, saveApprovalPlace } from "../../store/channels/approval-places.ts";
import { saveFeedback, wasSaidTo } from "../../store/channels/feedback.ts";
import { createNotes } from "../../store/channels/notes.ts";
import {
  findThreadSession,
  listRequests,
  type PersonRequest,
  retireThread,
} from "../../store/channels/platform-sessions.ts";
import { findPost, removePost, savePost } from "../../store/channels/posts.ts";
import { findFiles } from "../../store/files/files.ts";
import { listSchedules } from "../../store/schedules/schedules.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Inbound } from "../../types/channel.ts";
import type { ApprovalPlace, ChannelHost, PlatformName, Vault } from "../../types/channel-host.ts";
import { newId } from "../../types/ids.ts";
import type { JsonObject } from "../../types/json.ts";
import type { Principal } from "../../types/principal.ts";
import { StewardError } from "../../types/steward-error.ts";
import type { ThreadRef } from "../../types/thread.ts";
import type { Installation } from "../installation.ts";
import { suggest } from "../suggest.ts";
import type { Identities } from "./identities.ts";
import { mayAllSee } from "./may-all-see.ts";
import { acceptedKey, createMessageChanges } from "./message-changes.ts";

/** As large as a file may be anywhere in the house. */
const MAX_FILE_BYTES = 20_000_000;
const MAX_NOTE_CHARS = 64_000;

export type HostOptions = {
  readonly channel: PlatformName;
  readonly identities: Identities;
  readonly vault: Vault;
  /** Address of the pages without a slash at the end; null when nobody reaches them. */
  readonly baseUrl: () => string | null;
  /** Asks whichever process works on a session to stop its turn. */
  readonly stopTurn: (session: string) => Promise<void>;
  readonly log: Log;
};

/** What the house does for one platform channel (src/types/channel-host.ts): the ports of the API, and more. */
export function createChannelHost(house: Installation, ports: ApiPorts, options: HostOptions): ChannelHost {
  const { db, deps, worker } = house;
  const { channel, identities } = options;
  const person = (id: string): Principal => {
    const found = deps.directory().find(id);
    if (!found) throw new StewardError("DIR-404", "You are not in the directory (any more).");
    return found;
  };
  const ownThread = (thread: ThreadRef): ThreadRef => {
    if (thread.channel !== channel || !THREAD.safeParse(thread).success) throw new StewardError("CHN-422");
    return thread;
  };

  /** The place's session when it is this person's, else a new one: another person's makes room. */
  const sessionAt = async (thread: ThreadRef, as: string): Promise<string> => {
    const session = await findThreadSession(db, thread);
    if (session?.principal === as) return session.id;
    if (session) await retireThread(db, session.id);
    return newId("ses");
  };

  const receive = async (message: Inbound): Promise<{ readonly session: string }> => {
    const { id: principal } = person(message.principal);
    const thread = ownThread(message.thread);
    if (message.dedupe === "" || message.dedupe.length > 500) throw new StewardError("CHN-422");
    const ids = message.files.map((file) => file.id);
    const files = ids.length === 0 ? [] : await findFiles(db, ids, principal);
    if (files.length !== new Set(ids).size) throw new StewardError("FIL-404");
    // The place says which conversation it is; a session's id from outside proves nothing.
    const session = await sessionAt(thread, principal);
    const accepted = await acceptMessage(
      db,
      {
        ...message,
        dedupe: acceptedKey(channel, message.dedupe),
        message: message.message ?? message.dedupe,
        session,
        thread,
        principal,
        files,
      },
      house.owner,
      house.leaseMs,
    );
    if (accepted.claimed) worker.take(accepted.claimed);
    return { session: accepted.session };
  };

  return {
    identify: async (account, options) => {
      if (account.channel !== channel) throw new StewardError("CHN-422");
      return await identities.identify(account, options);
    },
    confirmLink: async (account, text) => {
      if (account.channel !== channel) throw new StewardError("CHN-422");
      return await identities.confirmLink(account, text);
    },
    accountOf: identities.accountOf,
    receive,
    ...createMessageChanges(house, { channel, person, ownThread, stopTurn: options.stopTurn }),
    putFile: async (as, { name, content }) => await ports.putFile(as, { name: cleanFileName(name), content }),
    maxFileBytes: MAX_FILE_BYTES,

    card: ports.card,
    approve: async (as, approval, edit, more) => await ports.approve(as, approval, edit, more),
    refuse: async (as, approval, reason) => await ports.refuse(as, approval, reason.trim().slice(0, 2_000)),
    undo: ports.undo,
    resolve: ports.resolve,
    why: ports.why,
    feedback: async (as, message, verdict, comment) => {
      const { id } = person(as);
      if (!(await wasSaidTo(db, message, id))) throw new StewardError("MSG-404");
      const words = comment?.trim().slice(0, 2_000) || null;
      await saveFeedback(db, { message, principal: id, verdict, comment: words });
    },

    pendingApprovals: async (as) => (await ports.approvals(as)).map(({ card }) => card),
    requests: async (as) => (await listRequests(db, person(as).id)).map(requestLine),
    schedules: async (as) =>
      (await listSchedules(db, person(as).id)).map(({ id, kind, text, nextAt }) => ({
        id,
        line: kind === "remind" ? `Reminder: ${text}` : text,
        nextAt: nextAt?.toISOString() ?? null,
      })),
    suggestions: async (as) => suggest(person(as)),
    approvalPlace: async (as) => {
      const { id } = person(as);
      return (await findApprovalPlaces(db, [id])).get(id) ?? { kind: "direct" };
    },
    setApprovalPlace: async (as, place) => {
      const { id } = person(as);
      const checked = PLACE.safeParse(place);
      if (!checked.success) throw new StewardError("CHN-422", "This is no place for approvals.");
      await db.tx(async (sql) => {
        await saveApprovalPlace(sql, id, checked.data);
        await writeAudit(sql, {
          actor: id,
          type: "approval-place.set",
          subject: id,
          data: { ...checked.data },
        });
      });
    },

    mayAllSee: (label, principals) => mayAllSee(deps.directory(), label, principals),
    linkTo: (what) => {
      const base = options.baseUrl();
      const query = new URLSearchParams(
        Object.entries(what).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      );
      return base === null ? null : `${base}/${query.size > 0 ? `?${query}` : ""}`;
    },

    posts: {
      find: async (thread, item) => await findPost(db, ownThread(thread), item),
      save: async (post) => await savePost(db, { ...post, thread: ownThread(post.thread) }),
      remove: async (thread, item) => await removePost(db, ownThread(thread), item),
    },
    notes: boundedNotes(createNotes(db, channel)),
    vault: options.vault,
    now: deps.now,
    log: (level, what, about) => options.log[level](`${channel}: ${what}`, about ?? {}),
  };
}

const THREAD = z.object({ conversation: z.string().min(1).max(500), thread: z.string().min(1).max(500) });
const PLACE: z.ZodType<ApprovalPlace> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("direct") }),
  z.strictObject({ kind: z.literal("thread") }),
  z.strictObject({
    kind: z.literal("channel"),
    channel: z.enum(["slack", "teams"]),
    id: z.string().regex(/^[^\s\p{Cc}]{1,300}$/u),
  }),
]);

function boundedNotes(notes: ChannelHost["notes"]): ChannelHost["notes"] {
  const check = (key: string, value: JsonObject) => {
    if (key === "" || key.length > 300 || JSON.stringify(value).length > MAX_NOTE_CHARS) {
      throw new StewardError("CHN-422", "A note of the channel is too large to keep.");
    }
  };
  return {
    ...notes,
    write: async (key, value) => {
      check(key, value);
      await notes.write(key, value);
    },
    writeOnce: async (key, value) => {
      check(key, value);
      return await notes.writeOnce(key, value);
    },
  };
}

/** What still waits is what a person wants to know first. */
function requestLine({ turn, lines, statuses, at }: PersonRequest) {
  const [first = ""] = lines;
  const more = lines.length - 1;
  return {
    turn,
    line: more > 0 ? `${first} (and ${more} more)` : first,
    status: statuses.includes("awaiting") ? "awaiting" : (statuses.at(-1) ?? ""),
    at: at.toISOString(),
  };
}
