import type { Db } from "../store/db.ts";
import { addStatement, type NewWork } from "../store/inbox/add-inbox.ts";
import { type InboxRow, nextStatement } from "../store/inbox/take-inbox.ts";
import { type Claim, claimSession, claimStatement, readClaim } from "../store/sessions/claim-session.ts";
import { isForeign, openSession, openStatement, ownStatement } from "../store/sessions/open-session.ts";
import type { Inbound } from "../types/channel.ts";
import { derivedId } from "../types/derived-id.ts";
import { StewardError } from "../types/steward-error.ts";

/** Longest message in UTF-16 units; more goes in as a file. */
export const MAX_MESSAGE_LENGTH = 20_000;

export type Accepted = {
  readonly session: string;
  /** Id of the message, the same at every arrival of one `dedupe`. */
  readonly message: string;
  /** The session, when this process was made its worker in the same transaction. */
  readonly claimed: Claim | null;
};

/**
 * Hop 2: session, dedupe row and work in one transaction, and the claim of the session with them when nobody holds
 * it. When this returns, the message is kept, whatever happens next. Throws MSG-400, MSG-413 or SES-404.
 */
export async function acceptMessage(
  db: Db,
  inbound: Inbound,
  owner: string,
  leaseMs: number,
): Promise<Accepted> {
  const text = cleanText(inbound.text, inbound.files.length > 0);
  const message = inbound.message ?? inbound.dedupe;
  // The same message again means the same conversation, also when it began one.
  const id = inbound.session ?? derivedId("ses", inbound.dedupe);
  const thread =
    inbound.session === null && inbound.thread.thread === ""
      ? { ...inbound.thread, thread: id }
      : inbound.thread;
  // On the web and the command line a session is one person's; on a platform the thread itself says whose it is.
  const isPrivate = thread.channel === "web" || thread.channel === "cli";
  const session = { id, thread, principal: inbound.principal, title: titleOf(text) };
  const work = (to: string): NewWork => ({
    session: to,
    kind: "message",
    dedupe: inbound.dedupe,
    data: { message, author: inbound.principal, text, files: inbound.files.map((file) => ({ ...file })) },
  });
  if (isPrivate && thread.thread === id) {
    // A session that is its own thread is known before it is found, so all of it leaves in one go.
    const statements = [
      inbound.session === null ? openStatement(session, isPrivate) : ownStatement(id, inbound.principal),
      addStatement(work(id)),
      claimStatement(id, owner, leaseMs),
      nextStatement(id),
    ];
    const [, , claimed, next] = await db.batch(statements).catch((error: unknown) => {
      throw isForeign(error) ? new StewardError("SES-404") : error;
    });
    const claim = readClaim(claimed ?? []);
    const [first = null] = (next ?? []) as readonly InboxRow[];
    return { session: id, message, claimed: claim && { ...claim, first } };
  }
  return await db.tx(async (sql) => {
    const opened = await openSession(sql, session);
    if (isPrivate && opened.principal !== inbound.principal) throw new StewardError("SES-404");
    const { text: add, params } = addStatement(work(opened.id));
    const added = sql.query(add, params);
    // Side by side: they leave in one go, in this order.
    const [, claimed] = await Promise.all([added, claimSession(sql, opened.id, owner, leaseMs)]);
    return { session: opened.id, message, claimed };
  });
}

/** Refuses what is no text; keeps everything a person can have meant. */
function cleanText(text: string, hasFiles: boolean): string {
  if (text.length > MAX_MESSAGE_LENGTH) {
    throw new StewardError(
      "MSG-413",
      `It has ${text.length.toLocaleString("en")} characters; at most 20,000 fit.`,
    );
  }
  const controls = text.match(/[^\P{Cc}\t\n\r]|\ufffd/gu)?.length ?? 0;
  if (controls > text.length / 10)
    throw new StewardError("MSG-400", "This looks like binary data, not a message.");
  // Postgres stores no NUL, and no control character means anything to a reader.
  const clean = text
    .replace(/[^\P{Cc}\t\n\r]/gu, "")
    .toWellFormed()
    .trim();
  if (clean === "" && !hasFiles) throw new StewardError("MSG-400");
  return clean;
}

/** First words of the first message, for the list of conversations. */
function titleOf(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length <= 60 ? line : `${line.slice(0, 57).trimEnd()}…`;
}
