import type { ChannelCheck, PlatformAccount, PlatformName } from "../types/channel-host.ts";

type AccountRef = Pick<PlatformAccount, "channel" | "workspace" | "account">;

/** An account of a platform that waits to be tied to whoever signs in, with what the platform tells of it. */
export type LinkOffer = AccountRef & {
  readonly name: string | null;
  readonly email: string | null;
  readonly workspaceName: string | null;
  readonly expiresAt: string;
};

/** The account is tied when it says this number to Steward in its own direct message. */
export type LinkStep = AccountRef & {
  /** Six digits; left out when the same request is repeated. */
  readonly number?: string;
  readonly expiresAt: string;
};

/** An account of a platform that is known to be a person's, and how that was proven. */
export type AccountInfo = AccountRef & {
  readonly proof: "email" | "link";
  readonly linkedAt: string;
};

/** People's accounts on Slack and Teams, and how those platforms are. */
export type AccountPorts = {
  /** What a one-time link would tie. Throws CHN-410 when it was used or has ended. */
  openLink(as: string, code: string): Promise<LinkOffer>;
  /** "This is my account": ties nothing yet. Throws CHN-409, CHN-410. */
  confirmLink(as: string, code: string): Promise<LinkStep>;
  accounts(as: string): Promise<readonly AccountInfo[]>;
  /** Throws CHN-404. */
  removeAccount(as: string, account: AccountRef): Promise<void>;
  /** Asks the platform itself whether all is well. Throws CHN-404 when the platform is not set up. */
  checkChannel(channel: PlatformName): Promise<readonly ChannelCheck[]>;
};
