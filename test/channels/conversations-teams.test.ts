import { describe } from "vitest";
import { playConversations } from "./play-conversations.ts";

describe("the conversations in teams", () => playConversations("teams"));
