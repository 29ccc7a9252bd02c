import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { restoreEmbedded } from "../../src/store/backup/restore-backup.ts";
import { readFile } from "../../src/store/files/files.ts";
import { isAccepted } from "../../src/store/inbox/add-inbox.ts";
import { readLog, readReplies } from "../setup/read-log.ts";
import { open } from "./open-installation.ts";
import { tempDirectory } from "./processes.ts";

const HOME = fileURLToPath(new URL("../fixtures/", import.meta.url));
const BEN = "ben.okafor@brightwell.example";
const SOFIA = "sofia.marin@brightwell.example";
const fixtures = readdirSync(HOME).filter((name) => name.endsWith(".backup.gz"));

const PACKED = "installation-0.1.0-packed.backup.gz";

test("there is an installation of every released version and every breaking schema, none of them large", () => {
  expect(fixtures).toEqual(expect.arrayContaining(["installation-0.1.0.backup.gz", PACKED]));
  for (const name of fixtures) expect(statSync(join(HOME, name)).size).toBeLessThan(300_000);
});

test("with a packed log: what was queued is answered once, what was laid aside is listed, files are whole", async () => {
  const directory = join(tempDirectory(), "data");
  await restoreEmbedded(join(HOME, PACKED), directory);
  const { house, ports, close } = await open(directory);
  try {
    const { db } = house;
    const file = await readFile(db, "fil_fixture", BEN);
    expect(Buffer.from(file?.content ?? [])).toEqual(Buffer.alloc(300_000, "A plan for lighting. "));
    const [dead, ...more] = await ports.listOutbox();
    expect(dead).toMatchObject({ channel: "slack", person: BEN, error: "channel_not_found" });
    expect(more).toEqual([]);
    const session = dead?.session ?? "";
    await expect.poll(async () => await readReplies(db, session), { timeout: 30_000 }).toHaveLength(1);
    const received = (await readLog(db, session)).filter((event) => event.type === "message.received");
    expect(received).toMatchObject([{ data: { text: { value: "What's on my calendar this week?" } } }]);
    await expect.poll(async () => await db.query("select 1 from inbox"), { timeout: 10_000 }).toEqual([]);
    // As if its sender, who heard no answer, sends it again.
    expect(await isAccepted(db, "queued-1")).toBe(true);
  } finally {
    await close();
  }
}, 120_000);

describe.each(fixtures)("%s", (name) => {
  test("opens: what waited is approved and done, what was done is undone, the record is whole", async () => {
    const directory = join(tempDirectory(), "data");
    await restoreEmbedded(join(HOME, name), directory);
    const { house, ports, close } = await open(directory);
    try {
      expect(await ports.auditVerify()).toMatchObject({ ok: true, problems: [] });
      const [reminder] = await house.db.query<{ text: string }>(
        "select text from schedules where state = 'active'",
      );
      expect(reminder?.text.toLowerCase()).toContain("globex");

      // When the policies changed since, the votes are void and it is asked once more.
      let status = "awaiting";
      for (let round = 0; status === "awaiting" && round < 3; round++) {
        const [waiting] = await ports.approvals(SOFIA);
        const item = waiting?.card.items.find((one) => one.approval !== null);
        expect(item?.tool).toBe("crm.updateDeal");
        const { card } = await ports.approve(SOFIA, item?.approval ?? "", null);
        status = card.items.find((one) => one.action === item?.action)?.status ?? "";
      }
      expect(status).toBe("succeeded");
      const found = await house.db.query<{ id: string }>(
        "select id from actions where tool like 'calendar.%' and status = 'succeeded' and undo_until is not null",
      );
      expect(found).toHaveLength(1);
      const { card } = await ports.undo(BEN, found[0]?.id ?? "");
      expect(card.items.find((one) => one.action === found[0]?.id)?.status).toBe("undone");
      expect(await ports.auditVerify()).toMatchObject({ ok: true, problems: [] });
    } finally {
      await close();
    }
  }, 120_000);
});
