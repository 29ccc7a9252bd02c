import { createHash } from "node:crypto";
import { type BackupHeader, damaged, readLine } from "./backup-format.ts";
import { type BackupSink, openBackup } from "./read-backup.ts";

/** Reads a backup through without keeping anything. Throws as restoring it would, for what shows without a database. */
export async function checkBackup(
  path: string,
): Promise<{ readonly header: BackupHeader; readonly rows: number; readonly sha256: string }> {
  const reader = await openBackup(path);
  try {
    const hash = createHash("sha256");
    let rows = 0;
    let sha256 = "";
    const sink: BackupSink = {
      file: () => {},
      row: async (line) => {
        hash.update(`${line}\n`);
        if (line.startsWith("[")) rows++;
        else if ("file" in readLine(line)) throw damaged("A line of the backup is out of place.");
      },
      finish: () => {
        sha256 = hash.digest("hex");
        return { rows, sha256 };
      },
    };
    await reader.readInto(sink);
    return { header: reader.header, rows, sha256 };
  } finally {
    await reader.close();
  }
}
