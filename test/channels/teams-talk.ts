import type { JsonObject } from "../../src/types/json.ts";
import type { ThreadRef } from "../../src/types/thread.ts";
import { invoice } from "./company-people.ts";
import type { StageTalk } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";
import { wordsOf } from "./teams/check-card.ts";
import type { TeamsConversation, TeamsPlatform, TeamsUser } from "./teams/fakes/teams-platform.ts";

/** Messages of one person in a minute, at most. */
const A_MINUTE = 28;

/** When people wrote in each place: nobody writes thirty messages in a minute, and Steward takes who does for a program. */
const asTheySpeak = new Map<string, number[]>();

async function asPeopleDo(place: string): Promise<void> {
  const times = asTheySpeak.get(place) ?? [];
  asTheySpeak.set(place, times);
  const oldest = times.length < A_MINUTE ? undefined : times.shift();
  const wait = oldest === undefined ? 0 : oldest + 60_000 - Date.now();
  if (wait > 0) await new Promise((go) => setTimeout(go, wait));
  times.push(Date.now());
}

/** What Steward shows this person at a place, with the words of its cards and the names of what it cites. */
export async function shownBySteward(teams: TeamsPlatform, user: TeamsUser, place: TeamsConversation) {
  return (await teams.seen(user, place))
    .filter(({ isBot }) => isBot)
    .map(({ id, text, cards, activity }) => ({
      id,
      cards,
      words: [text, ...cards.map((card) => wordsOf(card)), ...titlesOf(activity)].filter(Boolean).join("\n"),
    }));
}

/** A conversation in the personal chat with Steward. */
export function teamsTalk(teams: TeamsPlatform, house: StageHouse, user: TeamsUser): StageTalk {
  const place = teams.personal(user);
  const thread: ThreadRef = { channel: "teams", conversation: teams.tenant, thread: place.id };
  const shown = async () => await shownBySteward(teams, user, place);
  const send = async (text: string, files: readonly string[]) => {
    await asPeopleDo(place.id);
    const before = new Map((await shown()).map((one) => [one.id, one.words]));
    const attachments = files.map((file) => teams.file(file, invoice(file)));
    await teams.say(user, place, text, { attachments });
    return async () =>
      (await shown())
        .filter((one) => before.get(one.id) !== one.words)
        .map(({ words }) => words)
        .join("\n\n");
  };
  return {
    async say(text, ...files) {
      const before = await house.newestTurn(thread);
      const since = await send(text, files);
      const result = await house.nextResult(thread, before);
      await house.quiet();
      return { result, shown: await since() };
    },
    async sayInVain(text) {
      const since = await send(text, []);
      for (let tries = 0; tries < 100 && (await since()) === ""; tries++) {
        await new Promise((go) => setTimeout(go, 100));
      }
      return await since();
    },
    sees: async () => (await shown()).map(({ words }) => words).join("\n\n"),
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
