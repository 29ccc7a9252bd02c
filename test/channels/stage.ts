import type { ChannelSettings } from "../../src/compose/channels/settings.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { PlatformName } from "../../src/types/channel-host.ts";
import type { StageHouse } from "./stage-house.ts";

/** One conversation of one person with Steward, in a thread of a platform or in the web chat. */
export type StageTalk = {
  /** Says something and waits until its turn is over and all of it is shown. `shown`: what came, or changed, since. */
  say(text: string, ...files: string[]): Promise<{ readonly result: AskResult; readonly shown: string }>;
  /** What was said is not taken: resolves to what the person is told. */
  sayInVain(text: string): Promise<string>;
  /** Everything that Steward shows in the conversation now. */
  sees(): Promise<string>;
};

/** A platform on which the conversations and the approver matrix are played. */
export type Stage = {
  talk(name: string): StageTalk;
  /** The deed of a turn in words, as the person who asked has it on their card. */
  lineOf(name: string, turn: string): Promise<string>;
  /** What waits for this person, as the platform shows it to them. */
  waitsFor(name: string): Promise<string>;
  /** Clicks on the newest card about these words that this person has the button for; throws when they have none. */
  click(name: string, label: "Approve" | "Undo", about: string): Promise<void>;
  refuse(name: string, about: string, reason: string): Promise<void>;
  /** Sends the clicks that only other people's cards offer; resolves to what the person is told, and whether it waits on. */
  steal(name: string, about: string): Promise<{ readonly told: string; readonly waitsOn: boolean }>;
};

export type SideSettings = Pick<Partial<ChannelSettings>, PlatformName> & {
  /** Workspaces or tenants. */
  readonly allowed: readonly string[];
};

/** A platform before there is a house on it. */
export type Side = {
  settings(publicUrl: string): SideSettings;
  connect(house: StageHouse): Promise<Stage>;
  close(): Promise<void>;
};
