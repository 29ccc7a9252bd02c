import { vi } from "vitest";
import { findPosts } from "../../src/store/channels/posts.ts";
import { companyPeople, DOMAIN, nameOf } from "./company-people.ts";
import { outgoingProblems } from "./slack/fakes/outgoing-problems.ts";
import type { Seen } from "./slack/fakes/see-message.ts";
import { startSlackPlatform } from "./slack/fakes/slack-platform.ts";
import { slackPlace } from "./slack-place.ts";
import { slackTalk } from "./slack-talk.ts";
import {
  type CopySeen,
  LABELS,
  type SharedStage,
  type Side,
  type SideOptions,
  type SideSettings,
} from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

const TOLD_MS = 10_000;

/** Slack's strict stand-in, with the whole company in one workspace and direct messages as the place to talk. */
export async function startSlackSide({ isPaced }: SideOptions): Promise<Side> {
  const people = companyPeople();
  const platform = await startSlackPlatform({
    teams: [{ id: "T0BRIGHT", name: "Brightwell", emailDomain: DOMAIN.slice(1), people }],
    limits: isPaced ? "on" : "off",
  });
  let publicPage = "";
  const settings = (publicUrl: string): SideSettings => {
    publicPage = publicUrl;
    return {
      slack: {
        mode: "http",
        botToken: platform.botToken(),
        appToken: null,
        signingSecret: platform.signingSecret,
        clientId: null,
        clientSecret: null,
        workspaces: [platform.team().id],
        apiUrl: platform.apiUrl,
        publicUrl,
      },
      allowed: [platform.team().id],
    };
  };
  const words = (all: readonly Seen[]) => all.map(({ text }) => text).join("\n\n");

  const connect = async (house: StageHouse): Promise<SharedStage> => {
    platform.deliverTo(`${house.url}/channels/slack/events`);
    // Cards reach those whose account is known.
    for (const { name } of people) await platform.person(name).says("@steward", "help");

    type Copy = CopySeen & { readonly channel: string; readonly messages: readonly Seen[] };
    const copiesOf = async (turn: string): Promise<readonly Copy[]> => {
      const posts = await findPosts(house.db, `${turn}:card`);
      return posts.flatMap((post): Copy[] => {
        if (post.thread.channel !== "slack") return [];
        const { channel, ts } = post.ref as { channel: string; ts: readonly string[] };
        const viewer = nameOf(post.viewer);
        const messages = platform
          .person(viewer)
          .seen(channel)
          .filter((one) => ts.includes(one.ts));
        const buttons = messages.flatMap((one) => one.buttons);
        return [
          {
            viewer,
            channel,
            messages,
            text: words(messages),
            buttons: LABELS.filter((label) => buttons.some((button) => button.label === label)),
            asksTwice: buttons.some(({ label, element }) => label === "Approve" && element.confirm),
          },
        ];
      });
    };
    const find = async (name: string, label: string, turn: string) => {
      await house.quiet();
      for (const { viewer, channel, messages } of await copiesOf(turn))
        for (const { ts, buttons } of viewer === name ? messages : []) {
          const button = buttons.find((one) => one.label === label);
          if (button) return { button, channel, ts };
        }
      throw new Error(`${name} has no card about ${turn} with "${label}" in Slack.`);
    };
    /** What changes before somebody's eyes while something is done. */
    const watch = (name: string) => {
      const seen = () => platform.person(name).seen("@steward");
      const before = new Map(seen().map((one) => [one.ts, one.edits]));
      return () => words(seen().filter((one) => before.get(one.ts) !== one.edits));
    };

    return {
      talk: (name) => slackTalk(platform, house, name),
      gather: async (kind, names) => slackPlace(platform, house, kind, names),
      copies: copiesOf,
      async waitsFor(name) {
        await house.quiet();
        return words(
          platform
            .person(name)
            .seen("@steward")
            .filter(({ buttons }) => buttons.some(({ label }) => label === "Approve")),
        );
      },
      async hold(name, label, turn) {
        const { button, channel, ts } = await find(name, label, turn);
        return async (by) => {
          const since = watch(by);
          const person = platform.person(by);
          if (by === name) await person.presses(channel, button, ts);
          else await person.presses("@steward", button);
          await vi.waitUntil(since, { timeout: TOLD_MS });
          await house.quiet();
          return since();
        };
      },
      async refuse(name, turn, reason) {
        const { channel, ts } = await find(name, "Refuse", turn);
        const person = platform.person(name);
        await person.clicks(channel, "Refuse", { ts });
        await person.submits({ "Why do you refuse?": reason });
        if (person.modal())
          throw new Error(`the refusal was not taken: ${JSON.stringify(person.modal()?.errors)}`);
        await house.quiet();
      },
      async edit(name, turn, amount) {
        const { channel, ts } = await find(name, "Edit", turn);
        const person = platform.person(name);
        await person.clicks(channel, "Edit", { ts });
        const label = person.modal()?.labels.find((one) => /amount/i.test(one)) ?? "";
        await person.submits({ [label]: amount });
        const open = person.modal();
        if (open) await person.closes();
        await house.quiet();
        return open ? `${open.text}\n${Object.values(open.errors).join("\n")}` : "";
      },
    };
  };
  const close = async () => {
    const problems = outgoingProblems(platform, [publicPage]);
    await platform.close();
    // Everything that was sent in all the conversations, not only what somebody looked at.
    if (problems.length > 0) throw new Error(`Slack would refuse: ${problems.slice(0, 5).join("; ")}`);
  };
  return { settings, connect, close };
}
