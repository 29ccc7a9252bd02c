import { messageProblems, viewProblems } from "../validate-blocks.ts";
import type { SlackPlatform } from "./slack-platform.ts";

const MESSAGES = new Set(["chat.postMessage", "chat.update", "chat.postEphemeral"]);
const VIEWS = new Set(["views.open", "views.publish", "views.push", "views.update"]);

/** The mentions of ours, in words of ours alone: whose decision is waited for, and for whom an answer is. */
const REMINDER = /^<@[UW][A-Z0-9]+> This still waits for your decision\.$/;
const FOR_WHOM = /^<@[UW][A-Z0-9]+>$/;

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
      const blocks = args.blocks === undefined ? {} : { blocks: withoutForWhom(read(args.blocks)) };
      const isReminder = REMINDER.test(String(args.text)) && isAlone(blocks.blocks, String(args.text));
      if (isReminder) return [];
      return messageProblems({ text: args.text, ...blocks }, ownPages).map(name);
    }
    if (VIEWS.has(method)) return viewProblems(read(args.view), ownPages).map(name);
    return [];
  });
}

/** Whether the blocks say these words and nothing else. */
function isAlone(blocks: unknown, text: string): boolean {
  const own = [{ type: "section", text: { type: "mrkdwn", text } }];
  return JSON.stringify(blocks) === JSON.stringify(own);
}

function withoutForWhom(blocks: unknown): unknown {
  if (!Array.isArray(blocks)) return blocks;
  const [first, ...rest] = blocks as readonly {
    readonly type?: string;
    readonly text?: { readonly text?: string };
  }[];
  return first?.type === "section" && FOR_WHOM.test(first.text?.text ?? "") ? rest : blocks;
}
