import { createWriteStream, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditVerify } from "../../src/store/audit/audit-verify.ts";
import { sequenceAudit } from "../../src/store/audit/sequence-audit.ts";
import { writeAudit } from "../../src/store/audit/write-audit.ts";
import { TABLES } from "../../src/store/backup/backup-format.ts";
import { checkBackup } from "../../src/store/backup/check-backup.ts";
import { migrateTo, readMoved } from "../../src/store/backup/migrate-to.ts";
import { restoreEmbedded, restoreToServer } from "../../src/store/backup/restore-backup.ts";
import { writeBackup } from "../../src/store/backup/write-backup.ts";
import { writeTables } from "../../src/store/backup/write-tables.ts";
import type { Db } from "../../src/store/db.ts";
import { packJson } from "../../src/store/packed-json.ts";
import { openEmbedded } from "../../src/store/pglite.ts";
import { saveSetting } from "../../src/store/settings/settings.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { tempDirectory } from "./processes.ts";

const OPTIONS = { version: "0.1.0", now: new Date("2026-03-01T10:00:00Z") };
const AWKWARD = "a\tb\\N\n\u2028{\"x\"},'é𝄞' \\x41";

/** One row of everything, with values that a careless format would change. */
async function fill(db: Db): Promise<void> {
  await db.query(
    "insert into people (id, name, title, groups) values ('ana@example.com', $1, '', $2), ('ben@example.com', 'Ben', 'Cook', '{}')",
    [AWKWARD, ["everyone", 'with "quotes"', "with,comma"]],
  );
  await saveSetting(db, "company", { name: AWKWARD, n: 1e21, f: 0.1, deep: [{ a: null }] });
  await db.query(
    "insert into sessions (id, channel, conversation, thread, principal) values ('ses_1', 'web', 'c', 't', 'ana@example.com')",
  );
  await db.query(
    "insert into event_log (session_no, seq, count, body, at) values (1, 1, 1, $1, '2026-02-28T23:59:59.123456+02')",
    [packJson([{ type: "x", data: { text: AWKWARD } }])],
  );
  for (let i = 0; i < 3; i++) {
    await db.query(
      "insert into inbox (session_id, kind, dedupe, data) values ('ses_1', 'message', $1, '{}')",
      [`d${i}`],
    );
  }
  await db.query("delete from inbox where dedupe = 'd2'");
  await db.query(
    "insert into files (id, owner, name, media_type, bytes, content) values ('fil_1', 'ana@example.com', 'x', 'y', 4, $1)",
    [new Uint8Array([0, 255, 10, 92])],
  );
  await db.query(
    "insert into documents (id, title, source, media_type, hash) values ('doc_1', 'T', 's', 'text/plain', 'h')",
  );
  const vector = Array.from({ length: 512 }, (_, i) => Math.fround(Math.sin(i) / 16));
  const hasVectors = db.extensions.has("vector");
  await db.query(
    `insert into passages (id, document_id, ordinal, body, search_text, readers${hasVectors ? ", embedding" : ""})
     values ('p1', 'doc_1', 0, 'Leave is 30 days', 'Leave is 30 days', '{everyone}'${hasVectors ? ", $1::vector" : ""})`,
    hasVectors ? [JSON.stringify(vector)] : [],
  );
  for (let i = 0; i < 250; i++) {
    await writeAudit(db, { actor: "system", type: "test.done", subject: `s${i}`, data: { i } });
  }
}

async function backUp(db: Db, directory: string): Promise<string> {
  const path = join(directory, "one.backup.gz");
  await writeBackup(db, createWriteStream(path), { directory, ...OPTIONS });
  return path;
}

/** Every row as it is written; vectors and the columns' names apart, since a server may lack pgvector. */
async function dump(db: Db): Promise<readonly string[]> {
  const lines: string[] = [];
  await writeTables(db, async (line) => {
    // The vector is the last of a passage.
    if (!line.startsWith("{"))
      lines.push(line.replace(/(?<=^\["p1",.*),"\[[-0-9.e,]*\]"\]$|(?<=^\["p1",.*),null\]$/m, "]"));
  });
  return lines;
}

test("every table of the schema is in a backup, and no other", async () => {
  const db = await freshDatabase();
  const rows = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  );
  await db.close();
  const apart = ["migrations", "socket_io_attachments"];
  expect(rows.map((row) => row.name).sort()).toEqual([...TABLES.map((one) => one.name), ...apart].sort());
});

