import { vi } from "vitest";
import type { ThreadRef } from "../../src/types/thread.ts";
import { invoice } from "./company-people.ts";
import type { SlackPlatform } from "./slack/fakes/slack-platform.ts";
import type { StageTalk } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

/** A conversation in a direct message with the app; its first message opens the thread. */
export function slackTalk(platform: SlackPlatform, house: StageHouse, name: string): StageTalk {
  const person = platform.person(name);
  const team = platform.team();
  const channel = platform.world.direct(team.id, [team.botUser, person.id]).id;
  let root: string | null = null;
  const thread = (): ThreadRef => ({
    channel: "slack",
    conversation: `${team.id}/${channel}`,
    thread: root ?? "",
  });
  const inThread = () =>
    root === null
      ? []
      : person.seen("@steward", { thread: root }).filter(({ author }) => author === "Steward");
  const words = (all: ReturnType<typeof inThread>) => all.map(({ text }) => text).join("\n\n");
  const send = async (text: string, files: readonly string[]) => {
    const before = new Map(inThread().map((one) => [one.ts, one.edits]));
    const said = await person.says("@steward", text, {
      ...(root === null ? {} : { thread: root }),
      files: files.map((file) => ({ name: file, content: invoice(file), type: "application/pdf" })),
    });
    root ??= said.ts;
    return () => words(inThread().filter((one) => before.get(one.ts) !== one.edits));
  };
  return {
    async say(text, ...files) {
      const before = root === null ? null : await house.newestTurn(thread());
      const since = await send(text, files);
      const result = await house.nextResult(thread(), before);
      await house.quiet();
      return { result, shown: since() };
    },
    async sayInVain(text) {
      const since = await send(text, []);
      await platform.deliveries.idle();
      return await vi.waitUntil(since, { timeout: 10_000 });
    },
    sees: async () => words(inThread()),
  };
}
