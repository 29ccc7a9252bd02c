import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditVerify } from "../../src/store/audit/audit-verify.ts";
import { sequenceAudit } from "../../src/store/audit/sequence-audit.ts";
import { writeAudit } from "../../src/store/audit/write-audit.ts";
import type { Db } from "../../src/store/db.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";

const entryAt = (idx: number): string =>
  `(select entry + ${idx} - idx from audit_places where idx <= ${idx} order by idx desc limit 1)`;
const ADD = "insert into audit (actor, type, subject, data) values ('a', 'b', 'c', '{}');";
/** The same places, each entry in a row of its own, so that one can be tampered with. */
const EACH_ALONE = `create temporary table alone as
    select idx + n as idx, entry + n as entry from audit_places, generate_series(0, count - 1) as n;
  delete from audit_places; insert into audit_places (idx, entry) select idx, entry from alone; drop table alone;`;
const CUT_OFF =
  "delete from audit where id in (select entry from audit_places where idx >= 9); delete from audit_places where idx >= 9";

describe.each(databaseKinds())("the audit record on %s", (kind) => {
  let db: Db;
  let directory: string;

  beforeAll(async () => {
    db = await freshDatabase(kind);
  });
  afterAll(async () => {
    await db.close();
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "steward-audit-"));
    await db.script("truncate audit, audit_places, audit_checkpoints restart identity");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const write = async (n: number) => {
    for (let i = 0; i < n; i++) {
      await writeAudit(db, {
        actor: "ana@example.com",
        type: "action.succeeded",
        subject: `act_${i}`,
        data: { i, digest: "ab" },
      });
    }
  };
  /** Twelve entries under checkpoints of 5, 9 and 12. */
  const history = async () => {
    const sequencer = sequenceAudit(db, directory);
    for (const n of [5, 4, 3]) {
      await write(n);
      await sequencer.run();
    }
    await sequencer.stop();
  };
  const verify = async () => await auditVerify(db, directory);
  const problems = async () => (await verify()).problems.join("\n");

  test("is whole when nobody touched it", async () => {
    await history();
    expect(await verify()).toMatchObject({ ok: true, entries: 12, size: 12, checkpoints: 3, problems: [] });
  });

  test("is whole while it is still empty", async () => {
    expect(await verify()).toMatchObject({ ok: true, entries: 0, size: 0 });
  });

  test("goes on after a restart from where it was", async () => {
    await history();
    await write(2);
    const sequencer = sequenceAudit(db, directory);
    expect(await sequencer.run()).toBe(14);
    await sequencer.stop();
    expect(await verify()).toMatchObject({ ok: true, size: 14, checkpoints: 4 });
  });

  test("gives places without a gap when runs meet", async () => {
    await write(30);
    const [a, b] = [sequenceAudit(db, directory), sequenceAudit(db, directory)];
    await Promise.all([a.run(), b.run(), a.run(), write(20), b.run(), a.run()]);
    await Promise.all([a.stop(), b.stop()]);
    expect(await verify()).toMatchObject({ ok: true, entries: 50, size: 50 });
  });

  test("keeps the places of entries that follow one another as one row, also when they came in between others", async () => {
    await write(4);
    const at = (id: number) =>
      `insert into audit (id, actor, type, subject, data) overriding system value values (${id}, 'a', 'b', 'c', '{}')`;
    await db.script(`delete from audit where id = 2; ${at(12)}`);
    const sequencer = sequenceAudit(db, directory);
    await sequencer.run();
    const rows = async () =>
      await db.query("select idx::int, entry::int, count from audit_places order by idx");
    expect(await rows()).toEqual([
      { idx: 0, entry: 1, count: 1 },
      { idx: 1, entry: 3, count: 2 },
      { idx: 3, entry: 12, count: 1 },
    ]);
    await db.script(at(2));
    await sequencer.stop();
    expect((await rows()).at(-1)).toEqual({ idx: 4, entry: 2, count: 1 });
    expect(await verify()).toMatchObject({ ok: true, entries: 5, size: 5 });
  });

  test("counts entries that have no place yet without complaint", async () => {
    await history();
    await write(1);
    expect(await verify()).toMatchObject({ ok: true, entries: 13, size: 12 });
  });

  const tampering: readonly (readonly [string, string])[] = [
    ["a changed actor", `update audit set actor = 'eve@example.com' where id = ${entryAt(6)}`],
    ["a changed digest", `update audit set data = '{"i": 1, "digest": "ac"}' where id = ${entryAt(1)}`],
    [
      "a time moved by a microsecond",
      `update audit set at = at + interval '1 microsecond' where id = ${entryAt(3)}`,
    ],
    ["a deleted entry", `delete from audit where id = ${entryAt(4)}`],
    [
      "a deleted entry with the places closed up",
      `delete from audit where id = ${entryAt(4)}; delete from audit_places where idx = 4;
       update audit_places set idx = idx + 1000 where idx > 4; update audit_places set idx = idx - 1001 where idx > 1000`,
    ],
    ["a deleted first entry", `delete from audit where id = ${entryAt(0)}`],
    [
      "two entries that changed places",
      `update audit_places set idx = 900 where idx = 2; update audit_places set idx = 2 where idx = 3;
       update audit_places set idx = 3 where idx = 900`,
    ],
    [
      "an inserted entry",
      `update audit_places set idx = idx + 1000 where idx >= 6; update audit_places set idx = idx - 999 where idx >= 1000;
       ${ADD} insert into audit_places (idx, entry) select 6, max(id) from audit`,
    ],
    [
      "an entry added at the end",
      `${ADD} insert into audit_places (idx, entry) select 12, max(id) from audit`,
    ],
    ["an end cut off", CUT_OFF],
    ["an end cut off with its checkpoint", `${CUT_OFF}; delete from audit_checkpoints where size > 9`],
    ["entries robbed of their place", "delete from audit_places where idx >= 10"],
    ["a run of places cut shorter", "update audit_places set count = 2 where idx = 9"],
    ["a run of places made longer", "update audit_places set count = 5 where idx = 5"],
    ["a run of places begun later", "update audit_places set entry = entry + 1, count = 3 where idx = 5"],
    [
      "runs of places that changed",
      "update audit_places set entry = -entry; update audit_places set entry = 1 where idx = 5",
    ],
    ["a run of no places", "update audit_places set count = 0 where idx = 5"],
    ["everything deleted", "delete from audit; delete from audit_places; delete from audit_checkpoints"],
    ["a forged root in the database", "update audit_checkpoints set root = sha256('x') where size = 9"],
  ];
  test.each(tampering)("tells of %s", async (_, sql) => {
    await history();
    if (!sql.includes("count =")) await db.script(EACH_ALONE);
    await db.script(sql);
    const report = await verify();
    expect(report.ok).toBe(false);
    expect(report.problems.length).toBeGreaterThan(0);
  });

  test("tells of an older copy that was put back and went on", async () => {
    await history();
    await db.script(EACH_ALONE);
    await db.script(`${CUT_OFF}; delete from audit_checkpoints where size > 9`);
    await write(6);
    const sequencer = sequenceAudit(db, directory);
    await sequencer.stop();
    expect(await problems()).toMatch(/Entries 9 to 11 .* outside the database/);
  });

  test("is not mended by a sequencer that runs over it", async () => {
    await history();
    await db.script(`update audit set actor = 'eve@example.com' where id = ${entryAt(6)}`);
    await write(3);
    const sequencer = sequenceAudit(db, directory);
    await sequencer.stop();
    expect(await problems()).toMatch(/Entries 5 to 8 /);
  });

  test("tells of checkpoints that were altered or taken away", async () => {
    await history();
    const home = join(directory, "checkpoints");
    const path = join(home, readdirSync(home)[0] as string);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("\n9\n", "\n8\n"));
    expect(await problems()).toMatch(/altered or signed by another key/);
    rmSync(path);
    expect(await problems()).toMatch(/No checkpoint is kept outside/);
  });

  test("tells of a key that was exchanged or lost", async () => {
    await history();
    rmSync(join(directory, "keys"), { recursive: true });
    expect(await problems()).toMatch(/key of the checkpoints is gone/);
    await sequenceAudit(db, directory).stop();
    expect(await problems()).toMatch(/signed by another key/);
  });

  test("survives a checkpoint that a crash tore", async () => {
    await history();
    const home = join(directory, "checkpoints");
    const path = join(home, readdirSync(home)[0] as string);
    const text = readFileSync(path, "utf8");
    for (const cut of [1, 20, 120, 150]) {
      writeFileSync(path, text.slice(0, -cut));
      await sequenceAudit(db, directory).stop();
      expect(await verify()).toMatchObject({ ok: true, size: 12 });
    }
  });

  test("keeps its key to the owner and its public half for others", async () => {
    await history();
    expect(statSync(join(directory, "keys", "audit.key")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(directory, "keys", "audit.pub"))).toBe(true);
  });
});
