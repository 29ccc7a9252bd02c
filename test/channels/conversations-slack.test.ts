import { describe, vi } from "vitest";
import { playConversations } from "./play-conversations.ts";

// One message a second and conversation, as Slack has it, is five minutes of waiting: conversations-paced plays some so.
vi.mock("../../channels/slack/send-queue.ts", () => ({
  createSendQueue: () => new Proxy({}, { get: () => () => 0 }),
}));
// And nobody types as fast as a table is played.
vi.mock("../../channels/slack/pace.ts", () => ({
  createPace: () => ({ take: () => ({ isAllowed: true, isFirstRefusal: false }) }),
}));

describe("the conversations in slack", () => playConversations("slack", { isPaced: false }));
