import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Identified } from "../../src/types/channel-host.ts";
import { ALICE, BOB, CAROL, DAVE, FAY } from "../approvals/company.ts";
import { databaseKinds } from "../setup/database.ts";
import { openPlatforms, type Platforms, WORKSPACE } from "./open-platforms.ts";

const codeOf = (who: Identified): string =>
  who.kind === "unmapped" ? (who.linkUrl?.split("/link/")[1] ?? "") : "";

for (const kind of databaseKinds()) {
  describe(`an account of a platform on ${kind}`, () => {
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

    const identify = async (...given: Parameters<Platforms["account"]>) =>
      await all.slack.host().identify(all.account(...given));
    const audited = async (account: string) =>
      await all.house.db.query<{ type: string; actor: string; data: object }>(
        "select type, actor, data from audit where subject = $1 order by id",
        [`slack:${WORKSPACE}:${account}`],
      );

    it("is the person whose verified address the platform vouches for, remembered and recorded once", async () => {
      for (let i = 0; i < 3; i++) {
        expect(await identify("slack", ALICE, { email: "ALICE@acme.example" })).toMatchObject({
          kind: "known",
          principal: { id: ALICE.id },
        });
      }
      expect(await identify("slack", ALICE, { email: null })).toMatchObject({ kind: "known" });
      expect(await audited("U-alice")).toEqual([
        { type: "identity.linked", actor: ALICE.id, data: { principal: ALICE.id, proof: "email" } },
      ]);
      expect(await all.slack.host().accountOf("slack", ALICE.id)).toEqual({
        workspace: WORKSPACE,
        account: "U-alice",
      });
      expect(await all.slack.host().accountOf("teams", ALICE.id)).toBeNull();
    });

    it("is refused in a workspace that nobody allowed, and as a guest, whatever its address", async () => {
      for (const over of [{ workspace: "T0OTHER" }, { isGuest: true }]) {
        const who = await identify("slack", BOB, { account: "U-odd", ...over });
        expect(who).toMatchObject({ kind: "refused" });
        expect(await all.slack.host().accountOf("slack", BOB.id)).toBeNull();
      }
    });

    it("of somebody who left is refused at every call, also when it was known before", async () => {
      expect(await identify("slack", DAVE)).toMatchObject({ kind: "known" });
      all.removed.add(DAVE.id);
      for (const email of [DAVE.id, null]) {
        expect(await identify("slack", DAVE, { email })).toMatchObject({ kind: "refused" });
      }
      expect(await all.slack.host().accountOf("slack", DAVE.id)).toBeNull();
      const thread = { channel: "slack", conversation: "D1", thread: "main" } as const;
      const message = { dedupe: "x", thread, session: null, principal: DAVE.id, text: "hi", files: [] };
      await expect(all.slack.host().receive(message)).rejects.toMatchObject({ code: "DIR-404" });
    });

    it("goes with the address when the platform vouches for another person", async () => {
      expect(await identify("slack", FAY, { account: "U-desk" })).toMatchObject({
        principal: { id: FAY.id },
      });
      expect(await identify("slack", CAROL, { account: "U-desk" })).toMatchObject({
        principal: { id: CAROL.id },
      });
      expect((await audited("U-desk")).map(({ actor }) => actor)).toEqual([FAY.id, CAROL.id]);
    });

    it("without an address is tied to whoever signs in with its link, when it says the number shown to them", async () => {
      const bob = all.account("slack", BOB, { account: "U-bob", email: null });
      const code = codeOf(await all.slack.host().identify(bob));
      expect(code).toMatch(/^[\w-]{32}$/);
      const rows = await all.house.db.query<{ hash: Uint8Array }>("select hash from link_codes");
      expect(rows.map(({ hash }) => Buffer.from(hash).toString("hex"))).toEqual([
        createHash("sha256").update(code).digest("hex"),
      ]);
      expect(await all.ports.openLink(BOB.id, code)).toMatchObject({
        account: "U-bob",
        workspace: WORKSPACE,
      });

      const ends = await Promise.allSettled([
        all.ports.confirmLink(BOB.id, code),
        all.ports.confirmLink(CAROL.id, code),
        all.ports.confirmLink(BOB.id, code),
      ]);
      const shown = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value.number ?? ""] : []));
      expect(shown).toEqual([expect.stringMatching(/^\d{6}$/)]);
      await expect(all.ports.openLink(BOB.id, code)).rejects.toMatchObject({ code: "CHN-410" });
      expect((await all.slack.host().identify(bob, { link: false })).kind).toBe("unmapped");

      const said = await Promise.all(
        [1, 2].map(async () => await all.slack.host().confirmLink(bob, shown[0] ?? "")),
      );
      expect(said.map((one) => one?.kind)).toContain("known");
      const known = await all.slack.host().identify(bob);
      const [owner] = known.kind === "known" ? [known.principal.id] : [];
      expect(await audited("U-bob")).toMatchObject([
        { type: "identity.link-started", actor: owner },
        { type: "identity.linked", actor: owner, data: { proof: "link" } },
      ]);
      expect(await all.ports.accounts(owner ?? "")).toContainEqual(
        expect.objectContaining({ account: "U-bob", proof: "link" }),
      );
      await all.ports.removeAccount(owner ?? "", {
        channel: "slack",
        workspace: WORKSPACE,
        account: "U-bob",
      });
      expect(await all.slack.host().identify(bob)).toMatchObject({ kind: "unmapped" });
    });

    it("has a link for 15 minutes, and not a moment more", async () => {
      const code = codeOf(await identify("slack", BOB, { account: "U-late", email: "bob@home.example" }));
      clock += 15 * 60_000 - 1;
      expect(await all.ports.openLink(BOB.id, code)).toMatchObject({ account: "U-late" });
      clock += 1;
      await expect(all.ports.confirmLink(BOB.id, code)).rejects.toMatchObject({ code: "CHN-410" });
    });

    it("is never a second one of a person in a workspace", async () => {
      await identify("slack", ALICE);
      const code = codeOf(await identify("slack", BOB, { account: "U-mallory", email: null }));
      await expect(all.ports.confirmLink(ALICE.id, code)).rejects.toMatchObject({ code: "CHN-409" });
      expect(await identify("slack", BOB, { account: "U-mallory", email: null })).toMatchObject({
        kind: "unmapped",
      });
    });

    it("is not somebody else's to take off", async () => {
      const of = { channel: "slack", workspace: WORKSPACE, account: "U-alice" } as const;
      await expect(all.ports.removeAccount(BOB.id, of)).rejects.toMatchObject({ code: "CHN-404" });
    });

    it.each([
      ["", "U1"],
      [WORKSPACE, ""],
      [WORKSPACE, "x".repeat(300)],
      [WORKSPACE, "U\n1"],
    ])("that is no account is refused: %j %j", async (workspace, account) => {
      await expect(identify("slack", ALICE, { workspace, account })).rejects.toMatchObject({
        code: "CHN-422",
      });
    });
  });
}
