import { createWriteStream } from "node:fs";
import { restoreEmbedded } from "../../src/store/backup/restore-backup.ts";
import { writeBackup } from "../../src/store/backup/write-backup.ts";
import { openEmbedded } from "../../src/store/pglite.ts";

/** Says by how many MB the memory of this process grew at most while rows were read or written, not while opening. */
const [what = "", directory = "", file = ""] = process.argv.slice(2);
const peakMb = () => process.resourceUsage().maxRSS / 1_000;
let before = 0;
if (what === "backup") {
  const db = await openEmbedded(directory);
  before = peakMb();
  await writeBackup(db, createWriteStream(file), { directory, version: "0.1.0", now: new Date() });
  await db.close();
} else {
  await restoreEmbedded(file, directory, {
    onProgress: () => {
      before ||= peakMb();
    },
  });
}
process.stdout.write(`${Math.round(peakMb() - before)}\n`);
