import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Identified } from "../../src/types/channel-host.ts";
import { ALICE, BOB, CAROL, FAY } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms, WORKSPACE } from "./open-platforms.ts";

const codeOf = (who: Identified): string =>
  who.kind === "unmapped" ? (who.linkUrl?.split("/link/")[1] ?? "") : "";

for (const kind of databaseKinds()) {
  describe(`whose account it is on ${kind}`, () => {
    let all: Platforms;
    beforeAll(async () => {
      all = await openPlatforms(kind);
    });
    afterAll(async () => await all.close());
    const identify = async (...given: Parameters<Platforms["account"]>) =>
      await all.slack.host().identify(all.account(...given));

    it("does not become a second one of somebody who has theirs, whatever address its owner gives it", async () => {
      await all.meet("slack", CAROL, FAY);
      const moved = await identify("slack", CAROL, { account: "U-fay" });
      expect(moved).toMatchObject({ kind: "refused" });
      expect(await identify("slack", CAROL)).toMatchObject({ principal: { id: CAROL.id } });
      expect(await identify("slack", FAY)).toMatchObject({ principal: { id: FAY.id } });
    });

    it("tells nothing more to an account that its person took off, also of what was asked before", async () => {
      const mine = all.account("slack", ALICE, { account: "U-mallory", email: "mallory@home.example" });
      expect(await all.tie(mine, ALICE)).toMatchObject({ kind: "known", principal: { id: ALICE.id } });
      const thread = { conversation: "C1", thread: `taken/${ALICE.id}` };
      await all.say(all.slack, ALICE, "spend 5", "taken");
      expect(all.slack.shown(thread).length).toBeGreaterThan(0);
      const before = all.slack.posts.length;
      const of = { channel: "slack", workspace: WORKSPACE, account: "U-mallory" } as const;
      await all.ports.removeAccount(ALICE.id, of);
      await all.say(all.slack, ALICE, "spend 6", "taken");
      expect(all.slack.posts.slice(before)).toEqual([]);
    });

    it("is not told by two that confirm one link at once, nor by a link of another account", async () => {
      const who = await identify("slack", BOB, { account: "U-one", email: null });
      const code = codeOf(who);
      const people = [ALICE.id, BOB.id, CAROL.id, FAY.id];
      const ends = await Promise.allSettled(
        Array.from({ length: 20 }, async (_, i) => await all.ports.confirmLink(people[i % 4] ?? "", code)),
      );
      expect(ends.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
      for (const odd of ["", "' or 1=1 --", code.toLowerCase(), `${code}=`, code.slice(0, -1)])
        await expect(all.ports.openLink(BOB.id, odd)).rejects.toMatchObject({ code: "CHN-410" });
    });
  });
}
