import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StewardError } from "../../../src/types/steward-error.ts";
import type { ThreadItem } from "../../../src/types/thread-item.ts";
import { cardProblems, wordsOf } from "./check-card.ts";
import { sampleCard, sampleItem } from "./sample-card.ts";
import { ADA, MIA, startTeamsHouse, type TeamsHouse } from "./teams-house.ts";

let t: TeamsHouse;
beforeEach(async () => {
  t = await startTeamsHouse();
});
afterEach(async () => {
  expect(t.teams.problems).toEqual([]);
  expect(t.teams.ledger.violations).toEqual([]);
  await t.close();
});

const PUBLIC = { sensitivity: "internal" as const, readers: ["everyone"] };
const ada = () => t.teams.personal(t.ada);
const mia = () => t.teams.personal(t.mia);
const seenBy = async (user: typeof t.ada, conversation: ReturnType<typeof ada>, place?: string) =>
  (await t.teams.seen(user, conversation, place)).filter(({ isBot }) => isBot);
const cardItem = (card = myCard()): ThreadItem => ({
  kind: "card",
  seq: 90,
  id: "trn_1:card",
  at: new Date().toISOString(),
  card,
});
/** A card as it stands now: it ends in an hour. */
const myCard = (over = {}) =>
  sampleCard(
    [
      sampleItem({
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        approvers: [
          {
            group: "sales-managers",
            title: "a sales manager",
            needed: 1,
            given: [],
            candidates: [{ id: MIA.id, name: "Mia" }],
          },
        ],
        ...over,
      }),
    ],
    {
      requester: { id: ADA.id, name: "Ada" },
    },
  );
const doneCard = () =>
  myCard({
    status: "succeeded",
    mayDecide: false,
    outcome: "The deal is €48,000 now.",
    undoUntil: new Date(Date.now() + 600_000).toISOString(),
    decidedBy: [{ id: MIA.id, name: "Mia", verdict: "approve", reason: null, at: new Date().toISOString() }],
  });
const answered = (body: unknown) => body as { statusCode: number; type: string; value: unknown };