describe.each(databaseKinds())("a backup of %s", (kind) => {
  test("brings every row back as it was, numbering and audit record included", async () => {
    const [from, to] = [tempDirectory(), join(tempDirectory(), "new")];
    const db = await freshDatabase(kind);
    await fill(db);
    await sequenceAudit(db, from).run();
    const path = await backUp(db, from);
    const before = await dump(db);
    await db.close();

    const restored = await restoreEmbedded(path, to);
    const copy = await openEmbedded(to);
    expect(await dump(copy)).toEqual(before);
    expect(restored.rows).toBeGreaterThan(250);
    const [row] = await copy.query<{ id: number }>(
      "insert into inbox (session_id, kind, dedupe, data) values ('ses_1', 'message', 'd9', '{}') returning id",
    );
    expect(row?.id).toBe(4);
    await writeAudit(copy, { actor: "system", type: "test.done", subject: "after", data: {} });
    await sequenceAudit(copy, to).run();
    expect(await auditVerify(copy, to)).toMatchObject({ ok: true, entries: 251, size: 251, problems: [] });
    await copy.close();
  });

  test("holds one moment, whatever is written meanwhile", async () => {
    const directory = tempDirectory();
    const db = await freshDatabase(kind);
    await fill(db);
    let isWriting = true;
    const writing = (async () => {
      for (let i = 0; isWriting; i++) {
        await new Promise(setImmediate);
        await db.tx(async (sql) => {
          await sql.query("insert into people (id, name) values ($1, 'x')", [`p${i}@example.com`]);
          await writeAudit(sql, { actor: "system", type: "person.added", subject: `p${i}`, data: {} });
        });
      }
    })();
    const path = await backUp(db, directory);
    isWriting = false;
    await writing;
    await db.close();
    const text = gunzipSync(readFileSync(path)).toString();
    const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
    expect(count(/^\["p\d+@example.com"/gm)).toBe(count(/"person\.added"/g));
  });
});

describe.runIf(databaseKinds().includes("postgres"))("between the embedded database and a server", () => {
  test("a backup restores into an empty server, and a second one is refused", async () => {
    const [from, to] = [tempDirectory(), tempDirectory()];
    const db = await freshDatabase("pglite");
    await fill(db);
    const path = await backUp(db, from);
    await db.close();
    const server = await freshDatabase("postgres");
    const left: string[] = [];
    await restoreToServer(path, server, to, { left: (column) => left.push(column) });
    const [person] = await server.query<{ name: string }>(
      "select name from people where id = 'ana@example.com'",
    );
    expect(person?.name).toBe(AWKWARD);
    expect(left).toEqual(server.extensions.has("vector") ? [] : ["passages.embedding"]);
    await expect(restoreToServer(path, server, tempDirectory())).rejects.toMatchObject({ code: "STO-412" });
    await server.close();
  });

  test("a move that breaks off leaves nothing; run again it moves all; run once more it finds it done", async () => {
    const directory = tempDirectory();
    const source = await freshDatabase("pglite");
    await fill(source);
    const target = await freshDatabase("postgres");
    const where = { directory, server: "db.example/steward", ...OPTIONS };
    const stop = migrateTo(source, target, where, {
      onProgress: (table) => {
        if (table === "audit") throw new Error("stopped");
      },
    });
    await expect(stop).rejects.toThrow("stopped");
    expect(await target.query("select 1 from people")).toHaveLength(0);
    expect(readMoved(directory)).toBeNull();

    expect(await migrateTo(source, target, where)).toMatchObject({ wasThere: false });
    expect(readMoved(directory)).toContain("db.example/steward");
    expect(await migrateTo(source, target, where)).toMatchObject({ wasThere: true });
    await source.query("insert into people (id, name) values ('new@example.com', 'New')");
    await expect(migrateTo(source, target, where)).rejects.toMatchObject({ code: "STO-412" });
    await target.close();
    await source.close();
  });
});

describe("a file that is not a sound backup", () => {
  let text = "";
  let whole: Buffer;
  beforeAll(async () => {
    const db = await freshDatabase();
    await fill(db);
    const out: Buffer[] = [];
    const { Writable } = await import("node:stream");
    const sink = new Writable({
      write: (chunk: Buffer, _, done) => {
        out.push(chunk);
        done();
      },
    });
    await writeBackup(db, sink, { directory: "/nonexistent", ...OPTIONS });
    await db.close();
    whole = Buffer.concat(out);
    text = gunzipSync(whole).toString();
  });
  afterAll(() => {
    text = "";
  });

  const swapped = () => {
    const lines = text.split("\n");
    const at = lines.findIndex((line) => line.startsWith('["ana@example.com"'));
    return [...lines.slice(0, at), lines[at + 1], lines[at], ...lines.slice(at + 2)].join("\n");
  };
  const cases: readonly (readonly [string, string, () => Buffer | string])[] = [
    ["cut short", "STO-422", () => whole.subarray(0, whole.length - 2_000)],
    ["cut short at a line", "STO-422", () => gzipSync(text.split("\n").slice(0, -3).join("\n"))],
    [
      "with a byte changed",
      "STO-422",
      () => Buffer.from(whole).fill(whole[3_000] === 0 ? 1 : 0, 3_000, 3_001),
    ],
    ["with its beginning changed", "STO-422", () => Buffer.from(whole).fill(0xff, 60, 64)],
    ["with a word changed", "STO-422", () => gzipSync(text.replace("Cook", "Boss"))],
    ["with rows in another order", "STO-422", () => gzipSync(swapped())],
    ["with its header changed", "STO-422", () => gzipSync(text.replace("2026-03-01", "2026-03-02"))],
    ["with more behind its end", "STO-422", () => gzipSync(`${text}["x"]\n`)],
    [
      "with a file that climbs out",
      "STO-422",
      () => gzipSync(text.replace("\n", '\n{"file":"../../etc/x","text":""}\n')),
    ],
    [
      "with a piece of no file",
      "STO-422",
      () => gzipSync(text.replace('{"end":"people"', '{"more":"00"}\n{"end":"people"')),
    ],
    ["with an unknown table", "STO-422", () => gzipSync(text.replaceAll('"votes"', '"pg_authid"'))],
    ["of a newer format", "STO-426", () => gzipSync(text.replace('"format":2', '"format":3'))],
    ["of a newer schema", "STO-426", () => gzipSync(text.replace('"000001"', '"000001","999999"'))],
    ["that is something else", "STO-415", () => "PK\u0003\u0004 a zip file"],
    ["that is gzipped but something else", "STO-415", () => gzipSync("hello\nworld\n")],
    ["that is a bomb", "STO-415", () => gzipSync(Buffer.alloc(50_000_000))],
    ["that is empty", "STO-415", () => ""],
  ];
  test.each(cases)("%s is refused with %s and nothing is left behind", async (_, code, content) => {
    const home = tempDirectory();
    const path = join(home, "file.gz");
    writeFileSync(path, content());
    const to = join(home, "to");
    await expect(restoreEmbedded(path, to)).rejects.toMatchObject({ code });
    for (const part of ["db", "keys", "checkpoints", "restore.new"]) {
      expect(statSync(join(to, part), { throwIfNoEntry: false })).toBeUndefined();
    }
  });

  test("shows when it is read back, without a database", async () => {
    const path = join(tempDirectory(), "file.gz");
    writeFileSync(path, whole);
    expect((await checkBackup(path)).rows).toBeGreaterThan(250);
    writeFileSync(path, gzipSync(text.replace("Cook", "Boss")));
    await expect(checkBackup(path)).rejects.toMatchObject({ code: "STO-422" });
  });

  test("a directory with an installation is refused, whatever the file", async () => {
    const to = tempDirectory();
    await (await openEmbedded(to)).close();
    const path = join(tempDirectory(), "file.gz");
    writeFileSync(path, whole);
    await expect(restoreEmbedded(path, to)).rejects.toMatchObject({ code: "STO-412" });
  });
});

test("rows of a newer version, which may have more tables, are neither backed up nor moved in part", async () => {
  const db = await freshDatabase();
  await db.query("insert into migrations (number) values ('999999')");
  const directory = tempDirectory();
  await expect(backUp(db, directory)).rejects.toMatchObject({ code: "STO-426" });
  const target = await freshDatabase();
  const where = { directory, server: "db.example/steward", ...OPTIONS };
  await expect(migrateTo(db, target, where)).rejects.toMatchObject({ code: "STO-426" });
  expect(readMoved(directory)).toBeNull();
  await target.close();
  await db.close();
});

test("the private key of the audit record is not in a backup", async () => {
  const directory = tempDirectory();
  const db = await freshDatabase();
  await fill(db);
  await sequenceAudit(db, directory).run();
  const path = await backUp(db, directory);
  await db.close();
  const text = gunzipSync(readFileSync(path)).toString();
  expect(text).toContain("keys/former/");
  expect(text).not.toContain("PRIVATE");
});
