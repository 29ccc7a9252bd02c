import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { restoreEmbedded } from "../../src/store/backup/restore-backup.ts";
import { openEmbedded } from "../../src/store/pglite.ts";
import { steward, tempDirectory } from "./processes.ts";
import { BEN, LENA, serve } from "./serve.ts";

const PACKED = fileURLToPath(new URL("../fixtures/installation-0.1.0-packed.backup.gz", import.meta.url));

type Event = { seq: number; type: string; data: Record<string, unknown> };

test("while it serves, an operator lists what was laid aside, sends it again and reads a log, by command and by HTTP; others may not", async () => {
  const directory = join(tempDirectory(), "data");
  await restoreEmbedded(PACKED, directory);
  const { server, call } = await serve(["--data", directory]);
  const command = async (...args: string[]) => {
    const child = steward([...args, "--data", directory]);
    const { code } = await child.gone;
    return { code, out: child.out(), err: child.err() };
  };

  const made = await command("token", "create", LENA, "--admin", "--json");
  expect(made.code, made.err).toBe(0);
  const { token } = JSON.parse(made.out) as { token: string };
  const shown = await command("outbox", "list");
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining("channel_not_found") });
  const listed = JSON.parse((await command("outbox", "list", "--json")).out) as {
    messages: { id: number; session: string }[];
  };
  expect(await call(token, "/api/outbox")).toEqual({ status: 200, body: listed });
  const [message] = listed.messages;
  const session = message?.session ?? "";

  // The queued message of this conversation is answered meanwhile, so the log is whole when its turn is over.
  const path = `/api/sessions/${session}/log`;
  const events = async () => (await call(token, path)).body.events as Event[];
  await expect
    .poll(async () => (await events()).at(-1)?.type, { timeout: 40_000 })
    .toMatch(/turn\.ended|summary\.written/);
  const log = await events();
  expect(log.map((event) => event.seq)).toEqual(log.map((_, i) => i + 1));
  expect(log[0]).toMatchObject({ type: "message.received", data: { author: BEN } });
  const printed = (await command("log", session)).out.trim().split("\n");
  expect(printed.map((line) => line.split(" ")[2])).toEqual(log.map((event) => event.type));
  const later = await command("log", session, "--after", "2", "--json");
  expect((JSON.parse(later.out) as { events: Event[] }).events).toEqual(log.slice(2));
  expect(await command("log", "ses_none")).toMatchObject({
    code: 1,
    err: expect.stringContaining("SES-404"),
  });

  for (const [where, body] of [["/api/outbox"], ["/api/outbox/retry", { id: null }], [path]] as const) {
    expect((await call(BEN, where, body)).status, where).toBe(403);
  }
  expect(await command("outbox", "retry", "999")).toMatchObject({
    code: 1,
    err: expect.stringContaining("OUT-404"),
  });
  const retried = await command("outbox", "retry", String(message?.id));
  expect(retried).toMatchObject({ code: 0, out: expect.stringMatching(/^1 message will be sent again\./) });
  expect(await call(token, "/api/outbox/retry", { id: null })).toEqual({ status: 200, body: { retried: 0 } });
  expect((await command("outbox", "list")).out).toContain("Nothing was laid aside.");

  server.child.kill("SIGTERM");
  expect((await server.gone).code).toBe(0);
  const db = await openEmbedded(directory);
  const record = await db.query<{ actor: string; type: string; subject: string }>(
    "select distinct actor, type, subject from audit where type in ('log.read', 'outbox.retried') order by 1, 2",
  );
  await db.close();
  expect(record).toEqual([
    { actor: LENA, type: "log.read", subject: session },
    { actor: "local", type: "log.read", subject: session },
    { actor: "local", type: "outbox.retried", subject: String(message?.id) },
  ]);
}, 120_000);
