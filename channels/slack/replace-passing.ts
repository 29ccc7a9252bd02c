import type { SlackMessage } from "./blocks/slack-message.ts";

const TIMEOUT_MS = 5_000;

/**
 * Puts other words in the place of a message that only one person sees: such a one is changed over the address that
 * came with the click. Only Slack's own address is used; `apiUrl`, when an operator set it, names the other one.
 */
export async function replacePassing(
  responseUrl: string,
  apiUrl: string | null,
  { text, blocks }: SlackMessage,
): Promise<void> {
  const url = URL.parse(responseUrl);
  const isSlacks =
    url?.origin === "https://hooks.slack.com" || (apiUrl !== null && url?.origin === new URL(apiUrl).origin);
  if (!url || !isSlacks) return;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ replace_original: true, text, blocks }),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
}
