import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSlackChannel } from "../../../channels/slack/slack-channel.ts";
import type { Card, CardItem } from "../../../src/types/card.ts";
import type { Outbound } from "../../../src/types/channel.ts";
import type { SlackSettings } from "../../../src/types/channel-settings.ts";
import type { ThreadRef } from "../../../src/types/thread.ts";
import { type SlackPlatformOptions, startSlackPlatform } from "./fakes/slack-platform.ts";
import { createRecordingHost } from "./recording-host.ts";

type RoomOptions = Partial<SlackPlatformOptions> & {
  readonly mode?: "http" | "socket";
  readonly settings?: Partial<SlackSettings>;
  readonly now?: () => Date;
  /** Gives the channel the platform's own client secret. */
  readonly hasClientSecret?: boolean;
};

/** Slack's stand-in, the channel behind a server of its own, and a house that records. */
export async function openSlackRoom({
  mode = "http",
  settings = {},
  now,
  hasClientSecret,
  ...more
}: RoomOptions = {}) {
  const platform = await startSlackPlatform({
    teams: [
      {
        people: [
          { name: "nora" },
          { name: "ben" },
          { name: "guest", guest: "restricted" },
          { name: "odd", isEmailConfirmed: false },
        ],
        channels: [
          { name: "sales", members: ["nora", "ben", "steward"] },
          { name: "mixed", members: ["nora", "guest", "steward"] },
          { name: "approvals", members: ["nora", "ben", "steward"] },
        ],
      },
    ],
    limits: "off",
    ...more,
  });
  const recording = createRecordingHost(now ? { now } : {});
  const routes = new Map<string, (req: IncomingMessage, res: ServerResponse) => void>();
  const server = createServer((req, res) => {
    const route = routes.get(new URL(req.url ?? "/", "http://x").pathname);
    if (route) route(req, res);
    else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const channel = await createSlackChannel(
    {
      ...{
        mode,
        botToken: platform.botToken(),
        appToken: platform.appToken,
        signingSecret: platform.signingSecret,
      },
      ...{ clientId: null, clientSecret: null, workspaces: [], apiUrl: platform.apiUrl, publicUrl: origin },
      ...settings,
      ...(hasClientSecret ? { clientSecret: platform.clientSecret } : {}),
    },
    recording.host,
    (path, handler) => routes.set(path, handler),
  );
  const url = `${origin}/channels/slack/events`;
  if (mode === "http") platform.deliverTo(url);
  await channel.start(recording.host.receive);
  return {
    ...recording,
    platform,
    channel,
    origin,
    url,
    nora: platform.person("nora"),
    ben: platform.person("ben"),
    async close() {
      await channel.stop();
      await new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      });
      await platform.close();
    },
  };
}

export type SlackRoom = Awaited<ReturnType<typeof openSlackRoom>>;

let seq = 0;

/** An answer of Steward, as the outbox hands it over. */
export function answer(
  thread: ThreadRef,
  text: string,
  more: Partial<Outbound> & { readonly turn?: string } = {},
): Outbound {
  seq += 1;
  const { turn = null, ...rest } = more;
  return {
    id: `out_${seq}`,
    thread,
    item: {
      ...{
        kind: "message",
        seq,
        id: `msg_${seq}`,
        at: "2026-11-23T09:00:00.000Z",
        text,
        files: [],
        citations: [],
      },
      ...{ author: { id: "steward", name: "Steward", isAssistant: true }, turn, note: null },
    },
    ...rest,
  };
}

export function cardItem(more: Partial<CardItem> = {}): CardItem {
  return {
    ...{ action: "act_1", approval: "apr_1", digest: "d1", tool: "crm.updateDeal" },
    line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
    status: "awaiting",
    changes: [{ field: "Amount", before: "€38,000", after: "€48,000" }],
    ...{
      arguments: [],
      reasons: ["Deal changes over 10,000 need a sales manager."],
      rules: ["crm-big-change"],
    },
    ...{ risk: "normal", amountText: null, approvers: [], expiresAt: "2026-11-23T17:30:00.000Z" },
    ...{ undoText: "Can be undone for 10 minutes", undoUntil: null, outcome: null, decidedBy: [] },
    ...{ editable: [], mayDecide: true, mayNotBecause: null },
    ...more,
  };
}

export function card(more: Partial<Card> = {}): Card {
  return {
    ...{ id: "trn_1", session: "ses_1", requester: { id: "ben@acme.example", name: "Ben" } },
    ...{ request: "Raise the renewal to 48k", createdAt: "2026-11-23T09:00:00.000Z", items: [cardItem()] },
    ...more,
  };
}

export function cardOut(thread: ThreadRef, shown: Card, more: Partial<Outbound> = {}): Outbound {
  seq += 1;
  return {
    id: `out_${seq}`,
    thread,
    item: { kind: "card", seq, id: shown.id, at: "2026-11-23T09:00:00.000Z", card: shown },
    ...more,
  };
}
