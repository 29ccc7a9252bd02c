import { z } from "zod";
import { byItem } from "../by-item.ts";
import { testChannel } from "../channel-contract.ts";
import { readMessage } from "./read-message.ts";
import { startTeamsHouse } from "./teams-house.ts";

const shownRef = z.object({ parts: z.array(z.object({ id: z.string() })) });
/** White space of one kind, and without what turns the reading direction: Teams is not shown that. */
const asRead = (text: string) =>
  text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();

for (const sdk of ["botbuilder", "agents"] as const) {
  testChannel(`Teams, ${sdk}`, async () => {
    const house = await startTeamsHouse(sdk);
    const chat = house.teams.personal(house.ada);
    await house.teams.say(house.ada, chat, "hello");
    const thread = house.thread();
    return {
      channel: house.channel,
      thread,
      record: () => undefined,
      reads: asRead,
      gone: [
        { ...thread, thread: "19:gone@thread.v2" },
        { ...thread, conversation: "nobody@example.com", thread: "approvals" },
      ],
      shown: async () => {
        const own = (await house.teams.seen(house.ada, chat)).filter(({ isBot }) => isBot);
        const itemOf = (message: string) =>
          [...house.posts.values()].find(({ ref }) =>
            shownRef.parse(ref).parts.some(({ id }) => id === message),
          )?.item;
        const seen = own.map(({ id, text }) => ({ id, text: readMessage(text) }));
        return byItem(seen, itemOf).map(({ id, text }) => ({ id, text: asRead(text) }));
      },
      close: async () => {
        const wrong = [...house.teams.problems, ...house.teams.ledger.violations];
        await house.close();
        if (wrong.length > 0) throw new Error(`Teams did not like it: ${JSON.stringify(wrong)}`);
      },
    };
  });
}
