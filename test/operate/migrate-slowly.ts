import { writeSync } from "node:fs";
import { listMigrations } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/pglite.ts";

/**
 * Runs one migration over a data directory, as `migrate` does, up to the statement that begins with `until`, says so
 * with all of it on the disk, and waits there for its end.
 */
const [directory = "", number = "", until = ""] = process.argv.slice(2);
const db = await openEmbedded(directory);
const text = listMigrations().find((one) => one.number === number)?.text ?? "";
const at = until === "commit" ? text.length : text.indexOf(`\n${until}`);
if (at < 0) throw new Error(`${number} has no statement that begins with '${until}'`);
await db.script(
  `begin; insert into migrations (number, breaking) values ('${number}', true); ${text.slice(0, at)}`,
);
// Pages of the open transaction as well: the next start has to tell that they do not count.
await db.script("checkpoint");
writeSync(1, "in the middle\n");
setInterval(() => {}, 60_000);
