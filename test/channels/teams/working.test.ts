import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSendQueue } from "../../../channels/teams/send-queue.ts";
import type { ConversationRef, OutActivity } from "../../../channels/teams/transport/activity.ts";
import { TeamsSendError } from "../../../channels/teams/transport/teams-send-error.ts";
import { createWorking } from "../../../channels/teams/working.ts";
import { createHostRecorder } from "./host-recorder.ts";

const refTo = (conversationType: ConversationRef["conversation"]["conversationType"]) =>
  ({ conversation: { id: `19:${conversationType}`, conversationType } }) as ConversationRef;
const at = (conversationType: ConversationRef["conversation"]["conversationType"]) => ({
  ref: refTo(conversationType),
  thread: { channel: "teams", conversation: "t", thread: `19:${conversationType}#ada` } as const,
});
const CHANNEL = at("channel");
const ANSWER: OutActivity = { type: "message", text: "The answer.", textFormat: "markdown" };
const DELTA = { session: "ses", turn: "trn", text: "secret", step: "Reading payroll.pdf" };

let shown: Map<string, string>;
let typed: string[];
let house: ReturnType<typeof createHostRecorder>;
let last = 0;

/** One process; several share the notes and the channel. */
function make() {
  return createWorking(
    house.host,
    {
      async send(ref, activity) {
        if (activity.type === "typing") {
          typed.push(ref.conversation.conversationType);
          return { id: "" };
        }
        shown.set(`m${++last}`, activity.text ?? "");
        return { id: `m${last}` };
      },
      async update(_ref, id, activity) {
        if (!shown.has(id)) throw new TeamsSendError("gone", { status: 404, isPermanent: true });
        shown.set(id, activity.text ?? "");
      },
      async remove(_ref, id) {
        shown.delete(id);
      },
    },
    createSendQueue(),
  );
}
const noted = () => [...house.notes.keys()].filter((key) => key.startsWith("teams/working/"));
const answerFrom = async (working: ReturnType<typeof make>) => {
  const inPlace = await working.take(CHANNEL, ANSWER);
  const id = inPlace ?? `m${++last}`;
  shown.set(id, "The answer.");
  await working.settle(CHANNEL, [id]);
};

beforeEach(() => {
  vi.useFakeTimers();
  shown = new Map();
  typed = [];
  house = createHostRecorder([], () => new Date());
});
afterEach(() => {
  vi.useRealTimers();
});

describe("while Steward works", () => {
  test.each(["personal", "groupChat"] as const)(
    "a %s shows that it types, again when something happens",
    async (kind) => {
      const working = make();
      await working.expect(at(kind));
      working.begin("ses", at(kind));
      for (let n = 0; n < 100; n++) {
        await vi.advanceTimersByTimeAsync(100);
        working.stir(DELTA);
      }
      working.stir({ ...DELTA, session: "other" });
      expect(typed).toEqual([kind, kind, kind]);
      expect([...shown]).toEqual([]);
    },
  );

  test("a channel says so when it takes long, not what it reads, and the answer takes the place of that line", async () => {
    const working = make();
    await working.expect(CHANNEL);
    working.begin("ses", CHANNEL);
    working.stir(DELTA);
    await vi.advanceTimersByTimeAsync(4_000);
    expect([...shown]).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([...shown.values()]).toEqual(["I am on it. The answer will stand here."]);
    await answerFrom(working);
    expect([...shown.values()]).toEqual(["The answer."]);
    expect(noted()).toEqual([]);
    expect(typed).toEqual([]);
  });

  test("a channel says nothing when the answer is quick, also when another process sent it", async () => {
    const here = make();
    await here.expect(CHANNEL);
    here.begin("ses", CHANNEL);
    await answerFrom(make());
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...shown.values()]).toEqual(["The answer."]);
    expect(noted()).toEqual([]);
  });

  test("a line that a process left behind when it died is where the next one answers", async () => {
    const here = make();
    await here.expect(CHANNEL);
    here.begin("ses", CHANNEL);
    await vi.advanceTimersByTimeAsync(6_000);
    here.stop();
    await answerFrom(make());
    expect([...shown.values()]).toEqual(["The answer."]);
  });

  test("a crash between showing the answer and writing that down shows it once", async () => {
    const working = make();
    await working.expect(CHANNEL);
    working.begin("ses", CHANNEL);
    await vi.advanceTimersByTimeAsync(6_000);
    await working.take(CHANNEL, ANSWER);
    await answerFrom(make());
    expect([...shown.values()]).toEqual(["The answer."]);
  });

  test("a line that somebody deleted is not missed", async () => {
    const working = make();
    await working.expect(CHANNEL);
    working.begin("ses", CHANNEL);
    await vi.advanceTimersByTimeAsync(6_000);
    shown.clear();
    await answerFrom(working);
    expect([...shown.values()]).toEqual(["The answer."]);
    expect(noted()).toEqual([]);
  });
});
