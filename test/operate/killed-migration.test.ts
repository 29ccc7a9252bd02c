import { expect, test } from "vitest";
import { openEmbedded } from "../../src/store/pglite.ts";
import { readLog, readReplies } from "../setup/read-log.ts";
import { HELD_SESSION, HELD_TEXT, LONG_SESSION, makeOldInstallation } from "./old-installation.ts";
import { open } from "./open-installation.ts";
import { script, tempDirectory } from "./processes.ts";

const SOFIA = "sofia.marin@brightwell.example";
const PACKED = "000007";

test("kill -9 in the middle of a migration leaves nothing of it; the next start does it, loses nothing, and goes on with all that waited or ran", {
  timeout: 120_000,
}, async () => {
  const directory = tempDirectory();
  await makeOldInstallation(directory);
  for (const statement of ["drop table events", "drop table actions_before", "commit"]) {
    const child = script("migrate-slowly.ts", [directory, PACKED, statement]);
    expect(await child.saw(/in the middle/), child.err()).toBe(true);
    child.child.kill("SIGKILL");
    expect((await child.gone).signal).toBe("SIGKILL");
  }
  const db = await openEmbedded(directory);
  expect(await db.query("select 1 from migrations where number = $1", [PACKED])).toEqual([]);
  const [left] = await db.query("select to_regclass('event_log') as log, count(*) as events from events");
  expect(left).toEqual({ log: null, events: 3_034 });
  expect(await db.query("select count(idx) as n from audit")).toEqual([{ n: 5 }]);
  await db.close();

  const { house, ports, close } = await open(directory);
  try {
    const log = await readLog(house.db, LONG_SESSION);
    expect(log.map((event) => event.seq)).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
    expect(log.at(-2)).toMatchObject({
      type: "reply.posted",
      data: { turn: "trn_long_600", message: "msg_answer_600" },
    });
    expect(await ports.auditVerify()).toMatchObject({ ok: true, problems: [] });

    // When the policies changed since, the votes are void and it is asked once more.
    let status = "awaiting";
    for (let round = 0; status === "awaiting" && round < 3; round++) {
      const [waiting] = await ports.approvals(SOFIA);
      const item = waiting?.card.items.find((one) => one.approval !== null);
      const { card } = await ports.approve(SOFIA, item?.approval ?? "", null);
      status = card.items.find((one) => one.action === item?.action)?.status ?? "";
    }
    expect(status).toBe("succeeded");

    const replied = async () => (await readReplies(house.db, HELD_SESSION)).map((reply) => reply.text);
    await expect.poll(replied, { timeout: 20_000 }).toEqual([expect.stringMatching(/Employee handbook/)]);
    const held = await readLog(house.db, HELD_SESSION);
    const received = held.filter((event) => event.type === "message.received");
    expect(received.map((event) => event.data.text.value)).toEqual([HELD_TEXT]);
    expect(held.map((event) => event.type)).toEqual(expect.arrayContaining(["turn.resumed", "turn.ended"]));
    expect(await ports.auditVerify()).toMatchObject({ ok: true, problems: [] });
  } finally {
    await close();
  }
});
