import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import type { Side, Stage } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";
import { nodesOfType, wordsOf } from "./teams/check-card.ts";
import { startTeamsPlatform, type TeamsUser } from "./teams/fakes/teams-platform.ts";

/** Messages of one person in a minute, at most. */
const A_MINUTE = 28;

const DOMAIN = "@brightwell.example";
/** Of a long line a card's title has the beginning. */
const TITLE_CHARS = 60;

/** Teams' strict stand-in with the whole company in one tenant, everybody in the chat with Steward. */
export async function startTeamsSide(): Promise<Side> {
  const teams = await startTeamsPlatform();
  const { people: everyone } = JSON.parse(readFileSync(join("demo", "people.json"), "utf8")) as {
    readonly people: readonly { readonly id: string; readonly name: string }[];
  };
  const users = new Map(
    everyone.map(({ id, name }) => [
      id.replace(DOMAIN, ""),
      teams.addUser(name, { email: id, userPrincipalName: id }),
    ]),
  );
  const userOf = (name: string): TeamsUser => {
    const user = users.get(name);
    if (!user) throw new Error(`There is no ${name}.`);
    return user;
  };
  const shown = async (user: TeamsUser) =>
    (await teams.seen(user, teams.personal(user)))
      .filter(({ isBot }) => isBot)
      .map(({ id, text, cards, activity }) => ({
        id,
        cards,
        words: [text, ...cards.map((card) => wordsOf(card)), ...titlesOf(activity)]
          .filter(Boolean)
          .join("\n"),
      }));
  const verbs = (cards: unknown) => nodesOfType(cards, "Action.Execute").map(({ verb }) => verb);
  const cardOf = async (name: string, about: string, verb: string) =>
    (await shown(userOf(name))).findLast(
      ({ words, cards }) => words.includes(about.slice(0, TITLE_CHARS)) && verbs(cards).includes(verb),
    );
  const need = async (name: string, about: string, verb: string) => {
    const found = await cardOf(name, about, verb);
    if (!found) throw new Error(`${name} has no card about "${about}" with "${verb}".`);
    return found;
  };

  // Nobody writes thirty messages in a minute, and Steward takes who does for a program.
  const sentAt = new Map<string, number[]>();
  const asPeopleDo = async (chat: string): Promise<void> => {
    const times = sentAt.get(chat) ?? [];
    sentAt.set(chat, times);
    const oldest = times.length < A_MINUTE ? undefined : times.shift();
    const wait = oldest === undefined ? 0 : oldest + 60_000 - Date.now();
    if (wait > 0) await new Promise((go) => setTimeout(go, wait));
    times.push(Date.now());
  };

  const connect = async (house: StageHouse): Promise<Stage> => {
    teams.connectBot(`${house.url}/channels/teams/messages`);
    // Cards reach those whose account is known.
    for (const user of users.values()) {
      await teams.install(user, teams.personal(user));
      await teams.say(user, teams.personal(user), "help");
    }
    return {
      talk(name) {
        const user = userOf(name);
        const place = teams.personal(user);
        const thread: ThreadRef = { channel: "teams", conversation: teams.tenant, thread: place.id };
        const send = async (text: string, files: readonly string[]) => {
          await asPeopleDo(place.id);
          const before = new Map((await shown(user)).map((one) => [one.id, one.words]));
          const attachments = files.map((file) =>
            teams.file(file, new Uint8Array(readFileSync(join("demo", "invoices", file)))),
          );
          await teams.say(user, place, text, { attachments });
          return async () =>
            (await shown(user)).filter((one) => before.get(one.id) !== one.words).map(({ words }) => words);
        };
        return {
          async say(text, ...files) {
            const before = await house.newestTurn(thread);
            const since = await send(text, files);
            const result = await house.nextResult(thread, before);
            await house.quiet();
            return { result, shown: (await since()).join("\n\n") };
          },
          async sayInVain(text) {
            const since = await send(text, []);
            for (let tries = 0; tries < 100 && (await since()).length === 0; tries++) {
              await new Promise((go) => setTimeout(go, 100));
            }
            return (await since()).join("\n\n");
          },
          sees: async () => (await shown(user)).map(({ words }) => words).join("\n\n"),
        };
      },
      lineOf: async (name, turn) => await house.lineOf(`${name}${DOMAIN}`, turn),
      async waitsFor(name) {
        await house.quiet();
        const open = (await shown(userOf(name))).filter(({ cards }) => verbs(cards).includes("approve"));
        return open.map(({ words }) => words).join("\n\n");
      },
      async click(name, label, about) {
        await house.quiet();
        const verb = label.toLowerCase();
        const { id } = await need(name, about, verb);
        await teams.click(userOf(name), id, (action) => action.verb === verb);
        await house.quiet();
      },
      async refuse(name, about, reason) {
        await house.quiet();
        const { id, cards } = await need(name, about, "refuse");
        const input = nodesOfType(cards, "Input.Text").find(({ label }) => /refuse/.test(String(label)));
        await teams.click(userOf(name), id, (action) => action.verb === "refuse", {
          [String(input?.id)]: reason,
        });
        await house.quiet();
      },
      async steal(name, about) {
        await house.quiet();
        const thief = userOf(name);
        const told: string[] = [];
        const owners: string[] = [];
        for (const owner of users.keys()) {
          const card = owner === name ? undefined : await cardOf(owner, about, "approve");
          const action = nodesOfType(card?.cards, "Action.Execute").find(({ verb }) => verb === "approve");
          if (!action) continue;
          owners.push(owner);
          const { type, verb, data } = action as JsonObject;
          const value: Json = {
            action: { type: type ?? "", verb: verb ?? "", data: data ?? {} },
            trigger: "manual",
          };
          const answer = await teams.invoke(thief, teams.personal(thief), "adaptiveCard/action", value);
          told.push(JSON.stringify(answer.body), wordsOf(answer.body));
        }
        await house.quiet();
        const open = await Promise.all(owners.map((owner) => cardOf(owner, about, "approve")));
        return { told: told.join("\n"), waitsOn: open.every(Boolean) };
      },
    };
  };
  return {
    settings: () => ({ teams: teams.settings("botbuilder"), allowed: [teams.tenant] }),
    connect,
    close: async () => await teams.close(),
  };
}

/** Names of the sources that an answer cites, which Teams shows at its numbers. */
function titlesOf(activity: JsonObject): readonly string[] {
  const entities = (activity.entities ?? []) as readonly JsonObject[];
  return entities.flatMap(({ citation }) =>
    ((citation ?? []) as readonly JsonObject[]).map(({ appearance }) =>
      String((appearance as JsonObject)?.name ?? ""),
    ),
  );
}
