import { readFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import type { ThreadRef } from "../../src/types/thread.ts";
import { outgoingProblems } from "./slack/fakes/outgoing-problems.ts";
import type { Seen } from "./slack/fakes/see-message.ts";
import { startSlackPlatform } from "./slack/fakes/slack-platform.ts";
import type { Side, SideSettings, Stage } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

const DOMAIN = "@brightwell.example";

/** Of a long line a card's title has the beginning. */
const TITLE_CHARS = 60;

/** Slack's strict stand-in, with the whole company in one workspace and direct messages as the place to talk. */
export async function startSlackSide(): Promise<Side> {
  const { people: everyone } = JSON.parse(readFileSync(join("demo", "people.json"), "utf8")) as {
    readonly people: readonly { readonly id: string; readonly name: string }[];
  };
  const people = everyone.map(({ id, name }) => ({ name: id.replace(DOMAIN, ""), realName: name }));
  const platform = await startSlackPlatform({
    teams: [{ id: "T0BRIGHT", name: "Brightwell", emailDomain: DOMAIN.slice(1), people }],
  });
  let publicPage = "";
  const settings = (publicUrl: string): SideSettings => {
    publicPage = publicUrl;
    return settingsFor(publicUrl);
  };
  const settingsFor = (publicUrl: string): SideSettings => ({
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
  });
  const isSteward = ({ author }: Seen) => author === "Steward";
  const words = (all: readonly Seen[]) => all.map(({ text }) => text).join("\n\n");
  const cardOf = (name: string, about: string, label: string) =>
    platform
      .person(name)
      .seen("@steward")
      .findLast(
        (one) =>
          one.text.includes(about.slice(0, TITLE_CHARS)) &&
          one.buttons.some((button) => button.label === label),
      );
  const need = (name: string, about: string, label: string): Seen => {
    const found = cardOf(name, about, label);
    if (!found) throw new Error(`${name} has no card about "${about}" with "${label}".`);
    return found;
  };

  const connect = async (house: StageHouse): Promise<Stage> => {
    platform.deliverTo(`${house.url}/channels/slack/events`);
    // Cards reach those whose account is known.
    for (const { name } of people) await platform.person(name).says("@steward", "help");
    return {
      talk(name) {
        const person = platform.person(name);
        const channel = platform.world.direct(platform.team().id, [platform.team().botUser, person.id]).id;
        let root: string | null = null;
        const thread = (): ThreadRef => ({
          channel: "slack",
          conversation: `${platform.team().id}/${channel}`,
          thread: root ?? "",
        });
        const inThread = () =>
          root === null ? [] : person.seen("@steward", { thread: root }).filter(isSteward);
        const send = async (text: string, files: readonly string[]) => {
          const before = new Map(inThread().map((one) => [one.ts, one.edits]));
          const said = await person.says("@steward", text, {
            ...(root === null ? {} : { thread: root }),
            files: files.map((file) => ({
              name: file,
              content: new Uint8Array(readFileSync(join("demo", "invoices", file))),
              type: "application/pdf",
            })),
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
      },
      lineOf: async (name, turn) => await house.lineOf(`${name}${DOMAIN}`, turn),
      async waitsFor(name) {
        await house.quiet();
        const open = platform
          .person(name)
          .seen("@steward")
          .filter(({ buttons }) => buttons.some(({ label }) => label === "Approve"));
        return words(open);
      },
      async click(name, label, about) {
        await house.quiet();
        const { ts } = need(name, about, label);
        await platform.person(name).clicks("@steward", label, { ts });
        await house.quiet();
      },
      async refuse(name, about, reason) {
        await house.quiet();
        const person = platform.person(name);
        await person.clicks("@steward", "Refuse", { ts: need(name, about, "Refuse").ts });
        await person.submits({ "Why do you refuse?": reason });
        if (person.modal())
          throw new Error(`the refusal was not taken: ${JSON.stringify(person.modal()?.errors)}`);
        await house.quiet();
      },
      async steal(name, about) {
        await house.quiet();
        const thief = platform.person(name);
        const owners = people.filter((one) => one.name !== name && cardOf(one.name, about, "Approve"));
        const own = () => thief.seen("@steward").filter(isSteward);
        const before = own().length;
        for (const owner of owners) {
          const button = cardOf(owner.name, about, "Approve")?.buttons.find(
            ({ label }) => label === "Approve",
          );
          if (button) await thief.presses("@steward", button);
        }
        await vi.waitUntil(() => own().length > before, { timeout: 10_000 });
        await house.quiet();
        return {
          told: words(own().slice(before)),
          waitsOn: owners.every((one) => cardOf(one.name, about, "Approve")),
        };
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
