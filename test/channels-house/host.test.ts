import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayAllSee } from "../../src/compose/channels/may-all-see.ts";
import { readEventsAfter } from "../../src/store/events/read-events.ts";
import type { Inbound } from "../../src/types/channel.ts";
import { EVERYONE, SENSITIVITIES } from "../../src/types/label.ts";
import { ALICE, BOB, CAROL, DAVE, GUS, openDirectory } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms } from "./open-platforms.ts";

for (const kind of databaseKinds()) {
  describe(`the house for a channel on ${kind}`, () => {
    let all: Platforms;
    let count = 0;
    beforeAll(async () => {
      all = await openPlatforms(kind);
      await all.meet("slack", ALICE, BOB);
    });
    afterAll(async () => {
      await all.close();
      expect(all.house.errors).toEqual([]);
    });

    const host = () => all.slack.host();
    const message = (over: Partial<Inbound> = {}): Inbound => {
      count += 1;
      return {
        dedupe: `T0ACME:C1:${count}`,
        thread: { channel: "slack", conversation: "C1", thread: `t${count}/${ALICE.id}` },
        session: null,
        principal: ALICE.id,
        text: "look",
        files: [],
        ...over,
      };
    };
    const received = async (session: string) =>
      (await readEventsAfter(all.house.db, session, 0)).flatMap((event) =>
        event.type === "message.received" ? [event.data.text.value] : [],
      );
    /** A session whose worker is held up elsewhere, so that what comes in waits. */
    const held = async () => {
      const first = message({ text: "look" });
      const { session } = await host().receive(first);
      await all.quiet();
      await all.house.db.query(
        "update sessions set owner = 'elsewhere', epoch = epoch + 1, lease_until = now() + interval '1 hour' where id = $1",
        [session],
      );
      const release = async () => {
        await all.house.db.query("update sessions set owner = null, lease_until = null where id = $1", [
          session,
        ]);
        // Only where work waits: a look that finds none holds the session for a moment that nothing here can see end.
        const work = await all.house.db.query("select 1 from inbox where session_id = $1", [session]);
        if (work.length > 0) all.house.worker.wake(session);
        await all.quiet();
      };
      return { session, thread: first.thread, release };
    };

    it("keeps a message once, however often and however late the platform sends it", async () => {
      const one = message({ text: "spend 5" });
      const sessions = new Set<string>();
      for (let i = 0; i < 5; i++) sessions.add((await host().receive(one)).session);
      await all.quiet();
      sessions.add(
        (await host().receive({ ...one, thread: { ...one.thread, thread: "elsewhere" } })).session,
      );
      await all.quiet();
      const [session = ""] = sessions;
      expect(await received(session)).toEqual(["spend 5"]);
      expect((await Promise.all([...sessions].map(received))).flat()).toEqual(["spend 5"]);
    });

    it("takes the same id from two platforms as two messages", async () => {
      const one = message({ dedupe: "same" });
      const there = { ...one, thread: { ...one.thread, channel: "teams" as const } };
      const [a, b] = [await host().receive(one), await all.teams.host().receive(there)];
      await all.quiet();
      expect([await received(a.session), await received(b.session)]).toEqual([["look"], ["look"]]);
    });

    it("begins anew where an account became another person's, and shows them nothing of before", async () => {
      const first = message({ text: "spend 7" });
      const { session } = await host().receive(first);
      await all.quiet();
      const second = message({ thread: first.thread, principal: BOB.id, text: "look" });
      const next = await host().receive(second);
      await all.quiet();
      expect(next.session).not.toBe(session);
      // Sent again long after: not begun anew for either of them.
      await host().receive(first);
      await host().receive(second);
      await all.quiet();
      expect(await received(next.session)).toEqual(["look"]);
      expect((await host().requests(BOB.id)).map(({ line }) => line)).not.toContain("Spend 7");
      expect((await host().requests(ALICE.id)).map(({ line }) => line)).toContain("Spend 7");
    });

    it("refuses what no channel says: another's threads, files that are not theirs, nonsense", async () => {
      const odd: readonly (readonly [Partial<Inbound>, string])[] = [
        [{ thread: { channel: "teams", conversation: "C", thread: "t" } }, "CHN-422"],
        [{ thread: { channel: "web", conversation: ALICE.id, thread: "t" } }, "CHN-422"],
        [{ thread: { channel: "slack", conversation: "", thread: "t" } }, "CHN-422"],
        [{ thread: { channel: "slack", conversation: "C", thread: "x".repeat(501) } }, "CHN-422"],
        [{ dedupe: "" }, "CHN-422"],
        [{ principal: "nobody@acme.example" }, "DIR-404"],
        [{ files: [{ id: "fil_1", name: "x.pdf", mediaType: "application/pdf", bytes: 1 }] }, "FIL-404"],
        [{ text: "x".repeat(40_000) }, "MSG-413"],
        [{ text: "  " }, "MSG-400"],
      ];
      for (const [over, code] of odd)
        await expect(host().receive(message(over)), code).rejects.toMatchObject({ code });
      const theirs = await host().putFile(BOB.id, { name: "../../x.pdf", content: new Uint8Array([1, 2]) });
      expect(theirs.name).toBe("x.pdf");
      await expect(host().receive(message({ files: [theirs] }))).rejects.toMatchObject({ code: "FIL-404" });
    });

    it("rewords and takes back messages that nobody has begun with", async () => {
      const { session, thread, release } = await held();
      const [keep, change, drop] = ["spend 1", "spend 2", "spend 3"].map((text) => message({ thread, text }));
      for (const one of [keep, change, drop]) if (one) await host().receive(one);
      const [changed = "", dropped = ""] = [change?.dedupe, drop?.dedupe];
      expect(await host().amend(ALICE.id, changed, "spend 20")).toBe("changed");
      expect(await host().withdraw(ALICE.id, dropped)).toBe("withdrawn");
      expect(await host().withdraw(ALICE.id, dropped)).toBe("late");
      expect(await host().amend(BOB.id, changed, "spend 99")).toBe("late");
      expect(await host().amend(ALICE.id, "never seen", "spend 99")).toBe("unknown");
      await expect(host().amend(ALICE.id, changed, " ")).rejects.toMatchObject({ code: "MSG-400" });
      // The worker elsewhere may be at the first of them, and has not said so yet.
      expect(await host().amend(ALICE.id, keep?.dedupe ?? "", "spend 9")).toBe("late");
      expect(await host().amend(ALICE.id, changed, "spend 21")).toBe("changed");
      await release();
      expect((await received(session)).slice(1)).toEqual(["spend 1", "spend 21"]);
      expect(await host().amend(ALICE.id, changed, "spend 22")).toBe("late");
      expect(await host().withdraw(ALICE.id, changed)).toBe("late");
      if (drop) await host().receive(drop);
      await all.quiet();
      expect((await received(session)).slice(1)).toEqual(["spend 1", "spend 21"]);
    });

    it("stops only the person's own turn, and says when none runs", async () => {
      const { thread, release } = await held();
      expect(await host().stop(BOB.id, thread)).toBe(false);
      expect(await host().stop(ALICE.id, thread)).toBe(true);
      await release();
      expect(await host().stop(ALICE.id, thread)).toBe(false);
      expect(await host().stop(ALICE.id, { ...thread, thread: "nowhere" })).toBe(false);
    });

    it("takes feedback on what was said to the person, the last word counting", async () => {
      const one = message({ text: "hello" });
      const { session } = await host().receive(one);
      await all.quiet();
      const events = await readEventsAfter(all.house.db, session, 0);
      const id =
        events.flatMap((event) => (event.type === "reply.posted" ? [event.data.message] : []))[0] ?? "";
      expect(id).not.toBe("");
      await host().feedback(ALICE.id, id, "up", null);
      await host().feedback(ALICE.id, id, "down", " Too long. ");
      expect(await all.house.db.query("select principal, verdict, comment from feedback")).toEqual([
        { principal: ALICE.id, verdict: "down", comment: "Too long." },
      ]);
      await host().feedback(ALICE.id, id, null, null);
      expect(await all.house.db.query("select 1 as one from feedback")).toEqual([]);
      await expect(host().feedback(BOB.id, id, "up", null)).rejects.toMatchObject({ code: "MSG-404" });
      await expect(host().feedback(ALICE.id, "msg_none", "up", null)).rejects.toMatchObject({
        code: "MSG-404",
      });
    });

    it("tells what waits for a person and what they asked for", async () => {
      await host().receive(message({ text: "spend 250" }));
      await all.quiet();
      expect((await host().pendingApprovals(BOB.id)).map(({ requester }) => requester.id)).toContain(
        ALICE.id,
      );
      expect(await host().pendingApprovals(DAVE.id)).toEqual([]);
      expect((await host().requests(ALICE.id))[0]).toMatchObject({ line: "Spend 250", status: "awaiting" });
      expect(await host().schedules(ALICE.id)).toEqual([]);
      expect((await host().suggestions(ALICE.id)).length).toBeGreaterThan(0);
      await expect(host().requests("nobody@acme.example")).rejects.toMatchObject({ code: "DIR-404" });
    });

    it("keeps where approvals are wanted, and nothing that is no place", async () => {
      expect(await host().approvalPlace(BOB.id)).toEqual({ kind: "direct" });
      const place = { kind: "channel", channel: "slack", id: "C1" } as const;
      await host().setApprovalPlace(BOB.id, place);
      expect(await all.teams.host().approvalPlace(BOB.id)).toEqual(place);
      for (const odd of [
        { kind: "mail" },
        { kind: "channel", channel: "web", id: "x" },
        { ...place, id: "" },
      ])
        await expect(host().setApprovalPlace(BOB.id, odd as typeof place)).rejects.toMatchObject({
          code: "CHN-422",
        });
      await host().setApprovalPlace(BOB.id, { kind: "direct" });
    });

    it("keeps each channel's notes for itself, by prefix and once where asked", async () => {
      const { notes } = host();
      for (const key of ["b:2", "a:1", "a:3", "a%2"]) await notes.write(key, { key });
      expect((await notes.list("a:")).map(({ key }) => key)).toEqual(["a:1", "a:3"]);
      expect(await all.teams.host().notes.read("a:1")).toBeNull();
      const once = await Promise.all(
        Array.from({ length: 8 }, async () => await notes.writeOnce("once", {})),
      );
      expect(once.filter(Boolean)).toHaveLength(1);
      await notes.remove("a:1");
      expect(await notes.read("a:1")).toBeNull();
      await expect(notes.write("k".repeat(301), {})).rejects.toMatchObject({ code: "CHN-422" });
      await expect(notes.write("k", { text: "x".repeat(70_000) })).rejects.toMatchObject({ code: "CHN-422" });
    });

    it("keeps each channel's secrets for itself", async () => {
      await host().vault.write("token", "xoxb-secret");
      expect(await host().vault.read("token")).toBe("xoxb-secret");
      expect(await all.teams.host().vault.read("token")).toBeNull();
    });

    it("links to the pages", () => {
      expect(host().linkTo({ document: "doc_1", passage: "doc_1#2" })).toBe(
        "https://steward.acme.example/?document=doc_1&passage=doc_1%232",
      );
      expect(host().linkTo({ session: "ses_1" })).toBe("https://steward.acme.example/?session=ses_1");
    });
  });
}

