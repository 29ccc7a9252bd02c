import type { ChannelCheck, PlatformAccount, PlatformName } from "../types/channel-host.ts";

type AccountRef = Pick<PlatformAccount, "channel" | "workspace" | "account">;

/** An account of a platform that waits to be tied to whoever signs in. */
export type LinkOffer = AccountRef & { readonly expiresAt: string };

/** An account of a platform that is known to be a person's, and how that was proven. */
export type AccountInfo = AccountRef & {
  readonly proof: "email" | "link";
  readonly linkedAt: string;
};

/** People's accounts on Slack and Teams, and how those platforms are. */
export type AccountPorts = {
  /** What a one-time link would tie. Throws CHN-410 when it was used or has ended. */
  openLink(as: string, code: string): Promise<LinkOffer>;
  /** "This is my account." Throws CHN-409, CHN-410. */
  confirmLink(as: string, code: string): Promise<AccountInfo>;
  accounts(as: string): Promise<readonly AccountInfo[]>;
  /** Throws CHN-404. */
  removeAccount(as: string, account: AccountRef): Promise<void>;
  /** Asks the platform itself whether all is well. Throws CHN-404 when the platform is not set up. */
  checkChannel(channel: PlatformName): Promise<readonly ChannelCheck[]>;
};