describe("a message in a personal chat", () => {
  test("is kept, and the answer shows once however often it is posted, and is edited in place", async () => {
    expect((await t.teams.say(t.ada, ada(), "Who is Globex?")).status).toBe(200);
    expect(t.received).toMatchObject([{ principal: ADA.id, text: "Who is Globex?", session: null }]);
    const item = t.answer("A **customer** [1].", {
      citations: [{ document: "doc_1", title: "Customers", passage: "p1", quote: "Globex is a customer." }],
    });
    await t.post(item);
    await t.post(item);
    await t.post({ ...item, text: "An old customer [1]." } as ThreadItem);
    const shown = await seenBy(t.ada, ada());
    expect(shown.map(({ text }) => text)).toEqual(["An old customer [1]."]);
    expect(JSON.stringify(shown[0]?.activity.entities)).toContain("https://steward.example.com/d/doc_1");
  });

  test("that was not kept is answered 503 and comes again; what is kept twice is one", async () => {
    t.plan.failReceive = 1;
    const first = await t.teams.say(t.ada, ada(), "Hello there");
    expect(first.status).toBe(503);
    expect((await t.teams.post(first.activity)).status).toBe(200);
    expect((await t.teams.post(first.activity)).status).toBe(200);
    expect(t.received).toHaveLength(1);
  });

  test("edited or deleted changes or takes back what was asked", async () => {
    const { id } = await t.teams.say(t.ada, ada(), "Book Monday");
    await t.teams.edit(t.ada, id, "Book Tuesday");
    await t.teams.erase(t.ada, id);
    const message = t.received[0]?.message;
    expect(t.of("amend")).toEqual([[ADA.id, message, "Book Tuesday"]]);
    expect(t.of("withdraw")).toEqual([[ADA.id, message]]);
  });

  test("with a file is extracted; a file too large is said, and no second arrival stores it again", async () => {
    const small = t.teams.file("note.txt", new TextEncoder().encode("hello"));
    const large = t.teams.file("big.bin", new Uint8Array(20_000));
    const sent = await t.teams.say(t.ada, ada(), "Read this", { attachments: [small, large] });
    await t.teams.post(sent.activity);
    expect(sent.status).toBe(200);
    expect(t.received[0]?.files.map(({ name }) => name)).toEqual(["note.txt"]);
    expect(t.of("putFile")).toEqual([[ADA.id, "note.txt", 5]]);
    expect((await seenBy(t.ada, ada())).map(({ text }) => text).join()).toContain("larger than 10 kB");
  });

  test("says help and stop without a turn", async () => {
    await t.teams.say(t.ada, ada(), "help");
    await t.teams.say(t.ada, ada(), "Stop");
    expect(t.received).toEqual([]);
    const shown = await seenBy(t.ada, ada());
    expect(wordsOf(shown[0]?.cards)).toContain("What is our travel policy?");
    expect(shown[1]?.text).toContain("Stopped");
    expect(t.of("stop")[0]?.[0]).toBe(ADA.id);
  });

  test("reactions and thumbs on an answer are feedback on it", async () => {
    await t.teams.say(t.ada, ada(), "Hi");
    await t.post(t.answer("Hello."));
    const [shown] = await seenBy(t.ada, ada());
    await t.teams.react(t.ada, shown?.id ?? "", "like");
    await t.teams.react(t.ada, shown?.id ?? "", "like", "removed");
    await t.teams.invoke(
      t.ada,
      ada(),
      "message/submitAction",
      {
        actionName: "feedback",
        actionValue: { reaction: "dislike", feedback: '{"feedbackText":"Too short"}' },
      },
      { replyToId: shown?.id ?? "" },
    );
    const id = (t.of("feedback")[0] ?? [])[1];
    expect(t.of("feedback")).toEqual([
      [ADA.id, id, "up", null],
      [ADA.id, id, null, null],
      [ADA.id, id, "down", "Too short"],
    ]);
  });

  test("of 40,000 characters is answered in parts that Teams takes, in order", async () => {
    await t.teams.say(t.ada, ada(), "x".repeat(40_000));
    expect(t.received[0]?.text).toHaveLength(40_000);
    const words = Array.from({ length: 7_000 }, (_, i) => `word${i}`);
    const item = t.answer(words.join(" "));
    await t.post(item);
    await t.post(item);
    const shown = await seenBy(t.ada, ada());
    expect(shown.length).toBeGreaterThan(2);
    expect(
      shown
        .map(({ text }) => text)
        .join(" ")
        .split(/\s+/),
    ).toEqual(words);
  });
});

describe("a person", () => {
  test("of another tenant, a guest and somebody unknown are refused politely, a refusal once a day", async () => {
    const other = t.teams.addUser("Olga", { tenantId: "11111111-1111-4111-8111-111111111111" });
    const group = t.teams.group("Trip", [t.ada, t.guest, other]);
    for (const user of [t.guest, other]) {
      await t.teams.say(user, group, "Tell me all", { isMention: true });
      await t.teams.say(user, group, "Please", { isMention: true });
    }
    expect(t.received).toEqual([]);
    const told = (await seenBy(t.ada, group)).map(({ text }) => text);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/guest/);
    const newcomer = t.teams.addUser("Nina");
    await t.teams.say(newcomer, t.teams.personal(newcomer), "Hello");
    const [shown] = await seenBy(newcomer, t.teams.personal(newcomer));
    expect(JSON.stringify(shown?.cards)).toContain("https://steward.example.com/link/1");
  });

  test("who is not known gets no link where others read", async () => {
    const newcomer = t.teams.addUser("Nina");
    const group = t.teams.group("Trip", [t.ada, newcomer]);
    await t.teams.say(newcomer, group, "Hello", { isMention: true });
    expect(JSON.stringify(await seenBy(t.ada, group))).not.toContain("link/1");
  });
});

