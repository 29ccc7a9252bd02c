/** What a server answered, read to the end and no further than it may. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
};

export class TooLargeError extends Error {}

/**
 * Fetches with a limit in time and size and without following redirects. Throws what `fetch` throws, `TooLargeError`,
 * and a `TimeoutError` after `timeoutMs`.
 */
export async function fetchBounded(
  url: string,
  init: RequestInit,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<Answer> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const response = await fetch(url, { ...init, redirect: init.redirect ?? "manual", signal });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limits.maxBytes) {
      throw new TooLargeError(`more than ${limits.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) };
}

/** JSON of a 200; throws for another status and for what is no JSON. */
export async function fetchJson(
  url: string,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<unknown> {
  const answer = await fetchBounded(url, { headers: { accept: "application/json" } }, limits);
  if (answer.status !== 200) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return JSON.parse(new TextDecoder().decode(answer.body));
}
