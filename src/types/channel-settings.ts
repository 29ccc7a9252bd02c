/** What an operator set for Slack; validated where it is read. */
export type SlackSettings = {
  readonly mode: "socket" | "http";
  /** Null when workspaces install the app themselves (OAuth): their tokens are in the vault. */
  readonly botToken: string | null;
  /** For Socket Mode. */
  readonly appToken: string | null;
  /** For HTTP mode. */
  readonly signingSecret: string | null;
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** Workspace (team) ids whose people may talk to Steward. */
  readonly workspaces: readonly string[];
  /** Address of the Web API; null for Slack's own. */
  readonly apiUrl: string | null;
  /** Where browsers and Slack reach this server, without a slash at the end; null when only this machine does. */
  readonly publicUrl: string | null;
};

/** What an operator set for Microsoft Teams; validated where it is read. */
export type TeamsSettings = {
  /** Null only with `isLocal`. */
  readonly appId: string | null;
  readonly appPassword: string | null;
  /** The tenant in which the app is registered (single tenant). */
  readonly tenantId: string | null;
  readonly sdk: "botbuilder" | "agents";
  /** Without an app id and so without proof of who writes: only ever on loopback. */
  readonly isLocal: boolean;
  /** Addresses that differ from Microsoft's own, by the name of the SDK's setting. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Where Teams reaches this server, without a slash at the end; null when only this machine does. */
  readonly publicUrl: string | null;
};
