import { type Endpoints, isHostAllowed, isSafeAddress } from "./endpoints.ts";
import { fetchBounded, TooLargeError } from "./fetch-json.ts";
import { TeamsSendError } from "./teams-send-error.ts";

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 30_000;

/**
 * Fetches what somebody attached: from the connector with our token, from SharePoint without (its addresses carry
 * their own), from nowhere else, and each redirect is looked at again. Throws `TeamsSendError`.
 */
export async function downloadFile(options: {
  readonly url: string;
  readonly maxBytes: number;
  readonly hosts: Pick<Endpoints, "serviceHosts" | "fileHosts">;
  readonly token: () => Promise<string | null>;
}): Promise<{ readonly content: Uint8Array; readonly contentType: string }> {
  const { hosts, maxBytes } = options;
  let url = options.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const isConnector = isHostAllowed(url, hosts.serviceHosts) && isAttachment(url);
    if (!isSafeAddress(url) || !(isConnector || isHostAllowed(url, hosts.fileHosts))) {
      throw refused("The file lies where it is not fetched from.", null);
    }
    const token = isConnector ? await options.token() : null;
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetchBounded(url, { headers }, { timeoutMs: TIMEOUT_MS, maxBytes }).catch(
      (cause: unknown) => {
        if (cause instanceof TooLargeError) throw refused("The file is too large.", 413);
        throw new TeamsSendError("The file could not be fetched.", { status: null, cause });
      },
    );
    if (answer.status === 200) {
      const contentType = answer.headers.get("content-type") ?? "application/octet-stream";
      return { content: answer.body, contentType };
    }
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || location === null) {
      const isPermanent = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
      throw new TeamsSendError(`The file could not be fetched: ${answer.status}.`, {
        status: answer.status,
        isPermanent,
      });
    }
    url = URL.parse(location, url)?.href ?? "";
  }
  throw refused("The file could not be fetched: too many redirects.", null);
}

/** Whatever else the connector would answer with our token (rosters, conversations) is no file of anybody. */
const isAttachment = (url: string): boolean =>
  /\/v3\/attachments\/[^/%]+\/views\/[^/%]+$/.test(new URL(url).pathname);

const refused = (detail: string, status: number | null) =>
  new TeamsSendError(detail, { status, isPermanent: true });
