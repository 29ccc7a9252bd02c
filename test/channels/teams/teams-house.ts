import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createTeamsChannel, MESSAGES_PATH } from "../../../channels/teams/teams-channel.ts";
import type { Outbound } from "../../../src/types/channel.ts";
import type { TeamsSettings } from "../../../src/types/channel-settings.ts";
import type { ThreadItem } from "../../../src/types/thread-item.ts";
import { startTeamsPlatform } from "./fakes/teams-platform.ts";
import { createHostRecorder, person } from "./host-recorder.ts";

export const ADA = person("ada@example.com", "Ada");
export const MIA = person("mia@example.com", "Mia");

/** A Teams with three people, a house that writes down, and the channel between them. */
export async function startTeamsHouse(
  sdk: TeamsSettings["sdk"] = "botbuilder",
  more: { readonly endpoints?: Readonly<Record<string, string>>; readonly now?: () => Date } = {},
) {
  const teams = await startTeamsPlatform();
  const house = createHostRecorder([ADA, MIA], more.now ?? (() => new Date()));
  const routes = new Map<string, RequestListener>();
  const channel = await createTeamsChannel(
    { ...teams.settings(sdk), endpoints: { ...teams.settings(sdk).endpoints, ...more.endpoints } },
    house.host,
    (path, handler) => void routes.set(path, handler),
  );
  const server = createServer((req, res) => {
    const handler = routes.get(req.url ?? "");
    if (handler) handler(req, res);
    else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  teams.connectBot(`http://127.0.0.1:${address.port}${MESSAGES_PATH}`);
  await channel.start(house.host.receive);
  const ada = teams.addUser("Ada");
  const mia = teams.addUser("Mia");
  const guest = teams.addUser("Gus", { userRole: "guest", userPrincipalName: "gus_x.com#EXT#@example.com" });
  let seq = 0;
  return {
    teams,
    channel,
    ada,
    mia,
    guest,
    ...house,
    /** The thread of the last message that was kept. */
    thread: () => {
      const last = house.received.at(-1);
      if (!last) throw new Error("nothing was received");
      return last.thread;
    },
    answer(text: string, more: Partial<Extract<ThreadItem, { kind: "message" }>> = {}): ThreadItem {
      seq++;
      return {
        kind: "message",
        seq,
        id: `msg_${seq}`,
        at: new Date().toISOString(),
        author: { id: "steward", name: "Steward", isAssistant: true },
        text,
        files: [],
        citations: [],
        turn: "trn_1",
        note: null,
        ...more,
      };
    },
    async post(item: ThreadItem, more: Partial<Outbound> = {}): Promise<Outbound> {
      const last = house.received.at(-1);
      if (!last && !more.thread) throw new Error("nothing was received");
      const outbound: Outbound = {
        id: `out_${item.id}`,
        thread: last?.thread ?? { channel: "teams", conversation: "", thread: "" },
        viewer: last?.principal ?? "",
        item,
        ...more,
      };
      await channel.post(outbound);
      return outbound;
    },
    async close() {
      await channel.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await teams.close();
    },
  };
}

export type TeamsHouse = Awaited<ReturnType<typeof startTeamsHouse>>;
