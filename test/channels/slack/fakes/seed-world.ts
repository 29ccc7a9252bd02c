import type { SlackChannel, SlackTeam, SlackUser, SlackWorld } from "./slack-world.ts";

export type PersonSeed = {
  /** Handle, as in `@nora`. */
  readonly name: string;
  readonly realName?: string;
  readonly email?: string | null;
  readonly isEmailConfirmed?: boolean;
  readonly guest?: SlackUser["guest"];
};
export type ChannelSeed = {
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly isShared?: boolean;
  /** Handles; the app with `steward`. */
  readonly members: readonly string[];
};
export type TeamSeed = {
  readonly id?: string;
  readonly name?: string;
  readonly emailDomain?: string;
  readonly people: readonly PersonSeed[];
  readonly channels?: readonly ChannelSeed[];
  /** Whether the app has a token there from the start. */
  readonly isInstalled?: boolean;
};

/** A workspace with its people, places and the app in it. */
export function addTeam(world: SlackWorld, seed: TeamSeed): SlackTeam {
  const name = seed.name ?? "Acme";
  const team: SlackTeam = {
    id: seed.id ?? world.newId("T"),
    name,
    domain: name.toLowerCase().replace(/\W/g, "-"),
    emailDomain: seed.emailDomain ?? "acme.example",
    botUser: world.newId("U"),
    botId: world.newId("B"),
    isInstalled: false,
  };
  world.teams.set(team.id, team);
  world.users.set(team.botUser, {
    id: team.botUser,
    team: team.id,
    name: "steward",
    realName: "Steward",
    email: null,
    isEmailConfirmed: false,
    guest: null,
    isBot: true,
    isDeleted: false,
  });
  for (const person of seed.people) addPerson(world, team, person);
  for (const one of seed.channels ?? []) addChannel(world, team, one);
  return team;
}

export function addPerson(world: SlackWorld, team: SlackTeam, seed: PersonSeed): SlackUser {
  const user: SlackUser = {
    id: world.newId("U"),
    team: team.id,
    name: seed.name,
    realName: seed.realName ?? seed.name,
    email: seed.email === undefined ? `${seed.name}@${team.emailDomain}` : seed.email,
    isEmailConfirmed: seed.isEmailConfirmed ?? true,
    guest: seed.guest ?? null,
    isBot: false,
    isDeleted: false,
  };
  world.users.set(user.id, user);
  return user;
}

export function addChannel(world: SlackWorld, team: SlackTeam, seed: ChannelSeed): SlackChannel {
  const byName = new Map(
    [...world.users.values()].filter((one) => one.team === team.id).map((one) => [one.name, one.id]),
  );
  const made: SlackChannel = {
    id: world.newId("C"),
    team: team.id,
    kind: seed.isPrivate ? "private" : "public",
    name: seed.name,
    members: new Set(seed.members.map((name) => byName.get(name) ?? name)),
    isArchived: false,
    isShared: seed.isShared ?? false,
  };
  world.channels.set(made.id, made);
  return made;
}