describe("what all may see", () => {
  const directory = openDirectory().now();
  const label = (sensitivity: (typeof SENSITIVITIES)[number], ...readers: string[]) => ({
    sensitivity,
    readers,
  });

  it("is what each of them may see", () => {
    const sees = (of: ReturnType<typeof label>, ...people: (string | null)[]) =>
      mayAllSee(directory, of, people);
    expect(sees(label("internal", EVERYONE), ALICE.id, BOB.id)).toBe(true);
    expect(sees(label("internal", "bosses"), BOB.id, CAROL.id)).toBe(true);
    expect(sees(label("internal", "bosses"), BOB.id, ALICE.id)).toBe(false);
    expect(sees(label("internal", ALICE.id), ALICE.id)).toBe(true);
    expect(sees(label("confidential", EVERYONE), BOB.id)).toBe(false);
    expect(sees(label("restricted", "bosses"), BOB.id)).toBe(true);
    expect(sees(label("confidential"), BOB.id)).toBe(false);
  });

  it("is only what is public where somebody is unknown", () => {
    for (const stranger of [null, "", "nobody@elsewhere.example"]) {
      expect(mayAllSee(directory, label("public", EVERYONE), [ALICE.id, stranger])).toBe(true);
      expect(mayAllSee(directory, label("internal", EVERYONE), [ALICE.id, stranger])).toBe(false);
      expect(mayAllSee(directory, label("public", "bosses"), [stranger])).toBe(false);
    }
  });

  it("grows for nobody when there are more people, more secrecy or fewer readers", () => {
    const person = fc.constantFrom(ALICE.id, BOB.id, CAROL.id, GUS.id, null, "x@elsewhere.example");
    const reader = fc.constantFrom(EVERYONE, "bosses", ALICE.id, "nobodies");
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2, 3),
        fc.array(reader),
        fc.array(person),
        person,
        (level, readers, people, more) => {
          const of = label(SENSITIVITIES[level] ?? "restricted", ...readers);
          if (mayAllSee(directory, of, people)) {
            for (const one of people) expect(mayAllSee(directory, of, [one])).toBe(true);
            return;
          }
          expect(mayAllSee(directory, of, [...people, more])).toBe(false);
          const higher = label(SENSITIVITIES[Math.min(3, level + 1)] ?? "restricted", ...readers);
          expect(mayAllSee(directory, higher, people)).toBe(false);
          expect(mayAllSee(directory, label(of.sensitivity, ...readers.slice(1)), people)).toBe(false);
        },
      ),
    );
  });
});
