import { messageProblems, viewProblems } from "../validate-blocks.ts";
import type { SlackPlatform } from "./slack-platform.ts";

const MESSAGES = new Set(["chat.postMessage", "chat.update", "chat.postEphemeral"]);
const VIEWS = new Set(["views.open", "views.publish", "views.push", "views.update"]);

const read = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);

/**
 * What is wrong with anything the app sent: what Slack would refuse, and what would let others' words act (mentions,
 * links that hide their address). `ownPages` are addresses whose links may have words of ours.
 */
export function outgoingProblems(
  platform: Pick<SlackPlatform, "calls">,
  ownPages: readonly string[] = [],
): string[] {
  return platform.calls.flatMap(({ method, args }) => {
    const name = (problem: string) => `${method}: ${problem}`;
    if (MESSAGES.has(method)) {
      const blocks = args.blocks === undefined ? {} : { blocks: read(args.blocks) };
      return messageProblems({ text: args.text, ...blocks }, ownPages).map(name);
    }
    if (VIEWS.has(method)) return viewProblems(read(args.view), ownPages).map(name);
    return [];
  });
}
