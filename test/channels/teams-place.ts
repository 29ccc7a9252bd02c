import type { ThreadRef } from "../../src/types/thread.ts";
import { invoice } from "./company-people.ts";
import type { SharedPlace } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";
import { nodesOfType } from "./teams/check-card.ts";
import type { TeamsPlatform, TeamsUser } from "./teams/fakes/teams-platform.ts";
import { shownBySteward } from "./teams-talk.ts";

let places = 0;

/** One thread in a channel of a team, or a group chat, with the app in it. */
export async function teamsPlace(
  teams: TeamsPlatform,
  house: StageHouse,
  kind: "channel" | "group",
  users: ReadonlyMap<string, TeamsUser>,
): Promise<SharedPlace> {
  const everybody = [...users.values()];
  const [first] = everybody;
  if (!first) throw new Error("Nobody is there.");
  places += 1;
  const name = `Matters ${places}`;
  const conversation = kind === "channel" ? teams.channel(name, everybody) : teams.group(name, everybody);
  await teams.install(first, conversation);
  const userOf = (who: string): TeamsUser => {
    const user = users.get(who);
    if (!user) throw new Error(`${who} is not there.`);
    return user;
  };
  const openedWith = new Map<TeamsUser, number>();
  for (const user of everybody)
    openedWith.set(user, (await shownBySteward(teams, user, teams.personal(user))).length);
  let root: string | null = null;
  const placeId = () =>
    kind === "channel" && root !== null ? `${conversation.id};messageid=${root}` : conversation.id;
  const threadOf = (who: string): ThreadRef => ({
    channel: "teams",
    conversation: teams.tenant,
    thread: `${placeId()}#${userOf(who).aadObjectId}`,
  });
  const here = async (user: TeamsUser) => await shownBySteward(teams, user, conversation);

  const sees = async (who: string): Promise<string> => {
    const user = userOf(who);
    const personal = await shownBySteward(teams, user, teams.personal(user));
    return [...(await here(user)), ...personal.slice(openedWith.get(user) ?? 0)]
      .map(({ words }) => words)
      .join("\n\n");
  };

  return {
    async says(who, text, { isMention = true, files = [] } = {}) {
      // In a place that others read, Teams hands over that there is a file, and not the file.
      const attachments = files.map((file) => ({
        ...teams.file(file, invoice(file)),
        contentType: "reference",
      }));
      const said = await teams.say(userOf(who), conversation, text, {
        isMention,
        attachments,
        ...(root === null || kind === "group" ? {} : { root }),
      });
      root ??= said.id;
      return said.id;
    },
    newestTurn: async (who) => (root === null ? null : await house.newestTurn(threadOf(who))),
    turnAfter: async (who, before) => {
      const result = await house.nextResult(threadOf(who), before);
      await house.quiet();
      return result;
    },
    async edits(who, message, text) {
      await teams.edit(userOf(who), message, text, true);
    },
    async deletes(who, message) {
      await teams.erase(userOf(who), message);
    },
    sees,
    async opens(who) {
      const user = userOf(who);
      const offer = (await here(user)).findLast(({ cards }) =>
        nodesOfType(cards, "Action.Execute").some(({ verb }) => verb === "show-private"),
      );
      if (!offer) throw new Error(`${who} is offered nothing.`);
      const before = await sees(who);
      const answer = await teams.click(user, offer.id, (action) => action.verb === "show-private");
      const said = String((answer.body as { readonly value?: unknown } | null)?.value);
      for (let tries = 0; tries < 100 && /on it/.test(said) && (await sees(who)) === before; tries++)
        await new Promise((go) => setTimeout(go, 50));
      return `${said}\n${await sees(who)}`;
    },
    async thumbs(who, isUp) {
      const user = userOf(who);
      const answer = (await here(user)).at(-1);
      await teams.react(user, answer?.id ?? "", isUp ? "like" : "sad");
    },
  };
}
