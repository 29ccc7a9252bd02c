import { createCipheriv, createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { restoreEmbedded, restoreToServer } from "../../src/store/backup/restore-backup.ts";
import { writeBackup } from "../../src/store/backup/write-backup.ts";
import { writeTables } from "../../src/store/backup/write-tables.ts";
import type { Db } from "../../src/store/db.ts";
import { saveFile } from "../../src/store/files/files.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/pglite.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { run, scratchDirectory, tempDirectory } from "./processes.ts";

const MEASURE = fileURLToPath(new URL("measure-backup.ts", import.meta.url));
const LARGEST = 20_000_000;

/** Bytes that do not compress, the same at each run. */
function noise(bytes: number): Uint8Array {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** Sizes on both sides of where a file leaves its row and where a piece ends. */
const FILES: readonly Uint8Array[] = [
  noise(LARGEST),
  new Uint8Array(LARGEST).fill(7),
  noise(LARGEST - 1),
  noise(256 * 1024 * 2),
  noise(64 * 1024 + 1),
  noise(64 * 1024),
  new Uint8Array(0),
];

async function addFiles(db: Db): Promise<void> {
  await db.query("insert into people (id, name) values ('ana@example.com', 'Ana')");
  for (const [n, content] of FILES.entries()) {
    const file = {
      id: `fil_${n}`,
      name: "scan.pdf",
      mediaType: "application/pdf",
      bytes: content.length,
      content,
    };
    await saveFile(db, { ...file, owner: "ana@example.com" });
  }
}

async function sums(db: Db): Promise<readonly unknown[]> {
  return await db.query("select id, encode(sha256(content), 'hex') as sum from files order by id");
}
const EXPECTED = FILES.map((content, n) => ({
  id: `fil_${n}`,
  sum: createHash("sha256").update(content).digest("hex"),
}));

describe("files near 20 MB", () => {
  const scratch = scratchDirectory();
  const home = join(scratch.directory, "home");
  const backup = join(scratch.directory, "first.gz");
  beforeAll(async () => {
    const db = await openEmbedded(home);
    await migrate(db);
    await addFiles(db);
    await writeBackup(db, createWriteStream(backup), { directory: home, version: "0.1.0", now: new Date(0) });
    await db.close();
  }, 120_000);
  afterAll(scratch.remove);

  test("come back as they were", { timeout: 60_000 }, async () => {
    const copy = join(tempDirectory(), "copy");
    await restoreEmbedded(backup, copy);
    const db = await openEmbedded(copy);
    expect(await sums(db)).toEqual(EXPECTED);
    await db.close();
  });

  test.runIf(databaseKinds().includes("postgres"))(
    "carry to a server and from one",
    { timeout: 60_000 },
    async () => {
      const server = await freshDatabase("postgres");
      await restoreToServer(backup, server, tempDirectory());
      expect(await sums(server)).toEqual(EXPECTED);
      const other = join(tempDirectory(), "second.gz");
      await writeBackup(server, createWriteStream(other), {
        directory: "/nonexistent",
        version: "0.1.0",
        now: new Date(0),
      });
      await server.close();
      const copy = join(tempDirectory(), "copy");
      await restoreEmbedded(other, copy);
      const db = await openEmbedded(copy);
      expect(await sums(db)).toEqual(EXPECTED);
      expect((await writeTables(db, async () => {})).rows).toBeGreaterThan(FILES.length);
      await db.close();
    },
  );

  test("take less than 200 MB of memory to write and to read", { timeout: 60_000 }, async () => {
    // The engine's code is compiled as it runs, in up to 500 MB that come and go: not what is measured.
    const measure = async (...args: string[]) => {
      const child = run(process.execPath, ["--liftoff-only", MEASURE, ...args]);
      expect((await child.gone).code, child.err()).toBe(0);
      return Number(child.out());
    };
    const writing = await measure("backup", home, join(scratch.directory, "second.gz"));
    const reading = await measure("restore", join(scratch.directory, "copy"), backup);
    expect(writing).toBeLessThan(200);
    expect(reading).toBeLessThan(200);
  });
});
