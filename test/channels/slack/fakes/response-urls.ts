import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { PlatformRules } from "./call.ts";
import type { Block, Fields, SlackWorld } from "./slack-world.ts";

/** An address is good for five answers within half an hour. */
const MOST_USES = 5;
const LIFE_MS = 30 * 60_000;

type Address = {
  readonly channel: string;
  readonly user: string;
  readonly message: string | null;
  readonly at: number;
  uses: number;
};

/** The `response_url` of interactions and commands. */
export function createResponseUrls(world: SlackWorld, rules: PlatformRules) {
  const addresses = new Map<string, Address>();

  return {
    issue(channel: string, user: string, message: string | null): string {
      const path = `/actions/${randomBytes(16).toString("hex")}`;
      addresses.set(path, { channel, user, message, at: world.clock(), uses: 0 });
      return path;
    },
    answer(path: string, body: string, response: ServerResponse): void {
      const end = (status: number, words: string) => response.writeHead(status).end(words);
      const address = addresses.get(path);
      if (!address) return void end(404, "no_service");
      if (world.clock() - address.at > LIFE_MS) return void end(404, "expired_url");
      if (address.uses >= MOST_USES) return void end(404, "used_url");
      const wish = JSON.parse(body || "{}") as Fields;
      const blocks = (wish.blocks ?? []) as readonly Block[];
      if (rules.validate("message", blocks).length > 0) return void end(400, "invalid_blocks");
      address.uses += 1;
      const message = address.message ? world.find(address.channel, address.message) : null;
      if (wish.delete_original === true) {
        if (message) world.remove(message);
      } else if (wish.replace_original === true && message) {
        message.text = String(wish.text ?? "");
        message.blocks = blocks;
        message.edits += 1;
      } else {
        if (!wish.text && blocks.length === 0) return void end(400, "no_text");
        const team = [...world.teams.values()].find(
          (one) => one.id === world.channels.get(address.channel)?.team,
        );
        world.add({
          channel: address.channel,
          user: team?.botUser ?? "",
          botId: team?.botId ?? null,
          text: String(wish.text ?? ""),
          blocks,
          threadTs: typeof wish.thread_ts === "string" ? wish.thread_ts : null,
          onlyFor: wish.response_type === "in_channel" ? null : address.user,
        });
      }
      end(200, "ok");
    },
  };
}