describe("where others read along", () => {
  test("it hears what mentions it, and each person has a session of their own", async () => {
    const channel = t.teams.channel("Sales", [t.ada, t.mia]);
    expect((await t.teams.say(t.ada, channel, "Just talking")).status).toBeNull();
    const first = await t.teams.say(t.ada, channel, "Who is Globex?", { isMention: true });
    await t.teams.say(t.mia, channel, "And Initech?", { isMention: true, root: first.id });
    expect(t.received.map(({ text }) => text)).toEqual(["Who is Globex?", "And Initech?"]);
    expect(new Set(t.received.map(({ thread }) => thread.thread)).size).toBe(2);
    await t.post(t.answer("A customer."), { label: PUBLIC });
    expect((await seenBy(t.mia, channel, first.place)).map(({ text }) => text)).toEqual(["A customer."]);
  });

  test("an answer that not all may see stands there as a notice, and goes to its reader alone", async () => {
    const group = t.teams.group("Trip", [t.ada, t.mia]);
    await t.teams.say(t.ada, ada(), "hello");
    await t.teams.say(t.ada, group, "What does Ben earn?", { isMention: true });
    await t.post(t.answer("Ben earns 70,000."), { label: { sensitivity: "restricted", readers: [ADA.id] } });
    const [notice] = await seenBy(t.mia, group);
    expect(JSON.stringify(notice)).not.toContain("70,000");
    expect(wordsOf(notice?.cards)).toContain("not everybody here may see");
    const wrong = await t.teams.click(t.mia, notice?.id ?? "", "Show it to me privately");
    expect(answered(wrong.body).value).toContain("for somebody else");
    const right = await t.teams.click(t.ada, notice?.id ?? "", "Show it to me privately");
    expect(answered(right.body).value).toContain("personal chat");
    expect((await seenBy(t.ada, ada())).map(({ text }) => text)).toEqual(["Ben earns 70,000."]);
    expect(JSON.stringify(await seenBy(t.mia, group))).not.toContain("70,000");
  });

  test("without a label, and with a guest among the readers, nothing internal is shown", async () => {
    const group = t.teams.group("Trip", [t.ada, t.mia]);
    await t.teams.say(t.ada, group, "What?", { isMention: true });
    await t.post(t.answer("Something unlabelled."));
    const mixed = t.teams.group("With guest", [t.ada, t.guest]);
    await t.teams.say(t.ada, mixed, "What?", { isMention: true });
    await t.post(t.answer("Something internal."), { label: PUBLIC });
    const all = [...(await seenBy(t.mia, group)), ...(await seenBy(t.ada, mixed))];
    expect(JSON.stringify(all)).not.toMatch(/unlabelled|internal\./);
  });
});

