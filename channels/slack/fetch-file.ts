import { z } from "zod";
import { SlackFailure } from "./slack-failure.ts";

export const slackFile = z.object({
  id: z.string().max(100),
  name: z.string().nullish(),
  size: z.number().optional(),
  is_external: z.boolean().optional(),
  mode: z.string().optional(),
  file_access: z.string().optional(),
  url_private: z.string().max(1_000).optional(),
  url_private_download: z.string().max(1_000).optional(),
});
export type SlackFile = z.infer<typeof slackFile>;

/** A file that cannot be had; `message` is for the person. */
export class UnreadableFile extends Error {}

const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;

/**
 * Downloads a file that somebody attached. The bot token goes to Slack's own file hosts over TLS and nowhere else;
 * `apiUrl`, when an operator set another address of the Web API, names the one more host that may have it. The size
 * is looked at first and counted while reading. Throws `UnreadableFile`, or `SlackFailure` when a later try may help.
 */
export async function fetchSlackFile(
  file: SlackFile,
  token: string,
  limits: { readonly maxBytes: number; readonly apiUrl: string | null },
): Promise<{ readonly name: string; readonly content: Uint8Array }> {
  const name = (file.name ?? "").trim().slice(0, 200) || "file";
  if (file.is_external || file.mode === "external") {
    throw new UnreadableFile(
      `"${name}" is kept outside Slack, where I cannot read it. Attach the file itself.`,
    );
  }
  const address = file.url_private_download ?? file.url_private;
  if (address === undefined || file.mode === "tombstone" || file.mode === "hidden_by_limit") {
    throw new UnreadableFile(`"${name}" is not there any more. Attach it again.`);
  }
  if ((file.size ?? 0) > limits.maxBytes) throw tooLarge(name, limits.maxBytes);
  const content = await download(new URL(address), token, limits, name);
  if (content.length === 0) throw new UnreadableFile(`"${name}" is empty.`);
  return { name, content };
}

const tooLarge = (name: string, maxBytes: number) =>
  new UnreadableFile(
    `"${name}" is larger than ${Math.floor(maxBytes / 1_000_000)} MB, so I did not read it. Send a smaller one, or split it.`,
  );

function isFileHost(url: URL, apiUrl: string | null): boolean {
  if (apiUrl !== null && url.origin === new URL(apiUrl).origin) return true;
  if (url.protocol !== "https:" || url.port !== "") return false;
  return url.hostname === "files.slack.com" || url.hostname.endsWith(".files.slack.com");
}

async function download(
  start: URL,
  token: string,
  { maxBytes, apiUrl }: { readonly maxBytes: number; readonly apiUrl: string | null },
  name: string,
): Promise<Uint8Array> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!isFileHost(url, apiUrl)) {
      throw new UnreadableFile(`"${name}" is not at one of Slack's own addresses, so I did not fetch it.`);
    }
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new SlackFailure("unreachable", {}, { cause: error });
    });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      url = new URL(location, url);
      continue;
    }
    if (response.status === 404 || response.status === 410) {
      throw new UnreadableFile(`"${name}" is not there any more. Attach it again.`);
    }
    if (!response.ok || response.body === null) throw new SlackFailure(`http_${response.status}`);
    // Slack answers with its sign-in page, not with 403, when the token may not read the file.
    const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html");
    if (isPage && !/\.html?$/i.test(name)) throw new SlackFailure("file_not_readable");
    return await readAtMost(response.body, maxBytes, () => tooLarge(name, maxBytes));
  }
  throw new UnreadableFile(`"${name}" could not be fetched. Attach it again.`);
}

async function readAtMost(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooMuch: () => Error,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooMuch();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
