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

/** What a person can press on a card, in the words of every platform. */
export const LABELS = [
  "Approve",
  "Edit",
  "Refuse",
  "Undo",
  "Check",
  "Retry with the same key",
  "Give up",
] as const;
export type Label = (typeof LABELS)[number];

/** A copy of a turn's card as its viewer sees it. */
export type CopySeen = {
  readonly viewer: string;
  readonly text: string;
  readonly buttons: readonly Label[];
  /** Whether a yes is asked for once more. */
  readonly asksTwice: boolean;
};

/** A button in the hand: pressed by whoever, whenever; resolves to what they are told. */
export type Press = (by: string) => Promise<string>;

/** A thread in a channel, or a group chat: everybody there reads along. */
export type SharedPlace = {
  /** Says something; `isMention` addresses Steward. Resolves to the id of the message when the platform has told. */
  says(
    name: string,
    text: string,
    more?: { readonly isMention?: boolean; readonly files?: readonly string[] },
  ): Promise<string>;
  /** The result of the turn that follows `before` in this person's session here. */
  turnAfter(name: string, before: string | null): Promise<AskResult>;
  newestTurn(name: string): Promise<string | null>;
  /** Another wording, which addresses Steward. */
  edits(name: string, message: string, text: string): Promise<void>;
  deletes(name: string, message: string): Promise<void>;
  /** Everything that Steward shows this person there, and in private since the place was opened. */
  sees(name: string): Promise<string>;
  /** Presses the offer of an answer that not everybody may see; resolves to what comes; throws when there is none. */
  opens(name: string): Promise<string>;
  /** A thumb on the newest answer there. */
  thumbs(name: string, isUp: boolean): Promise<void>;
};

/** A platform on which the conversations and the approver matrix are played. */
export type Stage = {
  talk(name: string): StageTalk;
  /** Every copy of the card of a turn that stands somewhere on this platform. */
  copies(turn: string): Promise<readonly CopySeen[]>;
  /** What waits for this person, as the platform shows it to them. */
  waitsFor(name: string): Promise<string>;
  /** Takes hold of a button on the person's own copy; throws when there is none. */
  hold(name: string, label: Label, turn: string): Promise<Press>;
  /** Refuses by the person's own copy. */
  refuse(name: string, turn: string, reason: string): Promise<void>;
  /** Approves with another amount; resolves to what is told when it is not taken, "" when it is. */
  edit(name: string, turn: string, amount: string): Promise<string>;
};

/** A platform with places where others read along. */
export type SharedStage = Stage & {
  gather(kind: "channel" | "group", names: readonly string[]): Promise<SharedPlace>;
};

export type SideSettings = Pick<Partial<ChannelSettings>, PlatformName> & {
  /** Workspaces or tenants. */
  readonly allowed: readonly string[];
};

/** A platform before there is a house on it. */
export type Side = {
  settings(publicUrl: string): SideSettings;
  connect(house: StageHouse): Promise<SharedStage>;
  close(): Promise<void>;
};

export type SideOptions = {
  /** Off only where the test is about something else: the platform's limits and the pace kept within them. */
  readonly isPaced: boolean;
};

/** Clicks a button of one's own. */
export async function click(stage: Stage, name: string, label: Label, turn: string): Promise<string> {
  const press = await stage.hold(name, label, turn);
  return await press(name);
}

/** Presses every Approve that only others were shown: what the thief is told, each time, and whether it waits on. */
export async function steal(
  stage: Stage,
  name: string,
  turn: string,
): Promise<{ readonly told: readonly string[]; readonly waitsOn: boolean }> {
  const owners = async () =>
    (await stage.copies(turn))
      .filter(({ viewer, buttons }) => viewer !== name && buttons.includes("Approve"))
      .map(({ viewer }) => viewer);
  const before = await owners();
  const told: string[] = [];
  for (const owner of before) told.push(await (await stage.hold(owner, "Approve", turn))(name));
  return { told, waitsOn: (await owners()).join() === before.join() };
}