describe("a card", () => {
  test("shows buttons to its reader; approving answers with the card as it is now, and a second click runs nothing", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    t.plan.decide = () => doneCard();
    await t.post(cardItem());
    const [shown] = await seenBy(t.mia, mia());
    const before = shown?.cards;
    const answer = await t.teams.click(t.mia, shown?.id ?? "", "Approve");
    expect(answered(answer.body).type).toBe("application/vnd.microsoft.card.adaptive");
    expect(wordsOf(answered(answer.body).value)).toContain("Approved by you");
    expect(t.of("approve")).toEqual([[MIA.id, "apr_1", null, { digest: "d".repeat(64) }]]);
    // The same button from a client that still shows it.
    const again = JSON.stringify(before).match(/"b":"([^"]+)"/)?.[1] ?? "";
    t.plan.cardFor = () => doneCard();
    const value = {
      action: { type: "Action.Execute", verb: "approve", data: { b: again } },
      trigger: "manual",
    };
    const second = await t.teams.invoke(t.mia, mia(), "adaptiveCard/action", value);
    expect(wordsOf(answered(second.body).value)).toContain("Done");
    expect(t.of("approve")).toHaveLength(1);
  });

  test("clicked by the wrong person says why not, privately, and can still be pressed by the right one", async () => {
    const group = t.teams.group("Deals", [t.ada, t.mia]);
    await t.teams.say(t.ada, group, "Raise the deal", { isMention: true });
    t.plan.cardFor = (as) => myCard({ mayDecide: as === MIA.id });
    t.plan.decide = (as) => {
      if (as !== MIA.id) throw new StewardError("APR-403", "This needs a sales manager: ask Mia.");
      return doneCard();
    };
    await t.post(cardItem(), { label: PUBLIC });
    const [forMia] = await seenBy(t.mia, group);
    const [forAda] = await seenBy(t.ada, group);
    expect(wordsOf(forMia?.cards)).toContain("Approve");
    expect(wordsOf(forAda?.cards)).not.toContain("Approve\n");
    const stolen = JSON.stringify(forMia?.cards).match(/"verb":"approve"[^}]*"b":"([^"]+)"/)?.[1];
    expect(stolen).toBeDefined();
    const value = {
      action: { type: "Action.Execute", verb: "approve", data: { b: stolen ?? "" } },
      trigger: "manual",
    };
    const wrong = await t.teams.invoke(t.ada, group, "adaptiveCard/action", value);
    expect(answered(wrong.body)).toMatchObject({
      type: "application/vnd.microsoft.activity.message",
      value: "This needs a sales manager: ask Mia. (APR-403)",
    });
    const right = await t.teams.click(t.mia, forMia?.id ?? "", "Approve");
    expect(wordsOf(answered(right.body).value)).toContain("Approved by you");
  });

  test("is decided by nobody who was removed between its showing and the click, and is told so", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    t.plan.decide = () => doneCard();
    await t.post(cardItem());
    const [shown] = await seenBy(t.mia, mia());
    const house = t.host as { identify: typeof t.host.identify };
    house.identify = async () => ({ kind: "refused", message: "You are not in the directory any more." });
    for (const click of [
      () => t.teams.click(t.mia, shown?.id ?? "", "Approve"),
      () => t.teams.submit(t.mia, shown?.id ?? "", "Approve"),
    ])
      expect((await click()).status).toBe(200);
    const { body } = await t.teams.click(t.mia, shown?.id ?? "", "Approve");
    expect(answered(body).value).toBe("You are not in the directory any more.");
    expect(t.of("approve")).toEqual([]);
  });

  test("is edited by what was typed, told what is wrong, and refused with a reason", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    t.plan.decide = () => doneCard();
    await t.post(cardItem());
    const [shown] = await seenBy(t.mia, mia());
    const wrong = await t.teams.click(t.mia, shown?.id ?? "", "Approve with changes", { "edit0-0": "much" });
    expect(answered(wrong.body).value).toContain("write one amount");
    await t.teams.click(t.mia, shown?.id ?? "", "Approve with changes", { "edit0-0": "45.000,00" });
    expect(t.of("approve")).toEqual([[MIA.id, "apr_1", { amount: 4_500_000 }, { digest: "d".repeat(64) }]]);

    await t.post({ ...cardItem(), id: "trn_2:card" } as ThreadItem);
    const other = (await seenBy(t.mia, mia())).at(-1);
    const isRefusal = (action: { verb?: unknown }) => action.verb === "refuse";
    const empty = await t.teams.click(t.mia, other?.id ?? "", isRefusal, { reason0: "  " });
    expect(answered(empty.body).value).toContain("Write why");
    await t.teams.click(t.mia, other?.id ?? "", isRefusal, { reason0: "Too much" });
    expect(t.of("refuse")).toEqual([[MIA.id, "apr_1", "Too much"]]);
  });

  test("is decided by an old client's Submit as well", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    t.plan.decide = () => doneCard();
    await t.post(cardItem());
    const [shown] = await seenBy(t.mia, mia());
    await t.teams.submit(t.mia, shown?.id ?? "", "Approve");
    expect(t.of("approve")).toHaveLength(1);
    expect(wordsOf((await seenBy(t.mia, mia()))[0]?.cards)).toContain("Approved by you");
    expect(t.received).toHaveLength(1);
  });

  test("that takes long says within a second that it is being done", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    t.plan.decide = () => doneCard();
    t.plan.slowMs = 1_500;
    await t.post(cardItem());
    const [shown] = await seenBy(t.mia, mia());
    const started = Date.now();
    const answer = await t.teams.click(t.mia, shown?.id ?? "", "Approve");
    expect(Date.now() - started).toBeLessThan(1_200);
    expect(wordsOf(answered(answer.body).value)).toContain("Being done");
    t.plan.slowMs = 0;
  });

  test("with a tampered, unknown or copied button is refused calmly and does nothing", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    await t.teams.say(t.ada, ada(), "hello");
    t.plan.cardFor = () => myCard();
    await t.post(cardItem(), { viewer: MIA.id, thread: t.received[0]?.thread });
    const [shown] = await seenBy(t.mia, mia());
    const copied = JSON.stringify(shown?.cards).match(/"b":"([^"]+)"/)?.[1] ?? "";
    for (const b of [copied, "nonsense.1", `${copied}9`, null, 7, { a: 1 }, "x".repeat(5_000)]) {
      const value = { action: { type: "Action.Execute", verb: "approve", data: { b } }, trigger: "manual" };
      const { status, body } = await t.teams.invoke(t.ada, ada(), "adaptiveCard/action", value);
      expect(status).toBe(200);
      expect(answered(body).value).toContain("Nothing was done");
    }
    const { body } = await t.teams.invoke(t.ada, ada(), "adaptiveCard/action", "not even an object");
    expect(answered(body).statusCode).toBe(200);
    expect(t.of("approve")).toEqual([]);
  });

  test("for an approver goes to their own chat, or to their approvals channel", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    const channel = t.teams.channel("Approvals", [t.ada, t.mia]);
    await t.teams.install(t.mia, channel);
    t.plan.cardFor = () => myCard();
    const thread = { channel: "teams" as const, conversation: MIA.id, thread: "approvals" };
    await t.post(cardItem(), { thread, viewer: MIA.id });
    expect(wordsOf((await seenBy(t.mia, mia()))[0]?.cards)).toContain("Approve");
    t.plan.place = { kind: "channel", channel: "teams", id: channel.id };
    await t.post({ ...cardItem(), id: "trn_2:card" } as ThreadItem, {
      thread,
      viewer: MIA.id,
      label: PUBLIC,
    });
    expect(await seenBy(t.mia, channel)).toHaveLength(1);
  });
});

