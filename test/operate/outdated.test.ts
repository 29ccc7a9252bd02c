import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { databaseKinds, freshPostgresUrl } from "../setup/database.ts";
import { steward, tempDirectory } from "./processes.ts";
import { slowModel } from "./slow-model.ts";

const TEXT = "What's on my calendar this week?";
const BEN = "ben.okafor@brightwell.example";

async function start(url: string, env: Record<string, string> = {}) {
  const server = steward(["start", "--port", "0", "--data", tempDirectory(), "--database-url", url], env);
  expect(await server.saw(/Steward is ready: (\S+)/), server.err()).toBe(true);
  return { server, address: /Steward is ready: (\S+)/.exec(server.out())?.[1] ?? "" };
}

test.runIf(databaseKinds().includes("postgres"))(
  "a replica whose database a newer version changed for good ends itself with STO-426, and what it was in the middle of is lost to nobody",
  async () => {
    const { url, drop } = await freshPostgresUrl();
    onTestFinished(drop);
    const newer = new pg.Client({ connectionString: url });
    await newer.connect();
    onTestFinished(async () => await newer.end());
    const model = await slowModel(null);
    const old = await start(url, { OPENAI_BASE_URL: model.url });
    const said = await fetch(`${old.address}/api/sessions/new/messages`, {
      method: "POST",
      headers: { "X-Steward-As": BEN, "Content-Type": "application/json", "Idempotency-Key": "say-1" },
      body: JSON.stringify({
        id: "message-1",
        text: TEXT,
        files: [],
      }),
    });
    expect(said.status).toBeLessThan(300);
    const { session } = (await said.json()) as { session: string };
    await expect.poll(() => model.asked(), { timeout: 20_000 }).toBeGreaterThan(0);

    // What a newer version does when it starts: its change and the mark in one transaction. Work comes meanwhile.
    await newer.query(
      `begin; insert into migrations (number, breaking) values ('999999', true);
       alter table event_log rename to log; alter table people rename column name to called; commit`,
    );
    const from = Date.now();
    await newer.query(
      `with other as (insert into sessions (id, channel, conversation, thread, principal)
         values ('ses_other', 'web', $1, 'ses_other', $1) returning id)
       insert into inbox (session_id, kind, dedupe, data) select id, 'message', 'other', $2 from other`,
      [BEN, { message: "msg_other", author: BEN, text: TEXT, files: [] }],
    );
    expect(await old.server.gone).toEqual({ code: 1, signal: null });
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(old.server.err()).toContain("the change 999999 of a newer version");
    expect(old.server.err()).toContain("(STO-426)");
    const { rows } = await newer.query(
      "select i.attempts, i.state, s.lease_until < now() as free from inbox i join sessions s on s.id = session_id",
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ state: "new" });
      expect(row.attempts).toBeLessThan(2);
      expect(row.free).not.toBe(false);
    }

    // The newer version is not to be had here: its change is taken back, and any replica goes on.
    await newer.query(
      `begin; delete from migrations where number = '999999';
       alter table log rename to event_log; alter table people rename column called to name; commit`,
    );
    const next = await start(url);
    const items = async (of: string) =>
      await (
        await fetch(`${next.address}/api/sessions/${of}/items?after=0`, { headers: { "X-Steward-As": BEN } })
      ).text();
    const isAnswered = async (of: string) => /"isAssistant":true/.test(await items(of));
    for (const one of [session, "ses_other"]) {
      await expect.poll(async () => await isAnswered(one), { timeout: 60_000 }).toBe(true);
      expect((await items(one)).split(TEXT)).toHaveLength(2);
    }
    next.server.child.kill("SIGTERM");
    expect((await next.server.gone).code).toBe(0);
  },
  120_000,
);
