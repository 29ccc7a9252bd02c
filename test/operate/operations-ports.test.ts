import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOperationsPorts } from "../../src/compose/create-operations-ports.ts";
import type { Installation } from "../../src/compose/installation.ts";
import type { Db } from "../../src/store/db.ts";
import { appendEvents } from "../../src/store/events/append-events.ts";
import { addOutbox, failOutbox, takeOutbox } from "../../src/store/outbox/outbox.ts";
import { openSession } from "../../src/store/sessions/open-session.ts";
import { ERRORS } from "../../src/types/error-catalogue.ts";
import { newId } from "../../src/types/ids.ts";
import { freshDatabase } from "../setup/database.ts";
import { tempDirectory } from "./processes.ts";

let db: Db;
beforeAll(async () => {
  db = await freshDatabase();
  await db.query(
    "insert into sessions (id, channel, conversation, thread, principal) values ('ses_1', 'slack', 'C1', 't', 'ana@example.com')",
  );
});
afterAll(async () => await db.close());

const portsIn = (directory: string) => createOperationsPorts({ db, directory } as unknown as Installation);

test("the log of a conversation is shown to an operator, and that it was", async () => {
  const ports = portsIn(tempDirectory());
  const id = newId("ses");
  const thread = { channel: "web", conversation: "ana@example.com", thread: id } as const;
  await openSession(db, { id, thread, principal: "ana@example.com", title: "" });
  const fence = { session: id, epoch: 0 };
  await appendEvents(db, fence, [{ type: "turn.started", data: { turn: "trn_1", messages: ["msg_1"] } }]);
  await appendEvents(db, fence, [
    { type: "turn.ended", data: { turn: "trn_1", status: "done", error: null } },
  ]);
  expect(await ports.readLog("ops@example.com", id, 1)).toEqual({
    events: [
      {
        seq: 2,
        at: expect.any(String),
        type: "turn.ended",
        data: { turn: "trn_1", status: "done", error: null },
      },
    ],
  });
  expect(await db.query("select actor, subject from audit where type = 'log.read'")).toEqual([
    { actor: "ops@example.com", subject: id },
  ]);
  await expect(ports.readLog("ops@example.com", "ses_none", 0)).rejects.toMatchObject({ code: "SES-404" });
});

test("a message that was laid aside is listed with its reason, sent again once, and the record says by whom", async () => {
  const ports = portsIn(tempDirectory());
  const thread = { channel: "slack", conversation: "C1", thread: "t" } as const;
  await addOutbox(db, { session: "ses_1", seq: 1, viewer: "ana@example.com", thread });
  const [row] = await takeOutbox(db, ["slack"], 60_000);
  await failOutbox(db, row?.id ?? 0, "channel_not_found", null);

  expect(await ports.listOutbox()).toMatchObject([
    {
      id: row?.id,
      session: "ses_1",
      person: "ana@example.com",
      channel: "slack",
      attempts: 1,
      error: "channel_not_found",
    },
  ]);
  await expect(ports.retryOutbox("ops@example.com", 999_999)).rejects.toMatchObject({ code: "OUT-404" });
  expect(await ports.retryOutbox("ops@example.com", row?.id ?? 0)).toEqual({ retried: 1 });
  await expect(ports.retryOutbox("ops@example.com", row?.id ?? 0)).rejects.toMatchObject({ code: "OUT-404" });
  expect(await ports.retryOutbox("ops@example.com", null)).toEqual({ retried: 0 });
  expect(await ports.listOutbox()).toEqual([]);
  expect(await takeOutbox(db, ["slack"], 60_000)).toMatchObject([{ id: row?.id, attempts: 1 }]);
  expect(await db.query("select actor, subject from audit where type = 'outbox.retried'")).toEqual([
    { actor: "ops@example.com", subject: String(row?.id) },
  ]);
});

test("a backup that nobody fetches holds up nobody and leaves no file", async () => {
  const directory = tempDirectory();
  const content = await portsIn(directory).backup();
  expect(await db.query("select 1 as one")).toHaveLength(1);
  expect(readdirSync(directory)).toEqual([]);
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  expect(gunzipSync(Buffer.concat(parts)).toString()).toContain('"whole"');
});

test("docs/operate.md says for each family of error codes whether to get up for it", () => {
  const text = readFileSync(new URL("../../docs/operate.md", import.meta.url), "utf8");
  const night = text.slice(text.indexOf("## At 3 a.m."));
  const missing = [...new Set(Object.keys(ERRORS).map((code) => code.split("-")[0] ?? ""))].filter(
    (family) => !new RegExp(`\\b${family}\\b`).test(night),
  );
  expect(missing).toEqual([]);
});
