import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeBackup } from "../../src/store/backup/write-backup.ts";
import { open } from "./open-installation.ts";

/**
 * Writes test/fixtures/installation-VERSION.backup.gz: an installation of this version with an approval that waits,
 * a reminder, and an action that can be undone, all made by the engine itself. Run once before a release; a fixture
 * of a released version is never made again.
 *
 *   node bin/run.js test/operate/make-fixture.ts
 */
const BEN = "ben.okafor@brightwell.example";
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const out = fileURLToPath(new URL(`../fixtures/installation-${version}.backup.gz`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "steward-fixture-"));
const { house, ports, close } = await open(directory);
try {
  const ask = async (text: string) => {
    const result = await ports.ask(BEN, { text, session: null, files: [], timeoutMs: 60_000 });
    process.stderr.write(`${text}\n  → ${result.status}: ${result.reply}\n`);
    return result;
  };
  await ask("How many days a week may I work from home?");
  await ask("Book a meeting with Sofia tomorrow at 10 about the Globex renewal");
  await ask("Change the Renewal 2027 deal of Globex to 52,000");
  await ask("Remind me tomorrow at 9 to call Globex");
  // Small, and usable for years: few documents, and deadlines far away.
  const { db } = house;
  await db.query("delete from documents where id not in (select id from documents order by source limit 6)");
  await db.query("update approvals set expires_at = '2100-01-01' where status = 'pending'");
  await db.query("update actions set undo_until = '2100-01-01' where undo_until is not null");
  await db.query("update schedules set next_at = '2100-01-01' where state = 'active'");
  await house.sequencer.run();
  const written = await writeBackup(db, createWriteStream(out, { mode: 0o644 }), {
    directory,
    version,
    now: new Date(),
  });
  process.stderr.write(`${out}: ${written.rows} rows, ${statSync(out).size} bytes\n`);
} finally {
  await close();
  rmSync(directory, { recursive: true, force: true });
}
