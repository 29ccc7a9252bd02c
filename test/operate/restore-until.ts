import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";

/**
 * Restores a backup into a directory, or a server, and kills itself right before (or after) it moves one part into its
 * place; with `fail`, that move fails instead; with `during`, `part` is the table after which it kills itself.
 */
const [file = "", directory = "", how = "", part = "", url = ""] = process.argv.slice(2);
const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  const isIt = dirname(String(to)) === directory && basename(String(to)) === part;
  if (isIt && how === "before") process.kill(process.pid, "SIGKILL");
  if (isIt && how === "fail") throw Object.assign(new Error("no room"), { code: "ENOSPC" });
  rename(from, to);
  if (isIt && how === "after") process.kill(process.pid, "SIGKILL");
};
syncBuiltinESMExports();
const { restoreEmbedded, restoreToServer } = await import("../../src/store/backup/restore-backup.ts");
const onProgress = (table: string) => {
  if (how === "during" && table === part) process.kill(process.pid, "SIGKILL");
};
if (url) {
  const { connectPostgres } = await import("../../src/store/postgres.ts");
  await restoreToServer(file, await connectPostgres(url, 2), directory, { onProgress });
} else {
  await restoreEmbedded(file, directory, { onProgress });
}
