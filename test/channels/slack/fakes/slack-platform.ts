import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { blockProblems } from "../validate-blocks.ts";
import type { Call, PlatformRules } from "./call.ts";
import { checkBlocks } from "./check-blocks.ts";
import { createDeliveries, type Targets } from "./deliveries.ts";
import { consent, issueToken } from "./oauth.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createResponseUrls } from "./response-urls.ts";
import {
  addChannel,
  addPerson,
  addTeam,
  type ChannelSeed,
  type PersonSeed,
  type TeamSeed,
} from "./seed-world.ts";
import { serveFile } from "./serve-file.ts";
import { createPerson, type SlackPerson } from "./slack-person.ts";
import {
  APP_ID,
  createWorld,
  type Fields,
  type SlackChannel,
  type SlackTeam,
  type SlackUser,
} from "./slack-world.ts";
import { createSocketMode } from "./socket-mode.ts";
import { createWebApi, readBody, type SeenCall } from "./web-api.ts";

export type SlackPlatformOptions = {
  readonly teams: readonly TeamSeed[];
  readonly scopes?: readonly string[];
  /** Events that the app asked for, as its manifest names them (`message.im`); all when left out. */
  readonly events?: readonly string[];
  /** `off` only where the test is about something else and speed matters. */
  readonly limits?: "on" | "off";
  readonly retryDelaysMs?: readonly number[];
  readonly validate?: PlatformRules["validate"];
  readonly clock?: () => number;
  readonly port?: number;
  /** A fixed bot token for the first team, for a server that is started with it. */
  readonly botToken?: string;
};

/** What Steward asks for; a test of the manifest passes the manifest's own. */
export const ALL_SCOPES: readonly string[] =
  "app_mentions:read assistant:write channels:history channels:read chat:write commands files:read groups:history groups:read im:history im:read im:write mpim:history mpim:read mpim:write reactions:read reactions:write team:read users:read users:read.email".split(
    " ",
  );

