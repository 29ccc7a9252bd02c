import type { Chat } from "./state/chat.ts";

/** Tells a host page what happens: `ready`, `message`, `error`. Nothing that was there before is told as new. */
export function createEvents(chat: Chat, emit: (name: string, detail?: unknown) => void): () => void {
  let isReady = false;
  let seen = 0;
  // Where no conversation was open, everything is new, also what was sent before the rest was there.
  const isFirst = chat.state().session === null;
  let session: string | null = null;
  let problem: unknown = null;
  const look = () => {
    const state = chat.state();
    if (state.problem !== null && state.problem !== problem) {
      emit("error", { code: state.problem.code, message: state.problem.message });
    }
    problem = state.problem;
    if (state.me === null || !state.isLoaded) return;
    if ((!isReady && !isFirst) || (session !== state.session && session !== null)) seen = state.thread.seen;
    session = state.session;
    if (!isReady) {
      isReady = true;
      emit("ready", { person: state.me.principal.id });
    }
    for (const item of state.thread.items) {
      if (item.seq <= seen || item.kind !== "message") continue;
      emit("message", { id: item.id, session, text: item.text, isAssistant: item.author.isAssistant });
    }
    seen = Math.max(seen, state.thread.seen);
  };
  look();
  return chat.subscribe(look);
}
