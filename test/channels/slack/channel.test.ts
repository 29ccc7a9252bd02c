import { z } from "zod";
import { byItem } from "../by-item.ts";
import { testChannel } from "../channel-contract.ts";
import { openSlackRoom } from "./slack-room.ts";
import { textOf } from "./text-of.ts";

const copy = z.object({ ts: z.array(z.string()) });
/** White space of one kind, and without what turns the reading direction: Slack is not shown that. */
const asRead = (text: string) =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();

testChannel("Slack", async () => {
  const room = await openSlackRoom();
  await room.nora.says("@steward", "hello");
  const [said] = room.received;
  if (!said) throw new Error("Nothing was received.");
  const { thread } = said;
  const team = room.platform.team().id;
  return {
    channel: room.channel,
    thread,
    record: () => undefined,
    reads: asRead,
    gone: [
      { ...thread, conversation: `${team}/C0GONE` },
      { ...thread, conversation: "nobody@acme.example", thread: "approvals" },
      { ...thread, thread: "no-thread-of-slack" },
    ],
    shown: async () => {
      const own = room.nora.seen("@steward").filter(({ author }) => author === "Steward");
      const itemOf = (message: string) =>
        [...room.posts.values()].find(({ ref }) => copy.parse(ref).ts.includes(message))?.item;
      const seen = own.map(({ ts, blocks }) => ({ id: ts, text: textOf(blocks) }));
      return byItem(seen, itemOf).map(({ id, text }) => ({ id, text: asRead(text) }));
    },
    close: async () => await room.close(),
  };
});
