import { z } from "zod";
import type { ChannelHost } from "../../src/types/channel-host.ts";
import type { SlackSettings } from "../../src/types/channel-settings.ts";
import { SlackFailure } from "./slack-failure.ts";

/** A workspace that the app is installed in, as it knows itself there. */
export type Workspace = {
  readonly team: string;
  readonly name: string;
  /** The app's own user id: what people mention. */
  readonly botUser: string;
  readonly botId: string | null;
};

export type Installations = {
  /** Null where the app is not installed or whose people may not talk to Steward. */
  workspace(team: string): Promise<Workspace | null>;
  tokenOf(team: string): Promise<string | null>;
  /** Every workspace there is an installation of. */
  all(): Promise<readonly Workspace[]>;
  /** Keeps what an installation by OAuth gave; the token goes into the vault. */
  save(workspace: Workspace, token: string): Promise<void>;
  /** The app was uninstalled, or its tokens were revoked. */
  remove(team: string): Promise<void>;
};

const NOTE = "workspace:";
const note = z.object({
  team: z.string(),
  name: z.string(),
  botUser: z.string(),
  botId: z.string().nullable(),
});
const identity = z.object({
  team_id: z.string(),
  team: z.string().optional(),
  user_id: z.string(),
  bot_id: z.string().optional(),
  is_enterprise_install: z.boolean().optional(),
});
/** An uninstallation by another replica is seen after so long. */
const KEEP_MS = 60_000;

/** Name in the vault. */
const secretOf = (team: string) => `slack:bot-token:${team}`;

/**
 * Workspaces by OAuth have their token in the vault; with one bot token in the settings there is one workspace, which
 * `whoAmI` (auth.test) names. Only workspaces of the allow-list count; the one of a bot token that an operator set
 * counts too while the list is empty.
 */
export function createInstallations(
  settings: SlackSettings,
  host: Pick<ChannelHost, "notes" | "vault" | "now">,
  whoAmI: (token: string) => Promise<unknown>,
): Installations {
  const known = new Map<
    string,
    { readonly at: number; readonly workspace: Workspace; readonly token: string }
  >();
  let own: Promise<Workspace> | null = null;

  const isAllowed = (team: string, ownTeam: string | null) =>
    settings.workspaces.length === 0 ? team === ownTeam : settings.workspaces.includes(team);

  const readOwn = async (token: string): Promise<Workspace> => {
    const parsed = identity.safeParse(await whoAmI(token));
    if (!parsed.success) throw new SlackFailure("unreadable_answer");
    // One token for all workspaces of an organisation: which of them a call is about would have to be said each time.
    if (parsed.data.is_enterprise_install) throw new SlackFailure("org_wide_token");
    const { team_id, team, user_id, bot_id } = parsed.data;
    return { team: team_id, name: team ?? team_id, botUser: user_id, botId: bot_id ?? null };
  };
  const ownWorkspace = async (): Promise<Workspace | null> => {
    if (settings.botToken === null) return null;
    own ??= readOwn(settings.botToken).catch((error: unknown) => {
      own = null;
      throw error;
    });
    return await own;
  };

  const lookUp = async (team: string): Promise<{ workspace: Workspace; token: string } | null> => {
    const mine = await ownWorkspace();
    if (!isAllowed(team, mine?.team ?? null)) return null;
    if (mine?.team === team && settings.botToken !== null)
      return { workspace: mine, token: settings.botToken };
    const now = host.now().getTime();
    const kept = known.get(team);
    if (kept && now - kept.at < KEEP_MS) return kept;
    const written = note.safeParse(await host.notes.read(NOTE + team));
    const token = written.success ? await host.vault.read(secretOf(team)) : null;
    if (!written.success || token === null) {
      known.delete(team);
      return null;
    }
    const found = { at: now, workspace: written.data, token };
    known.set(team, found);
    return found;
  };

  return {
    workspace: async (team) => (await lookUp(team))?.workspace ?? null,
    tokenOf: async (team) => (await lookUp(team))?.token ?? null,
    all: async () => {
      const mine = await ownWorkspace();
      const noted = (await host.notes.list(NOTE)).flatMap(({ value }) => {
        const parsed = note.safeParse(value);
        return parsed.success && parsed.data.team !== mine?.team ? [parsed.data] : [];
      });
      return [...(mine ? [mine] : []), ...noted].filter(({ team }) => isAllowed(team, mine?.team ?? null));
    },
    save: async (workspace, token) => {
      await host.vault.write(secretOf(workspace.team), token);
      await host.notes.write(NOTE + workspace.team, { ...workspace });
      known.delete(workspace.team);
    },
    remove: async (team) => {
      await host.notes.remove(NOTE + team);
      await host.vault.remove(secretOf(team));
      known.delete(team);
    },
  };
}
