import { describe } from "vitest";
import { playConversations } from "./play-conversations.ts";

describe("a conversation at the pace that Slack allows", () =>
  playConversations("slack", { only: ["1b. what only some may read", "3. a deal above the limit"] }));
