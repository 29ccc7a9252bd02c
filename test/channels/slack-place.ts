import { vi } from "vitest";
import type { ThreadRef } from "../../src/types/thread.ts";
import { invoice } from "./company-people.ts";
import type { Seen } from "./slack/fakes/see-message.ts";
import type { SlackPlatform } from "./slack/fakes/slack-platform.ts";
import type { SharedPlace } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

const THUMBS = { up: "+1", down: "-1" } as const;

/** One thread in a private channel, or in a conversation of several people, with the app in it. */
export function slackPlace(
  platform: SlackPlatform,
  house: StageHouse,
  kind: "channel" | "group",
  names: readonly string[],
): SharedPlace {
  const team = platform.team();
  const ids = names.map((name) => platform.person(name).id);
  const { id: channel } =
    kind === "channel"
      ? platform.addChannel({
          name: `matters-${platform.world.newId("c").toLowerCase()}`,
          isPrivate: true,
          members: [...names, "steward"],
        })
      : platform.world.direct(team.id, [team.botUser, ...ids]);
  const opened = platform.world.newTs();
  let root: string | null = null;
  const threadOf = (name: string): ThreadRef => ({
    channel: "slack",
    conversation: `${team.id}/${channel}`,
    thread: `${root ?? ""}/${platform.person(name).id}`,
  });
  const shown = (name: string): readonly Seen[] => {
    const person = platform.person(name);
    return [...person.seen(channel), ...person.seen("@steward")].filter(
      ({ author, ts, isOnlyForMe }) => author === "Steward" && (ts > opened || isOnlyForMe),
    );
  };
  const sees = (name: string): string =>
    shown(name)
      .map(({ text }) => text)
      .join("\n\n");
  const newestTurn = async (name: string) => (root === null ? null : await house.newestTurn(threadOf(name)));

  return {
    async says(name, text, { isMention = true, files = [] } = {}) {
      const person = platform.person(name);
      const said = await person.says(channel, isMention ? `@steward ${text}` : text, {
        ...(root === null ? {} : { thread: root }),
        files: files.map((file) => ({ name: file, content: invoice(file), type: "application/pdf" })),
      });
      root ??= said.ts;
      return said.ts;
    },
    newestTurn,
    turnAfter: async (name, before) => {
      const result = await house.nextResult(threadOf(name), before);
      await house.quiet();
      return result;
    },
    async edits(name, message, text) {
      await platform.person(name).edits(channel, message, `@steward ${text}`);
      await platform.deliveries.idle();
    },
    async deletes(name, message) {
      await platform.person(name).deletes(channel, message);
      await platform.deliveries.idle();
    },
    sees: async (name) => sees(name),
    async opens(name) {
      const before = sees(name);
      await platform.person(name).clicks(channel, "Show it to me");
      await vi.waitUntil(() => sees(name) !== before, { timeout: 10_000 });
      return sees(name);
    },
    async thumbs(name, isUp) {
      const person = platform.person(name);
      const answer = person
        .seen(channel)
        .findLast(({ author, isOnlyForMe }) => author === "Steward" && !isOnlyForMe);
      await person.reacts(channel, answer?.ts ?? "", isUp ? THUMBS.up : THUMBS.down);
    },
  };
}
