import { findPosts } from "../../src/store/channels/posts.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import { companyPeople, nameOf } from "./company-people.ts";
import { type CopySeen, LABELS, type Label, type SharedStage, type Side, type SideOptions } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";
import { nodesOfType, wordsOf } from "./teams/check-card.ts";
import { startTeamsPlatform, type TeamsUser } from "./teams/fakes/teams-platform.ts";
import { basePlace } from "./teams/fakes/teams-state.ts";
import { teamsPlace } from "./teams-place.ts";
import { shownBySteward, teamsTalk } from "./teams-talk.ts";

const VERBS: Readonly<Record<Label, string>> = {
  Approve: "approve",
  Edit: "edit",
  Refuse: "refuse",
  Undo: "undo",
  Check: "check",
  "Retry with the same key": "retry",
  "Give up": "give-up",
};

/** Teams' strict stand-in with the whole company in one tenant, everybody in the chat with Steward. */
export async function startTeamsSide({ isPaced }: SideOptions): Promise<Side> {
  const teams = await startTeamsPlatform({ limits: isPaced ? "on" : "off" });
  const users = new Map(
    companyPeople().map(({ name, realName, email }) => [
      name,
      teams.addUser(realName, { email, userPrincipalName: email }),
    ]),
  );
  const userOf = (name: string): TeamsUser => {
    const user = users.get(name);
    if (!user) throw new Error(`There is no ${name}.`);
    return user;
  };
  const shown = async (user: TeamsUser) => await shownBySteward(teams, user, teams.personal(user));
  const buttonsOf = (cards: unknown): readonly Label[] => {
    const verbs = nodesOfType(cards, "Action.Execute").map(({ verb }) => verb);
    return LABELS.filter((label) => verbs.includes(VERBS[label]));
  };

  const connect = async (house: StageHouse): Promise<SharedStage> => {
    teams.connectBot(`${house.url}/channels/teams/messages`);
    // Cards reach those whose account is known.
    for (const user of users.values()) {
      await teams.install(user, teams.personal(user));
      await teams.say(user, teams.personal(user), "help");
    }
    type Copy = CopySeen & { readonly id: string; readonly cards: readonly JsonObject[] };
    const copiesOf = async (turn: string): Promise<readonly Copy[]> => {
      const posts = await findPosts(house.db, `${turn}:card`);
      const copies = posts.map(async (post): Promise<readonly Copy[]> => {
        if (post.thread.channel !== "teams") return [];
        const { conversation, parts } = post.ref as unknown as {
          readonly conversation: string;
          readonly parts: readonly { readonly id: string }[];
        };
        const place = teams.state.conversations.get(basePlace(conversation));
        if (!place) return [];
        const viewer = nameOf(post.viewer);
        const all = await shownBySteward(teams, userOf(viewer), place);
        return all
          .filter(({ id }) => parts.some((part) => part.id === id))
          .map(({ id, words, cards }) => ({
            viewer,
            id,
            cards,
            text: words,
            buttons: buttonsOf(cards),
            asksTwice: nodesOfType(cards, "Action.ShowCard").some(({ title }) => title === "Approve"),
          }));
      });
      return (await Promise.all(copies)).flat();
    };
    const find = async (name: string, label: Label, turn: string): Promise<Copy> => {
      await house.quiet();
      const own = (await copiesOf(turn)).find(
        ({ viewer, buttons }) => viewer === name && buttons.includes(label),
      );
      if (own) return own;
      throw new Error(`${name} has no card about ${turn} with "${label}" in Teams.`);
    };
    /** What changes before somebody's eyes while something is done. */
    const watch = async (user: TeamsUser) => {
      const before = new Map((await shown(user)).map((one) => [one.id, one.words]));
      return async () =>
        (await shown(user))
          .filter((one) => before.get(one.id) !== one.words)
          .map(({ words }) => words)
          .join("\n\n");
    };
    /** The answer to a click, or, when that was only that it takes longer, what came of it. */
    const toldBy = async (body: Json, since: () => Promise<string>): Promise<string> => {
      const said = (body as { readonly value?: Json } | null)?.value;
      const answer = typeof said === "string" ? said : wordsOf(said);
      if (!/^I am on it|^Being done$/m.test(answer)) return answer;
      for (let tries = 0; tries < 100; tries++) {
        const later = await since();
        if (later !== "" && !/^Being done$/m.test(later)) return later;
        await new Promise((go) => setTimeout(go, 50));
      }
      return answer;
    };
    const pressed = async (
      name: string,
      copy: Copy,
      verb: string,
      inputs: JsonObject = {},
    ): Promise<string> => {
      const since = await watch(userOf(name));
      const answer = await teams.click(userOf(name), copy.id, (action) => action.verb === verb, inputs);
      const told = await toldBy(answer.body, since);
      await house.quiet();
      return told;
    };

    return {
      talk: (name) => teamsTalk(teams, house, userOf(name)),
      gather: async (kind, names) =>
        await teamsPlace(teams, house, kind, new Map(names.map((name) => [name, userOf(name)]))),
      copies: copiesOf,
      async waitsFor(name) {
        await house.quiet();
        const open = (await shown(userOf(name))).filter(({ cards }) => buttonsOf(cards).includes("Approve"));
        return open.map(({ words }) => words).join("\n\n");
      },
      async hold(name, label, turn) {
        const copy = await find(name, label, turn);
        const action = nodesOfType(copy.cards, "Action.Execute").find(({ verb }) => verb === VERBS[label]);
        const { type, verb, data } = action as JsonObject;
        const value: Json = {
          action: { type: type ?? "", verb: verb ?? "", data: data ?? {} },
          trigger: "manual",
        };
        return async (by) => {
          const user = userOf(by);
          const since = await watch(user);
          const at: JsonObject = by === name ? { replyToId: copy.id } : {};
          const answer = await teams.invoke(user, teams.personal(user), "adaptiveCard/action", value, at);
          const told = await toldBy(answer.body, since);
          await house.quiet();
          return told;
        };
      },
      async refuse(name, turn, reason) {
        const copy = await find(name, "Refuse", turn);
        const input = nodesOfType(copy.cards, "Input.Text").find(({ label }) => /refuse/.test(String(label)));
        await pressed(name, copy, "refuse", { [String(input?.id)]: reason });
      },
      async edit(name, turn, amount) {
        const copy = await find(name, "Edit", turn);
        const input = nodesOfType(copy.cards, "Input.Text").find(({ label }) =>
          /amount/i.test(String(label)),
        );
        return await pressed(name, copy, "edit", { [String(input?.id)]: amount });
      },
    };
  };
  return {
    settings: () => ({ teams: teams.settings("botbuilder"), allowed: [teams.tenant] }),
    connect,
    close: async () => await teams.close(),
  };
}
