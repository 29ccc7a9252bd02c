import type { ThreadRef } from "../../src/types/thread.ts";
import type { SlackContext } from "./slack-context.ts";
import { type Ear, sentence, tell } from "./tell.ts";

/** Ends the turn that runs in the person's own session at this place, and says so to them. */
export async function stopTurn(
  context: SlackContext,
  ear: Ear,
  as: string,
  thread: ThreadRef,
): Promise<void> {
  const isStopped = await context.host.stop(as, thread);
  const words = isStopped
    ? "Stopped. What was already done stays; its card says what that was."
    : "There is nothing running here that I could stop.";
  context.later("say that it was stopped", () => tell(context, ear, sentence(words)));
}
