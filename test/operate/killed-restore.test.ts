import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { restoreEmbedded, restoreToServer } from "../../src/store/backup/restore-backup.ts";
import { openEmbedded } from "../../src/store/pglite.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { emptyDatabase } from "./empty-server.ts";
import { FIXTURE_BEFORE_PACKED } from "./old-installation.ts";
import { open } from "./open-installation.ts";
import { script, tempDirectory } from "./processes.ts";

const LONG = 120_000;

async function breakOff(
  directory: string,
  how: "before" | "after" | "fail" | "during",
  part: string,
  url = "",
) {
  const child = script("restore-until.ts", [FIXTURE_BEFORE_PACKED, directory, how, part, url]);
  const { code, signal } = await child.gone;
  expect(how === "fail" ? code : signal, child.err()).toBe(how === "fail" ? 1 : "SIGKILL");
}

test(
  "a restore that is killed before its end, or whose move fails, is told as STO-423, and run again it is whole",
  async () => {
    const directory = join(tempDirectory(), "data");
    for (const [how, part] of [
      ["during", "audit"],
      ["before", "checkpoints"],
      ["before", "keys"],
      ["fail", "db"],
      ["before", "db"],
    ] as const) {
      await breakOff(directory, how, part);
      await expect(openEmbedded(directory), `${how} ${part}`).rejects.toMatchObject({ code: "STO-423" });
      expect(existsSync(join(directory, "db"))).toBe(false);
    }
    expect((await restoreEmbedded(FIXTURE_BEFORE_PACKED, directory)).rows).toBeGreaterThan(100);
    const { ports, close } = await open(directory);
    expect(await ports.auditVerify()).toMatchObject({ ok: true, size: 5, problems: [] });
    await close();
    expect(existsSync(join(directory, "restore.new"))).toBe(false);
  },
  LONG,
);

test(
  "a restore that is killed after its last move is done: it opens, and a second one leaves it alone",
  async () => {
    const directory = join(tempDirectory(), "data");
    await breakOff(directory, "after", "db");
    const again = restoreEmbedded(FIXTURE_BEFORE_PACKED, directory);
    await expect(again).rejects.toMatchObject({ code: "STO-412" });
    const { ports, close } = await open(directory);
    expect(await ports.auditVerify()).toMatchObject({ ok: true, size: 5, problems: [] });
    await close();
  },
  LONG,
);

test.runIf(databaseKinds().includes("postgres"))(
  "a restore to a server that is killed, before its commit or after, is told as STO-423 and ended by running it again",
  async () => {
    const directory = join(tempDirectory(), "data");
    const url = await emptyDatabase();
    const db = await connectPostgres(url, 2);
    onTestFinished(async () => await db.close());
    const count = async () => (await db.query("select 1 from people")).length;
    for (const [how, part, people] of [
      ["during", "audit", 0],
      ["before", "checkpoints", 15],
      ["before", "keys", 15],
    ] as const) {
      await breakOff(directory, how, part, url);
      await expect(open(directory, url), `${how} ${part}`).rejects.toMatchObject({ code: "STO-423" });
      expect(await count()).toBe(people);
    }
    expect((await restoreToServer(FIXTURE_BEFORE_PACKED, db, directory)).rows).toBeGreaterThan(100);
    const again = restoreToServer(FIXTURE_BEFORE_PACKED, db, directory);
    await expect(again).rejects.toMatchObject({ code: "STO-412" });
    const { ports, close } = await open(directory, url);
    expect(await ports.auditVerify()).toMatchObject({ ok: true, size: 5, problems: [] });
    await close();
  },
  LONG,
);

test.runIf(databaseKinds().includes("postgres"))(
  "an old backup is not forced into the schema of a later version, empty as that may be",
  async () => {
    const db = await freshDatabase("postgres");
    const restoring = restoreToServer(FIXTURE_BEFORE_PACKED, db, join(tempDirectory(), "data"));
    await expect(restoring).rejects.toThrow(/schema of a later version/);
    await db.close();
  },
);