describe("single sign-on", () => {
  test("that is not set up says so, so that Teams asks in another way", async () => {
    const { status } = await t.teams.invoke(t.ada, ada(), "signin/tokenExchange", {
      id: "1",
      connectionName: "x",
      token: "y",
    });
    expect(status).toBe(412);
  });
});

describe("single sign-on that is set up", () => {
  let house: TeamsHouse;
  beforeEach(async () => {
    house = await startTeamsHouse("botbuilder", { endpoints: { SsoConnection: "entra" } });
  });
  afterEach(async () => await house.close());
  const ask = (token: string, connectionName = "entra") =>
    house.teams.invoke(house.ada, house.teams.personal(house.ada), "signin/tokenExchange", {
      id: "1",
      connectionName,
      token,
    });

  test("trades the token of its own connection, and tells nobody more than that it worked", async () => {
    expect(await ask("abc")).toEqual({ status: 200, body: { id: "1", connectionName: "entra" } });
    const told = JSON.stringify([house.calls, [...house.notes]]);
    expect(told).not.toMatch(/exchanged:abc|"abc"/);
  });

  test("says without consent, for another connection and for none what stands in the way", async () => {
    expect(await ask("abc", "somebody else's")).toMatchObject({ status: 412 });
    expect(await ask("")).toMatchObject({ status: 412 });
    house.teams.setExchange(() => null);
    expect(await ask("abc")).toMatchObject({ status: 412, body: { failureDetail: "Consent is missing." } });
  });
});

test("the doctor says of each thing whether it is well, and what to do when not", async () => {
  const names = async () => (await t.channel.check()).map(({ name, ok }) => [name, ok]);
  expect(await names()).toEqual([
    ["sign-in", true],
    ["signing keys", true],
    // Nobody answers at the example's address.
    ["public address", false],
    ["Messaging endpoint", true],
  ]);
  t.teams.setMetadata("down");
  const bad = await t.channel.check();
  expect(bad.find(({ name }) => name === "signing keys")).toMatchObject({ ok: false });
  for (const { ok, detail, remedy } of bad) {
    expect(remedy === null).toBe(ok);
    expect(detail).not.toContain("not-a-secret");
  }
});

