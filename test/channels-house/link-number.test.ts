import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createPeople as createSlackPeople } from "../../channels/slack/people.ts";
import { createPeople as createTeamsPeople } from "../../channels/teams/people.ts";
import { readNumber } from "../../src/compose/channels/account-links.ts";
import type { PlatformAccount } from "../../src/types/channel-host.ts";
import { ALICE, BOB, CAROL, FAY } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms, TENANT, WORKSPACE } from "./open-platforms.ts";

const MINUTES = 60_000;
/** Another number of six digits. */
const not = (number: string, more = 1) => String((Number(number) + more) % 1_000_000).padStart(6, "0");

for (const kind of databaseKinds()) {
  describe(`the number of a link on ${kind}`, () => {
    let all: Platforms;
    let clock = Date.now();
    beforeAll(async () => {
      all = await openPlatforms(kind, { now: () => new Date(clock) });
    });
    afterEach(() => {
      all.removed.clear();
      clock = Date.now();
    });
    afterAll(async () => await all.close());

    const stranger = (account: string): PlatformAccount =>
      all.account("slack", BOB, { account, email: null });
    const codeFor = async (account: PlatformAccount): Promise<string> => {
      const who = await all.slack.host().identify(account);
      return who.kind === "unmapped" ? (who.linkUrl?.split("/link/")[1] ?? "") : "";
    };
    const start = async (account: PlatformAccount, person = BOB): Promise<string> =>
      (await all.ports.confirmLink(person.id, await codeFor(account))).number ?? "";
    const say = async (account: PlatformAccount, text: string) =>
      await all.slack.host().confirmLink(account, text);
    const kindOf = async (account: PlatformAccount) =>
      (await all.slack.host().identify(account, { link: false })).kind;
    const codes = async (where = "true") =>
      (await all.house.db.query(`select 1 from link_codes where ${where}`)).length;

    it("that a person was lured into ties nothing: they cannot say it for the account, and it cannot know it", async () => {
      const [attacker, victim] = [stranger("U-lure"), stranger("U-lured")];
      const number = await start(attacker, CAROL);
      expect(await say(victim, number)).toMatchObject({ kind: "unmapped" });
      expect(await kindOf(attacker)).toBe("unmapped");
      expect(await kindOf(victim)).toBe("unmapped");
      expect(await all.ports.accounts(CAROL.id)).toEqual([]);
    });

    it("may be mistyped four times; the fifth ends the link, also for who has the right one", async () => {
      const account = stranger("U-guess");
      const number = await start(account);
      for (const left of ["4 tries", "3 tries", "2 tries", "one try"])
        expect(await say(account, not(number))).toMatchObject({
          kind: "unmapped",
          linkUrl: null,
          message: expect.stringContaining(left),
        });
      expect(await say(account, not(number))).toMatchObject({
        kind: "unmapped",
        linkUrl: expect.stringContaining("/link/"),
      });
      expect(await say(account, number)).toMatchObject({ kind: "unmapped" });
      expect(await kindOf(account)).toBe("unmapped");
    });

    it("is not guessed by many tries at once", async () => {
      const account = stranger("U-many");
      const number = await start(account);
      await Promise.all(Array.from({ length: 12 }, async (_, i) => await say(account, not(number, i + 1))));
      expect(await say(account, number)).toMatchObject({ kind: "unmapped" });
      expect(await kindOf(account)).toBe("unmapped");
    });

    it("is right at the last try, and then said once", async () => {
      const account = stranger("U-last");
      const number = await start(account, FAY);
      for (let i = 0; i < 4; i++) await say(account, not(number));
      expect(await say(account, number)).toMatchObject({ kind: "known", principal: { id: FAY.id } });
      await all.ports.removeAccount(FAY.id, { channel: "slack", workspace: WORKSPACE, account: "U-last" });
      expect(await say(account, number)).toMatchObject({ kind: "unmapped" });
    });

    it("is good for 15 minutes from when it was shown", async () => {
      const account = stranger("U-slow");
      const code = await codeFor(account);
      clock += 14 * MINUTES;
      const { number = "" } = await all.ports.confirmLink(BOB.id, code);
      clock += 14 * MINUTES;
      expect(await say(account, not(number))).toMatchObject({ message: expect.stringContaining("4 tries") });
      clock += MINUTES;
      expect(await say(account, number)).toMatchObject({ kind: "unmapped" });
      expect(await kindOf(account)).toBe("unmapped");
    });

    it("waits, however often its account writes meanwhile, and ends what other links it had", async () => {
      const account = stranger("U-busy");
      const old = await codeFor(account);
      const number = await start(account);
      await expect(all.ports.confirmLink(CAROL.id, old)).rejects.toMatchObject({ code: "CHN-410" });
      for (let i = 0; i < 6; i++) await codeFor(account);
      expect(await say(account, number)).toMatchObject({ kind: "known" });
      expect(await codes("account = 'U-busy'")).toBe(0);
      await all.ports.removeAccount(BOB.id, { channel: "slack", workspace: WORKSPACE, account: "U-busy" });
    });

    it("of the page that was confirmed last counts, when an account has two", async () => {
      const account = stranger("U-twice");
      const [first, second] = [await codeFor(account), await codeFor(account)];
      const ends = await Promise.allSettled(
        [first, second].map(async (code) => await all.ports.confirmLink(BOB.id, code)),
      );
      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await codes("account = 'U-twice'")).toBe(1);
    });

    it("ties nobody who left, or got another account there, between the page and the number", async () => {
      const [left, late] = [stranger("U-left"), stranger("U-second")];
      const numbers = [await start(left, BOB), await start(late, ALICE)];
      all.removed.add(BOB.id);
      expect(await say(left, numbers[0] ?? "")).toMatchObject({ kind: "refused" });
      await all.meet("slack", ALICE);
      expect(await say(late, numbers[1] ?? "")).toMatchObject({ kind: "refused" });
      all.removed.clear();
      expect([await kindOf(left), await kindOf(late)]).toEqual(["unmapped", "unmapped"]);
    });

    it("of a guest, or of a workspace that nobody allowed, is not looked at", async () => {
      const account = stranger("U-guest");
      const number = await start(account);
      for (const over of [{ isGuest: true }, { workspace: "T0OTHER" }])
        expect(await say({ ...account, ...over }, number)).toMatchObject({ kind: "refused" });
      expect(await say(account, "hello")).toBeNull();
      expect(await say(account, number)).toMatchObject({ kind: "known" });
    });

    it("is not made for 500 strangers who only read along", async () => {
      const before = await codes();
      const ref = { conversation: { id: "19:all", tenantId: TENANT } } as never;
      const members = Array.from({ length: 500 }, (_, i) => ({
        ...{ id: `29:${i}`, aadObjectId: `stranger-${i}`, name: `S ${i}`, role: "user", tenant: TENANT },
        ...{ email: `s${i}@mail.example`, userPrincipalName: `s${i}@elsewhere.example`, isGuest: false },
      }));
      const teams = createTeamsPeople(
        all.teams.host(),
        { members: async () => members, member: async () => null },
        TENANT,
      );
      expect(await teams.readersOf(ref)).toMatchObject({ principals: [], isComplete: false });
      const slack = createSlackPeople(
        async (_team, method, args) =>
          method === "conversations.members"
            ? { members: Array.from({ length: 150 }, (_, i) => `U9${i}`) }
            : { user: { id: (args as { user: string }).user, team_id: WORKSPACE } },
        all.slack.host(),
        async () => [{ team: WORKSPACE, name: "Acme" }],
      );
      expect(new Set(await slack.readers(WORKSPACE, "C9"))).toEqual(new Set([null]));
      expect(await codes()).toBe(before);
      expect(await slack.identify(WORKSPACE, "U91", { link: true })).toMatchObject({
        linkUrl: expect.stringContaining("/link/"),
      });
      expect(await codes("workspace_name = 'Acme'")).toBe(1);
    });
  });
}

describe("a message", () => {
  it.each([
    ["481920", "481920"],
    [" 481 920. ", "481920"],
    ["`481-920`", "481920"],
    ["*481\u00a0920*", "481920"],
    ["481 920 (481920)", "481920"],
    ["４８１９２０", "481920"],
    ["000000", "000000"],
    ["48192", null],
    ["4819201", null],
    ["481920 481921", null],
    ["pay 481920", null],
    ["", null],
    [`481920${" ".repeat(100)}`, null],
  ])("is the number of a link only as six digits and nothing else: %j", (text, number) => {
    expect(readNumber(text)).toBe(number);
  });
});
