import { afterAll, beforeAll, expect, test } from "vitest";
import { check } from "../conversations/check-said.ts";
import { HOSTILE } from "../conversations/hostile.ts";
import { SEVEN } from "../conversations/seven.ts";
import type { Conversation, Said, Step } from "../conversations/step.ts";
import { openStages, type Stages } from "./open-stages.ts";
import { playShared } from "./play-shared.ts";
import { SHARED } from "./shared-conversations.ts";
import { click, type Stage, type StageTalk, steal } from "./stage.ts";

/** Each platform posts at the pace that it allows: a long conversation takes its time. */
const CONVERSATION_MS = 180_000;

/**
 * Plays conversations on a platform's stand-in, the whole table unless `only` some of one person alone; a file each,
 * since each posts at its own pace, if `isPaced`.
 */
export function playConversations(
  name: "slack" | "teams",
  { isPaced = true, only }: { readonly isPaced?: boolean; readonly only?: readonly string[] } = {},
): void {
  let stages: Stages<"slack" | "teams">;
  beforeAll(async () => {
    stages = await openStages([name], { isPaced });
  }, 180_000);
  afterAll(async () => {
    await stages?.close();
  });

  for (const conversation of [...SEVEN, ...HOSTILE].filter(({ name }) => only?.includes(name) ?? true)) {
    test(conversation.name, async () => await play(stages.on[name], conversation), CONVERSATION_MS);
  }
  for (const kind of only ? [] : (["channel", "group"] as const)) {
    for (const conversation of SHARED) {
      test(
        `in a ${kind}: ${conversation.name}`,
        async () => await playShared(name, kind, stages.on[name], stages.house, conversation),
        CONVERSATION_MS,
      );
    }
  }
}

async function play(stage: Stage, { as, steps }: Conversation): Promise<void> {
  const talk = stage.talk(as);
  /** The newest turn that did or proposed something: what cards and undo are about. */
  let turn = "";
  for (const step of steps) {
    if ("say" in step && step.rejects)
      expect(await talk.sayInVain(step.say), step.say.slice(0, 40)).not.toBe("");
    else if ("say" in step) {
      const { result, shown } = await talk.say(step.say, ...(step.files ?? []));
      check(asShown(step), { ...result, reply: shown });
      for (const title of step.cites ?? []) expect(shown).toContain(title);
      if (result.actions.some((action) => action.effect !== "read")) turn = result.turn;
    } else await doDeed(step, stage, talk, turn);
  }
}

/** Where the table has markdown, a platform has letters in bold. */
function asShown(step: Said): Said {
  const bare = (pattern: RegExp) => new RegExp(pattern.source.replaceAll("\\*\\*", ""), pattern.flags);
  return step.reply ? { ...step, reply: [step.reply].flat().map(bare) } : step;
}

async function doDeed(deed: Exclude<Step, Said>, stage: Stage, talk: StageTalk, turn: string): Promise<void> {
  if ("approve" in deed) await click(stage, deed.approve, "Approve", turn);
  else if ("refuse" in deed) await stage.refuse(deed.refuse, turn, deed.reason);
  else if ("denied" in deed) {
    await expect(stage.hold(deed.denied, "Approve", turn)).rejects.toThrow(/has no card/);
    const { told, waitsOn } = await steal(stage, deed.denied, turn);
    // Either the reason, or that the button is nobody's but the other person's.
    expect(told.join("\n")).toMatch(new RegExp(`${deed.why.source}|Nothing was done`, deed.why.flags));
    expect(waitsOn).toBe(true);
  } else if ("undo" in deed) await click(stage, deed.undo, "Undo", turn);
  else if ("waitsFor" in deed) expect(await stage.waitsFor(deed.waitsFor)).toMatch(deed.line);
  else expect(await stage.waitsFor(deed.hiddenFrom)).not.toMatch(deed.line);
  if ("later" in deed && deed.later) expect(await talk.sees()).toMatch(deed.later);
}