test("another program is not answered", async () => {
  const base = (await t.teams.say(t.ada, ada(), "hello")).activity;
  for (let i = 0; i < 3; i++)
    await t.teams.post({
      ...base,
      id: `bot${i}`,
      from: { id: "28:other-bot", name: "Other" },
      text: "I did not understand",
    });
  expect(t.received).toHaveLength(1);
});

test("words stream in a personal chat and end as one message", async () => {
  await t.teams.say(t.ada, ada(), "Tell me a story");
  const session = `ses_${t.thread().thread}`;
  t.channel.stream?.({ session, turn: "trn_1", text: "", step: "Looking it up" });
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.channel.stream?.({ session, turn: "trn_1", text: "Once upon a time ", step: null });
  await new Promise((resolve) => setTimeout(resolve, 1_400));
  await t.post(t.answer("Once upon a time there was a deal."));
  const shown = await seenBy(t.ada, ada());
  expect(shown.map(({ text }) => text)).toEqual(["Once upon a time there was a deal."]);
  expect([...t.teams.state.streams.values()]).toMatchObject([
    { isDone: true, text: "Once upon a time there was a deal." },
  ]);
});

test("an answer whose streamed end was taken while its receipt got lost stands once", async () => {
  await t.teams.say(t.ada, ada(), "Tell me a story");
  const session = `ses_${t.thread().thread}`;
  t.channel.stream?.({ session, turn: "trn_1", text: "Once upon a time ", step: null });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const item = t.answer("Once upon a time there was a deal.");
  t.teams.fault({ on: /POST .*activities/, status: 504, isAfter: true });
  await expect(t.post(item)).rejects.toMatchObject({ teamsStatus: 504 });
  // As the outbox does later.
  await t.post(item);
  expect((await seenBy(t.ada, ada())).map(({ text }) => text)).toEqual([
    "Once upon a time there was a deal.",
  ]);
  expect(t.teams.problems.splice(0)).toEqual(["stream 403: the stream is over"]);
});

test("a card that stands twice because its receipt got lost is decided once, on whichever copy", async () => {
  await t.teams.say(t.mia, mia(), "hello");
  t.plan.cardFor = () => myCard();
  t.plan.decide = () => doneCard();
  // "Typing" is on its way until then.
  await vi.waitFor(() =>
    expect(t.teams.state.calls.some(({ path }) => path.endsWith("/activities"))).toBe(true),
  );
  t.teams.fault({ on: /POST .*activities/, status: 504, isAfter: true });
  await t.post(cardItem());
  const [first, second, ...more] = await seenBy(t.mia, mia());
  expect(more).toEqual([]);
  const answer = await t.teams.click(t.mia, first?.id ?? "", "Approve");
  expect(wordsOf(answered(answer.body).value)).toContain("Approved by you");
  t.plan.cardFor = () => doneCard();
  const other = await t.teams.click(t.mia, second?.id ?? "", "Approve").catch(() => null);
  if (other) expect(wordsOf(answered(other.body).value)).toContain("Done");
  expect(t.of("approve")).toHaveLength(1);
});

describe("what remains after a decision", () => {
  test("is its record in words, and undoing it while that lasts", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => doneCard();
    t.plan.decide = () => myCard({ status: "undone", mayDecide: false });
    await t.post(cardItem(doneCard()));
    const [shown] = await seenBy(t.mia, mia());
    const why = await t.teams.click(t.mia, shown?.id ?? "", "Why?");
    expect(wordsOf(answered(why.body).value)).toContain("Rule crm-big-change asked.");
    const undone = await t.teams.click(t.mia, shown?.id ?? "", "Undo");
    expect(wordsOf(answered(undone.body).value)).toContain("Undone");
    expect(t.of("undo")).toEqual([[MIA.id, "act_1"]]);
  });

  test("with an unknown outcome is the requester's to settle", async () => {
    await t.teams.say(t.ada, ada(), "hello");
    const card = myCard({ status: "unknown", mayDecide: false });
    t.plan.cardFor = () => card;
    t.plan.decide = () => card;
    await t.post(cardItem(card));
    const [shown] = await seenBy(t.ada, ada());
    await t.teams.click(t.ada, shown?.id ?? "", "Check");
    expect(t.of("resolve")).toEqual([[ADA.id, "act_1", "check"]]);
  });
});

