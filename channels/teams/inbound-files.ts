import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { FileRef } from "../../src/types/file-ref.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { foreignLine } from "./cards/foreign-text.ts";
import { fileSize } from "./file-size.ts";
import type { Attachment, InActivity } from "./transport/activity.ts";
import type { ActivityTransport } from "./transport/activity-transport.ts";
import { TeamsSendError } from "./transport/teams-send-error.ts";

const FILE = "application/vnd.microsoft.teams.file.download.info";
const MAX_FILES = 10;
/** Teams waits about 15 s for its answer; files that take longer are asked for again. */
const TOGETHER_MS = 9_000;
const fileContent = z.object({ downloadUrl: z.string().max(8192), fileType: z.string().max(64).nullish() });

export type ReadFiles = {
  readonly files: readonly FileRef[];
  /** One line each for what could not be taken, with its reason. */
  readonly problems: readonly string[];
};

/** Fetches what was attached and stores it as the person's. What cannot be had is said; it never throws. */
export async function readFiles(
  host: Pick<ChannelHost, "putFile" | "maxFileBytes">,
  transport: Pick<ActivityTransport, "download">,
  activity: InActivity,
  as: string,
): Promise<ReadFiles> {
  const wanted = activity.attachments.flatMap(addressOf);
  const problems: string[] = [];
  const files: FileRef[] = [];
  if (wanted.length > MAX_FILES) problems.push(`I take ${MAX_FILES} files at a time; the rest was left.`);
  const late = new Promise<null>((resolve) => setTimeout(resolve, TOGETHER_MS, null).unref());
  await Promise.all(
    wanted.slice(0, MAX_FILES).map(async ({ name, url }) => {
      const shown = `“${foreignLine(name, 80)}”`;
      try {
        const got = await Promise.race([transport.download(activity.ref, url, host.maxFileBytes), late]);
        if (got === null) problems.push(`${shown} took too long to fetch. Send it again.`);
        else files.push(await host.putFile(as, { name, content: got.content }));
      } catch (error) {
        problems.push(`${shown} was not taken: ${whyNot(error, host.maxFileBytes)}`);
      }
    }),
  );
  return { files, problems };
}

/** Whether the message has a file that only Graph could read: in channels and group chats Teams gives no address. */
export const hasHiddenFile = ({ attachments }: InActivity): boolean =>
  attachments.some(({ contentType }) => contentType === "reference");

function addressOf({ contentType, contentUrl, name, content }: Attachment): { name: string; url: string }[] {
  if (contentType === FILE) {
    const read = fileContent.safeParse(content);
    return read.success ? [{ name: name ?? "file", url: read.data.downloadUrl }] : [];
  }
  if (!contentType.startsWith("image/") || contentUrl === null) return [];
  const ending = /^image\/([a-z]{2,5})$/.exec(contentType)?.[1];
  return [{ name: name ?? `picture${ending ? `.${ending}` : ""}`, url: contentUrl }];
}

function whyNot(error: unknown, maxBytes: number): string {
  const isTooLarge =
    error instanceof TeamsSendError
      ? error.teamsStatus === 413
      : error instanceof StewardError && error.code === "FIL-413";
  if (isTooLarge) return `it is larger than ${fileSize(maxBytes)}.`;
  if (error instanceof StewardError && !(error instanceof TeamsSendError))
    return `${error.message} (${error.code})`;
  return "it could not be fetched. Send it again.";
}
