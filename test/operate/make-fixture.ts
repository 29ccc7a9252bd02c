import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { writeBackup } from "../../src/store/backup/write-backup.ts";
import { saveFile } from "../../src/store/files/files.ts";
import { addOutbox, failOutbox, takeOutbox } from "../../src/store/outbox/outbox.ts";
import { open } from "./open-installation.ts";

/**
 * Writes test/fixtures/installation-VERSION-SCHEMA.backup.gz: an installation as this version keeps it, with an
 * approval that waits, a reminder, an action that can be undone, a message that nobody has begun with, one that a
 * platform did not take, and a file too large for its row, all made by the engine itself. Run before a release, and
 * whenever the schema changed in a breaking way; what is there is never made again.
 *
 *   node bin/run.js test/operate/make-fixture.ts packed
 */
const BEN = "ben.okafor@brightwell.example";
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const [schema = "packed"] = process.argv.slice(2);
const out = fileURLToPath(
  new URL(`../fixtures/installation-${version}-${schema}.backup.gz`, import.meta.url),
);
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
  await house.finishWork();
  const { db } = house;
  const file = { id: "fil_fixture", owner: BEN, name: "plan.txt", mediaType: "text/plain" };
  const content = Buffer.alloc(300_000, "A plan for lighting. ");
  await saveFile(db, { ...file, bytes: content.length, content });
  // Its process died before it began.
  const message = { dedupe: "queued-1", session: null, principal: BEN, files: [] };
  const thread = { channel: "web", conversation: BEN, thread: "" } as const;
  const text = "What's on my calendar this week?";
  const { session } = await acceptMessage(db, { ...message, thread, text }, "dead:1", 15_000);
  const place = { channel: "slack", conversation: "C1", thread: "t1" } as const;
  await addOutbox(db, { session, seq: 1, viewer: BEN, thread: place });
  const [sent] = await takeOutbox(db, ["slack"], 60_000);
  if (sent) await failOutbox(db, sent.id, "channel_not_found", null);
  // Small, and usable for years: few documents, and deadlines far away.
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