describe("a form that a card cannot hold", () => {
  const long = { name: "body", label: "Text", input: "text" as const, value: "x".repeat(9_000), options: [] };

  test("opens in a dialog, comes back with what is wrong, and approves what was typed", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    const amount = { name: "amount", label: "Amount", input: "money" as const, value: 1, options: [] };
    const card = myCard({ editable: [long, amount] });
    t.plan.cardFor = () => card;
    t.plan.decide = () => doneCard();
    await t.post(cardItem(card));
    const [shown] = await seenBy(t.mia, mia());
    const opened = await t.teams.submit(t.mia, shown?.id ?? "", "Edit");
    const form = opened.body as { task: { type: string; value: { card: { content: never } } } };
    expect(form.task.type).toBe("continue");
    expect(cardProblems(form.task.value.card.content)).toEqual([]);
    const b = JSON.stringify(form).match(/"b":"([^"]+)"/)?.[1] ?? "";
    const wrong = await t.teams.taskSubmit(t.mia, mia(), { b, "edit0-1": "much" });
    expect(JSON.stringify(wrong.body)).toContain("write one amount");
    const done = await t.teams.taskSubmit(t.mia, mia(), { b, "edit0-0": "new words" });
    expect(JSON.stringify(done.body)).toContain("Approved with your changes");
    expect(t.of("approve")).toEqual([[MIA.id, "apr_1", { body: "new words" }, { digest: "d".repeat(64) }]]);
  });

  test("is not opened by a button of somebody's guess", async () => {
    const { body } = await t.teams.invoke(t.ada, ada(), "task/fetch", { data: { b: "guess.1" } });
    expect(JSON.stringify(body)).toContain("cannot be opened");
  });
});

describe("an approver", () => {
  const thread = { channel: "teams" as const, conversation: MIA.id, thread: "approvals" };

  test("is reminded by a line of its own, once for each reminder", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.cardFor = () => myCard();
    await t.post(cardItem(), { thread, viewer: MIA.id });
    for (const id of ["out_r1", "out_r1", "out_r2"])
      await t.post(cardItem(), { id, thread, viewer: MIA.id, isReminder: true });
    const shown = await seenBy(t.mia, mia());
    expect(shown.filter(({ text }) => text.startsWith("This still waits for you"))).toHaveLength(2);
    expect(shown.filter(({ cards }) => cards.length > 0)).toHaveLength(1);
  });

  test("who was never met cannot be written to, and the outbox is told that trying again is of no use", async () => {
    const to = { thread: { ...thread, conversation: "nobody@example.com" }, viewer: "nobody@example.com" };
    await expect(t.post(cardItem(), to)).rejects.toMatchObject({ isPermanent: true });
  });

  test("gets the card in their own chat when their channel is gone", async () => {
    await t.teams.say(t.mia, mia(), "hello");
    t.plan.place = { kind: "channel", channel: "teams", id: "19:gone@thread.tacv2" };
    await t.post(cardItem(), { thread, viewer: MIA.id, label: PUBLIC });
    expect(await seenBy(t.mia, mia())).toHaveLength(1);
    t.teams.problems.length = 0;
  });
});

test("a place is open to whoever reads along there", async () => {
  const group = t.teams.group("Deals", [t.ada]);
  await t.teams.say(t.mia, mia(), "hello");
  await t.teams.say(t.ada, group, "hello", { isMention: true });
  expect(await t.channel.isOpenTo?.(t.thread(), ADA.id)).toBe(true);
  expect(await t.channel.isOpenTo?.(t.thread(), MIA.id)).toBe(false);
});

test("a message that somebody deleted is shown anew when it changes", async () => {
  await t.teams.say(t.ada, ada(), "hello");
  const item = t.answer("First.");
  await t.post(item);
  const [shown] = await seenBy(t.ada, ada());
  const message = t.teams.state.conversations.get(ada().id)?.messages.find(({ id }) => id === shown?.id);
  if (message) message.isDeleted = true;
  await t.post({ ...item, text: "Second." } as ThreadItem);
  expect((await seenBy(t.ada, ada())).map(({ text }) => text)).toEqual(["Second."]);
});
