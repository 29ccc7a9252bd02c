import type { IncomingMessage, ServerResponse } from "node:http";
import type { App, webApi } from "@slack/bolt";
import type { ChannelHost, PlatformChannel } from "../../src/types/channel-host.ts";
import type { SlackSettings } from "../../src/types/channel-settings.ts";
import { createDailySweep } from "../sweep-notes.ts";
import { checkSlack } from "./check-slack.ts";
import { createDueIn } from "./due-in.ts";
import { createEventGate } from "./event-gate.ts";
import { createHttpIntake } from "./http-intake.ts";
import { createInstallations } from "./installations.ts";
import { listen } from "./listen.ts";
import { EVENTS_PATH } from "./manifest.ts";
import { ENDING_NOTES } from "./note-keys.ts";
import { createOauthInstall } from "./oauth-install.ts";
import { isOpenTo } from "./open-thread.ts";
import { createPeople } from "./people.ts";
import { createPostItem } from "./post-item.ts";
import { createSendQueue } from "./send-queue.ts";
import { createSendingMark } from "./sending-mark.ts";
import { createSheets } from "./sheets.ts";
import { createSlackCall, createWebClient, toFailure } from "./slack-call.ts";
import { createSessionPlaces, reasonOf, type SlackContext } from "./slack-context.ts";
import { createSocketIntake } from "./socket-intake.ts";
import { createStreams } from "./stream-turn.ts";
import { resumeKept } from "./take-files.ts";

const TIDY_MS = 60_000;
const SWEEP_EVERY = 60;
const STOP_WAIT_MS = 5_000;

/** Mounts a handler below the server's own address; the request's body must not have been read, or be raw bytes. */
export type Mount = (path: string, handler: (req: IncomingMessage, res: ServerResponse) => void) => void;

/**
 * Slack: direct messages, mentions, files, cards, the home tab. Nothing is asked of Slack before `start`, and a Slack
 * that cannot be reached then is tried again for as long as it takes.
 */
export async function createSlackChannel(
  settings: SlackSettings,
  host: ChannelHost,
  mount: Mount,
): Promise<PlatformChannel> {
  const bolt = await import("@slack/bolt");
  const logger = quietLogger(host, bolt.LogLevel);
  const api = bolt.webApi;
  const queue = createSendQueue();
  const installations = createInstallations(settings, host, async (token) => {
    try {
      return await createWebClient(api, token, settings.apiUrl, logger).auth.test();
    } catch (error) {
      throw toFailure(api, error);
    }
  });
  const call = createSlackCall({
    ...{ api, apiUrl: settings.apiUrl, logger, installations, queue, log: host.log },
    sending: createSendingMark(host.notes, queue),
  });
  const background = new Set<Promise<void>>();
  const context: SlackContext = {
    settings,
    host,
    call,
    installations,
    people: createPeople(call, host, installations.all),
    sheets: createSheets(host),
    sessions: createSessionPlaces(),
    later: (what, work) => {
      const running: Promise<void> = work()
        .then(() => undefined)
        .catch((error: unknown) => host.log("warn", `Slack: could not ${what}.`, { reason: reasonOf(error) }))
        .finally(() => background.delete(running));
      background.add(running);
    },
  };
  const streams = createStreams(context);
  const dueIn = createDueIn(queue);
  const post = createPostItem(context, streams, dueIn);
  const app = createApp(bolt.App, logger, settings);
  listen(app, context);
  const gate = createEventGate(app, async (team) => (await installations.workspace(team)) !== null);

  if (settings.mode === "http" && settings.signingSecret !== null) {
    mount(EVENTS_PATH, createHttpIntake(settings.signingSecret, gate, host));
  }
  if (settings.clientId !== null && settings.clientSecret !== null && settings.publicUrl !== null) {
    createOauthInstall({ settings, host, installations, api, logger }, mount);
  }
  const socket =
    settings.mode === "socket" && settings.appToken !== null
      ? createSocketIntake(
          new bolt.SocketModeReceiver({
            appToken: settings.appToken,
            logger,
            autoReconnectEnabled: false,
            installerOptions: {
              clientOptions: {
                ...(settings.apiUrl === null ? {} : { slackApiUrl: settings.apiUrl }),
                retryConfig: { retries: 0 },
                rejectRateLimitedCalls: true,
              },
            },
          }).client,
          gate,
          host,
        )
      : null;

  let tidying: NodeJS.Timeout | null = null;
  let round = 0;
  const sweep = createDailySweep(host, ENDING_NOTES);
  const tidy = () => {
    context.later("take up what was kept", () => resumeKept(context));
    if (round++ % SWEEP_EVERY !== 0) return;
    context.later("forget old buttons", () => context.sheets.sweep());
    context.later("forget old notes", sweep);
  };

  return {
    name: "slack",
    capabilities: { streaming: true, edits: true },
    start: async () => {
      socket?.start();
      tidying = setInterval(tidy, TIDY_MS);
      tidying.unref();
      tidy();
    },
    post,
    dueInMs: dueIn.dueInMs,
    stream: (delta) => {
      try {
        streams.add(delta);
      } catch (error) {
        host.log("warn", "Words could not be shown while they are written.", { reason: reasonOf(error) });
      }
    },
    isOpenTo: async (thread, principal) => await isOpenTo(context, thread, principal),
    check: async () => await checkSlack({ settings, host, installations, api, logger }),
    stop: async () => {
      if (tidying) clearInterval(tidying);
      await socket?.stop();
      await streams.stop();
      const done = Promise.allSettled([...background]);
      await Promise.race([done, new Promise<void>((resolve) => setTimeout(resolve, STOP_WAIT_MS).unref())]);
      queue.stop();
    },
  };
}

/** Bolt without a receiver of its own: deliveries come through the gate. It never starts, and holds no token. */
function createApp(BoltApp: typeof App, logger: webApi.Logger, settings: SlackSettings): App {
  const app = new BoltApp({
    receiver: { init: () => undefined, start: async () => undefined, stop: async () => undefined },
    authorize: async ({ teamId }) => ({ ...(teamId === undefined ? {} : { teamId }) }),
    convoStore: false,
    ignoreSelf: false,
    logger,
    clientOptions: {
      ...(settings.apiUrl === null ? {} : { slackApiUrl: settings.apiUrl }),
      retryConfig: { retries: 0 },
    },
  });
  app.error(async (error) => {
    throw error;
  });
  return app;
}

/** The SDK's warnings by their first words only: its messages may quote tokens, addresses and what people wrote. */
function quietLogger(host: ChannelHost, levels: typeof import("@slack/bolt").LogLevel): webApi.Logger {
  const say = (...words: unknown[]) => {
    const text = words.map(String).join(" ");
    const safe = text
      .replace(/(?:xox[a-z]|xapp)-[\w-]+|wss?:\/\/\S+|https?:\/\/\S+|\{.*$/gs, "…")
      .slice(0, 120);
    host.log("warn", "Slack's SDK says something.", { words: safe });
  };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say,
    error: say,
    setLevel: () => undefined,
    getLevel: () => levels.WARN,
    setName: () => undefined,
  };
}
