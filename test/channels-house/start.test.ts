import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createChannels } from "../../src/compose/channels/create-channels.ts";
import { arePlatformsServed, keepPlatforms } from "../../src/compose/channels/platforms-setting.ts";
import type { ChannelSettings } from "../../src/compose/channels/settings.ts";
import type { Installation } from "../../src/compose/installation.ts";
import { createVault } from "../../src/connect/vault.ts";
import { readVaultKey } from "../../src/connect/vault-key.ts";
import { startOutboxSender } from "../../src/flows/outbox-sender.ts";
import type { Db } from "../../src/store/db.ts";
import { addOutbox } from "../../src/store/outbox/outbox.ts";
import { openSession } from "../../src/store/sessions/open-session.ts";
import { readSettings } from "../../src/store/settings/settings.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { ALICE } from "../approvals/company.ts";
import { openHouse } from "../flows/harness.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { SETTINGS } from "./open-platforms.ts";
import { createRecorders } from "./recorder.ts";

const keyText = (byte: number) => Buffer.alloc(32, byte).toString("base64");

for (const kind of databaseKinds()) {
  describe(`starting the channels on ${kind}`, () => {
    const home = mkdtempSync(join(tmpdir(), "steward-start-"));
    const open: (() => Promise<unknown>)[] = [];
    afterAll(async () => {
      for (const close of open) await close();
      rmSync(home, { recursive: true, force: true });
    });
    const prepare = async (settings: ChannelSettings, db?: Db) => {
      const own = db ?? (await freshDatabase(kind));
      const house = openHouse(own, { runs: 0 });
      const { rooms } = createRecorders();
      const installation = { ...house, directory: home, onDelta: () => {} } as unknown as Installation;
      const logged: string[] = [];
      const channels = createChannels(installation, {
        settings: () => settings,
        ports: () => {
          throw new Error("not asked for here");
        },
        baseUrl: () => null,
        log: createLog("info", { write: (line) => void logged.push(line) }, false),
        rooms,
      });
      open.push(async () => {
        await channels.stop();
        await house.worker.close();
        if (!db) await own.close();
      });
      return { channels, logged };
    };
    it("ends with a clear word when the vault has another key, and seals anew when told the former one", async () => {
      const db = await freshDatabase(kind);
      open.push(async () => await db.close());
      await createVault(db, () => readVaultKey(keyText(1)), "slack").write("token", "xoxb-secret");
      const settings = { ...SETTINGS, slack: null, teams: null, vaultKey: keyText(2) };
      const wrong = await prepare({ ...settings, formerVaultKey: keyText(3) }, db);
      await expect(wrong.channels.start(() => {})).rejects.toMatchObject({ code: "VLT-403" });
      const right = await prepare({ ...settings, formerVaultKey: keyText(1) }, db);
      await right.channels.start(() => {});
      expect(await createVault(db, () => readVaultKey(keyText(2)), "slack").read("token")).toBe(
        "xoxb-secret",
      );
      expect(right.logged.join("")).not.toContain("xoxb-secret");
      const [row] = await db.query<{ data: object }>("select data from audit where type = 'vault.rotated'");
      expect(row?.data).toMatchObject({ secrets: 1 });
    });

    it("is known to other processes while it is served, and no longer", async () => {
      const db = await freshDatabase(kind);
      open.push(async () => await db.close());
      const served = async (at = new Date()) => arePlatformsServed((await readSettings(db)).platforms, at);
      expect(await served()).toBe(false);
      const stop = await keepPlatforms(db, ["slack"], () => {});
      stop();
      expect(await served()).toBe(true);
      expect(await served(new Date(Date.now() + 61 * 60_000))).toBe(false);
      await keepPlatforms(db, [], () => {});
      // Another process may serve a server's database; the embedded one has no other.
      expect(await served()).toBe(kind === "postgres");
    });

    it("sends one thread while another one's platform is slow, and keeps each in order", async () => {
      const db = await freshDatabase(kind);
      open.push(async () => await db.close());
      const arrived: string[] = [];
      let letGo = () => {};
      const slow = new Promise<void>((go) => {
        letGo = go;
      });
      const place = { channel: "slack", conversation: "C1", thread: "main" } as const;
      await openSession(db, { id: "ses_1", thread: place, principal: ALICE.id, title: "" });
      for (let i = 1; i <= 40; i++) {
        const thread = { channel: "slack", conversation: "C1", thread: i % 2 ? "slow" : "quick" } as const;
        await addOutbox(db, { session: "ses_1", seq: i, viewer: ALICE.id, thread });
      }
      const { slack } = createRecorders();
      const channel = {
        ...slack.channel,
        post: async ({ thread, item }: { thread: { thread: string }; item: { seq: number } }) => {
          if (thread.thread === "slow") await slow;
          arrived.push(`${thread.thread} ${item.seq}`);
        },
      };
      const item = (seq: number) => ({
        ...{
          kind: "turn" as const,
          id: `t${seq}:turn`,
          at: "",
          status: "done" as const,
          step: null,
          error: null,
        },
        seq,
      });
      const failures: unknown[] = [];
      const sender = startOutboxSender(db, [channel], {
        pollMs: 50,
        prepare: async ({ seq }) => ({ item: item(seq) }),
        onError: (error) => failures.push(error),
      });
      await expect.poll(() => arrived.length, { timeout: 10_000 }).toBe(20);
      expect(arrived).toEqual(Array.from({ length: 20 }, (_, i) => `quick ${2 * i + 2}`));
      letGo();
      await expect.poll(() => arrived.length, { timeout: 10_000 }).toBe(40);
      expect(arrived.slice(20)).toEqual(Array.from({ length: 20 }, (_, i) => `slow ${2 * i + 1}`));
      await sender.stop();
      expect(failures).toEqual([]);
      expect(await db.query("select 1 as one from outbox")).toEqual([]);
    });
  });
}