/** A strict stand-in for Slack at a loopback port: the Web API, events, interactions, Socket Mode. */
export async function startSlackPlatform(options: SlackPlatformOptions) {
  const world = createWorld(options.clock ?? Date.now);
  const signingSecret = randomBytes(16).toString("hex");
  const appToken = `xapp-1-${APP_ID}-${randomBytes(12).toString("hex")}`;
  const clientSecret = randomBytes(16).toString("hex");
  const limits = createRateLimits(world.clock);
  const calls: SeenCall[] = [];
  let targets: Targets | null = null;
  let port = 0;
  const rules: PlatformRules = {
    validate:
      options.validate ??
      ((surface, blocks) => [...checkBlocks(surface, blocks), ...blocks.flatMap(blockProblems)]),
    // Measured by others: appends do not extend it.
    streamLifeMs: 306_000,
    triggerLifeMs: 3_000,
    isStopSubscribed: () => isSubscribed("agent_session_stopped"),
    origin: () => `http://127.0.0.1:${port}`,
    clientId: "1111.2222",
    clientSecret,
    scopes: options.scopes ?? ALL_SCOPES,
    appToken,
  };
  const isSubscribed = (name: string) => options.events?.includes(name) ?? true;

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://slack").pathname;
    const api = /^\/api\/([\w.]+)$/.exec(path)?.[1];
    const work = api
      ? webApi(api, request, response)
      : path.startsWith("/files-pri/")
        ? serveFile(world, request, response)
        : path.startsWith("/actions/")
          ? readBody(request).then((body) => responseUrls.answer(path, body.toString("utf8"), response))
          : Promise.reject(new Error("not found"));
    work.catch(() => {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    });
  });
  const socket = createSocketMode(server);
  const deliveries = createDeliveries({
    secret: signingSecret,
    retryDelaysMs: options.retryDelaysMs ?? [1_000, 60_000, 300_000],
    targets: () => targets,
    overSocket: (kind, payload, retry) => socket.send(kind, payload, retry),
  });
  const event = (teamId: string, inner: Fields) => {
    const team = world.teams.get(teamId);
    if (!team?.isInstalled || !isSubscribed(eventName(inner))) return null;
    return deliveries.send("event", envelope(team, inner));
  };
  const emit = (team: string, inner: Fields) => {
    const channel = world.channels.get(String(inner.channel));
    // An app hears of what happens in places that it is in.
    if (inner.type === "message" && !channel?.members.has(world.teams.get(team)?.botUser ?? "")) return;
    void event(team, inner);
  };
  const webApi = createWebApi({
    world,
    rules,
    limits: options.limits === "off" ? null : limits,
    calls,
    emit,
  });
  const responseUrls = createResponseUrls(world, rules);

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
  world.tokens.set(appToken, {
    token: appToken,
    kind: "app",
    team: "",
    scopes: ["connections:write"],
    isRevoked: false,
  });

  const botTokens = new Map<string, string>();
  for (const seed of options.teams) {
    const team = addTeam(world, seed);
    if (seed.isInstalled === false) continue;
    const issued = issueToken(world, team, rules.scopes);
    botTokens.set(team.id, issued);
  }
  const teamOf = (id?: string): SlackTeam => {
    const team = id === undefined ? [...world.teams.values()][0] : world.teams.get(id);
    if (!team) throw new Error(`There is no team ${id}.`);
    return team;
  };
  if (options.botToken !== undefined) {
    const team = teamOf();
    world.tokens.set(options.botToken, {
      token: options.botToken,
      kind: "bot",
      team: team.id,
      scopes: rules.scopes,
      isRevoked: false,
    });
    botTokens.set(team.id, options.botToken);
  }
  const channel = (name: string, team?: string): SlackChannel => {
    const bare = name.replace(/^#/, "");
    for (const one of world.channels.values())
      if (one.id === name || (one.name === bare && one.team === teamOf(team).id)) return one;
    throw new Error(`There is no channel ${name}.`);
  };
  const people = new Map<string, SlackPerson>();

  return {
    /** For a client's `slackApiUrl`. */
    apiUrl: `http://127.0.0.1:${port}/api/`,
    origin: `http://127.0.0.1:${port}`,
    signingSecret,
    appToken,
    clientId: rules.clientId,
    clientSecret,
    appId: APP_ID,
    world,
    socket,
    deliveries,
    /** Every call of the Web API in order, and those that came too fast. */
    calls,
    limits,
    team: teamOf,
    channel,
    botToken: (team?: string): string => botTokens.get(teamOf(team).id) ?? "",
    /** Where the app is reached over HTTP. One address for all, or one for each kind. */
    deliverTo(to: string | Targets): void {
      targets = typeof to === "string" ? { events: to, interactivity: to, commands: to } : to;
    },
    /** A person by handle. */
    person(name: string, team?: string): SlackPerson {
      const home = teamOf(team);
      const key = `${home.id} ${name}`;
      const known = people.get(key);
      if (known) return known;
      const user = [...world.users.values()].find((one) => one.team === home.id && one.name === name);
      if (!user) throw new Error(`There is no ${name} in ${home.name}.`);
      const token = world.tokens.get(botTokens.get(home.id) ?? "") ?? {
        token: "",
        kind: "bot" as const,
        team: home.id,
        scopes: rules.scopes,
        isRevoked: false,
      };
      const call: Call = { world, token, team: home, args: {}, options: rules, emit };
      const made = createPerson(user, {
        call,
        send: (kind, payload) => deliveries.send(kind, payload),
        event,
        responseUrl: (place, by, message) => `${rules.origin()}${responseUrls.issue(place, by, message)}`,
        channel: (wanted) => channel(wanted, home.id),
      });
      people.set(key, made);
      return made;
    },
    addPerson: (seed: PersonSeed, team?: string): SlackUser => addPerson(world, teamOf(team), seed),
    addChannel: (seed: ChannelSeed, team?: string): SlackChannel => addChannel(world, teamOf(team), seed),
    /** Events as they would be sent, for sending them by other means: again, late, forged. */
    envelope: (inner: Fields, team?: string): Fields => envelope(teamOf(team), inner),
    /** Any event at all. */
    event: (inner: Fields, team?: string) => event(teamOf(team).id, inner),
    /** Somebody agrees to the installation, for all workspaces or one; the address that the browser goes to next. */
    consent: (authorizeUrl: string, team?: string, isOrganization = false): string =>
      consent(world, rules, authorizeUrl, teamOf(team), isOrganization),
    /** The tokens of a workspace stop working; with a word to the app, or without one. */
    async revoke(how: "uninstalled" | "silently", team?: string): Promise<void> {
      const home = teamOf(team);
      for (const token of world.tokens.values()) if (token.team === home.id) token.isRevoked = true;
      if (how === "silently") return;
      await event(home.id, {
        type: "tokens_revoked",
        tokens: { oauth: [], bot: [home.botUser] },
        event_ts: world.newTs(),
      });
      await event(home.id, { type: "app_uninstalled", event_ts: world.newTs() });
      home.isInstalled = false;
    },
    /** A token that works again, as after a new installation. */
    restore(team?: string): void {
      const home = teamOf(team);
      home.isInstalled = true;
      for (const token of world.tokens.values()) if (token.team === home.id) token.isRevoked = false;
    },
    async close(): Promise<void> {
      deliveries.stop();
      socket.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type SlackPlatform = Awaited<ReturnType<typeof startSlackPlatform>>;

/** The name that a manifest subscribes by. */
function eventName(event: Fields): string {
  if (event.type !== "message") return String(event.type);
  const kind = { im: "im", mpim: "mpim", group: "groups" }[String(event.channel_type)] ?? "channels";
  return `message.${kind}`;
}

function envelope(team: SlackTeam, event: Fields): Fields {
  return {
    token: "deprecated",
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: APP_ID,
    event,
    type: "event_callback",
    event_id: `Ev${randomUUID().replaceAll("-", "").slice(0, 14).toUpperCase()}`,
    event_time: Math.floor(Number(event.event_ts)),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: team.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${randomBytes(8).toString("hex")}`,
  };
}
