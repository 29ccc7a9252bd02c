import { z } from "zod";
import type { FileRef } from "../../src/types/file-ref.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { fetchSlackFile, type SlackFile, slackFile, UnreadableFile } from "./fetch-file.ts";
import type { Heard } from "./heard-message.ts";
import { showWorking } from "./show-status.ts";
import { orNull } from "./slack-call.ts";
import { reasonOf, type SlackContext } from "./slack-context.ts";
import { isTokenCode, SlackFailure } from "./slack-failure.ts";
import { problemOf, sentence, tell } from "./tell.ts";
import { messageId, toThreadRef } from "./thread-ref.ts";

/** Kept until its files are here: fetching them may take longer than Slack waits for an acknowledgement. */
const kept = z.object({
  team: z.string(),
  channel: z.string(),
  user: z.string(),
  ts: z.string(),
  root: z.string(),
  isDirect: z.boolean(),
  text: z.string(),
  files: z.array(slackFile),
  attempts: z.number(),
  at: z.number(),
});
type Kept = z.infer<typeof kept>;

export const INBOX = "inbox:";
const MAX_ATTEMPTS = 8;
/** Another replica's work, or our own of before a crash, is taken up after so long. */
const STALE_MS = 90_000;

/** Keeps a message that brings files; resolves when it is kept. The rest goes on by itself, also after a restart. */
export async function keepWithFiles(context: SlackContext, heard: Heard, text: string): Promise<void> {
  const { team, channel, user, ts, root, isDirect, files } = heard;
  const value: Kept = {
    ...{ team, channel, user, ts, root, isDirect, text: text.slice(0, 25_000) },
    files: [...files],
    attempts: 0,
    at: context.host.now().getTime(),
  };
  const key = INBOX + messageId(team, channel, ts);
  if (!(await context.host.notes.writeOnce(key, value as unknown as JsonObject))) return;
  context.later("fetch files", () => takeKept(context, key, value));
}

/** Takes up what was kept and not finished. */
export async function resumeKept(context: SlackContext): Promise<void> {
  for (const { key, value } of await context.host.notes.list(INBOX)) {
    const read = kept.safeParse(value);
    if (!read.success) {
      await context.host.notes.remove(key);
      continue;
    }
    if (context.host.now().getTime() - read.data.at < STALE_MS) continue;
    const again = { ...read.data, attempts: read.data.attempts + 1, at: context.host.now().getTime() };
    await context.host.notes.write(key, again as unknown as JsonObject);
    await takeKept(context, key, again).catch((error: unknown) => {
      context.host.log("warn", "A message with files waits for another try.", { reason: reasonOf(error) });
    });
  }
}

async function takeKept(context: SlackContext, key: string, what: Kept): Promise<void> {
  const { host } = context;
  const who = await context.people.identify(what.team, what.user);
  if (who.kind !== "known") return await host.notes.remove(key);
  const as = who.principal.id;
  const place = {
    team: what.team,
    channel: what.channel,
    root: what.root,
    user: what.isDirect ? null : what.user,
  };
  showWorking(context, place);
  const ear = { team: what.team, channel: what.channel, user: what.user, root: what.root };
  const files: FileRef[] = [];
  for (const file of what.files) {
    const fetched = await fetchOne(context, as, what, file);
    if (typeof fetched === "string") await tell(context, ear, sentence(fetched));
    else files.push(fetched);
  }
  // The message was taken back while its files were fetched.
  if ((await host.notes.read(key)) === null) return;
  const id = messageId(what.team, what.channel, what.ts);
  if (what.text !== "" || files.length > 0) {
    const thread = toThreadRef(place);
    try {
      const { session } = await host.receive({
        ...{ dedupe: id, message: id, thread, session: null, principal: as },
        text: what.text,
        files,
      });
      context.sessions.note(session, place);
    } catch (error) {
      if (!(error instanceof StewardError) || error.status >= 500) throw error;
      await tell(context, ear, problemOf(error));
    }
  }
  await host.notes.remove(key);
}

/** The stored file, or what to tell the person; throws when a later try may help. */
async function fetchOne(
  context: SlackContext,
  as: string,
  what: Kept,
  file: z.infer<typeof slackFile>,
): Promise<FileRef | string> {
  const { host, settings } = context;
  try {
    const token = await context.installations.tokenOf(what.team);
    if (token === null) throw new SlackFailure("no_workspace");
    const limits = { maxBytes: host.maxFileBytes, apiUrl: settings.apiUrl };
    return await host.putFile(
      as,
      await fetchSlackFile(await described(context, what.team, file), token, limits),
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return error.message;
    if (error instanceof StewardError && error.status < 500) return `${error.message} ${error.remedy}`;
    if (what.attempts < MAX_ATTEMPTS && !(error instanceof SlackFailure && isTokenCode(error.code)))
      throw error;
    return `I could not fetch "${file.name ?? "the file"}" from Slack. Attach it again.`;
  }
}

/** Events of shared channels, and of large messages, name a file without saying where it is. */
async function described(context: SlackContext, team: string, file: SlackFile): Promise<SlackFile> {
  const isKnown = (file.url_private ?? file.url_private_download) !== undefined || file.is_external;
  if (isKnown && file.file_access !== "check_file_info") return file;
  const answer = await orNull(
    context.call(team, "files.info", { file: file.id }),
    "file_not_found",
    "file_deleted",
  );
  const read = z.object({ file: slackFile }).safeParse(answer);
  return read.success ? read.data.file : file;
}
