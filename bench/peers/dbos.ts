import { DBOS } from "@dbos-inc/dbos-sdk";
import pg from "pg";
import { EFFECT_INSERT, EFFECT_TABLE, type OpenSystem } from "../turns/system.ts";

type Message = { readonly role: string; readonly content: string };

/** How much of a conversation the stub is given, as Steward's own window would be. */
const WINDOW = 60;

/**
 * A turn as a DBOS workflow of four steps (keep the message, ask the model, act, keep the answer), with the
 * conversation in a table of its own. The history is read outside the steps: a step's result is stored again.
 */
export const open: OpenSystem = async (url) => {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(EFFECT_TABLE);
  await pool.query(
    "create table messages (id bigint generated always as identity primary key, thread text not null, role text not null, content text not null)",
  );
  await pool.query("create index messages_by_thread on messages (thread, id)");
  const keep = async (thread: string, role: string, content: string) => {
    await pool.query("insert into messages (thread, role, content) values ($1, $2, $3)", [
      thread,
      role,
      content,
    ]);
  };
  const history = async (thread: string): Promise<readonly Message[]> =>
    (
      await pool.query<Message>(
        "select role, content from messages where thread = $1 order by id desc limit $2",
        [thread, WINDOW],
      )
    ).rows.reverse();
  const stub = (messages: readonly Message[]): string => {
    const last = messages.at(-1);
    return last?.role === "tool" ? last.content : (/"(.+)"/.exec(last?.content ?? "")?.[1] ?? "");
  };

  const turn = DBOS.registerWorkflow(
    async (thread: string, said: string) => {
      await DBOS.runStep(async () => await keep(thread, "user", said), { name: "accept" });
      const messages = await history(thread);
      const text = await DBOS.runStep(
        async () => {
          const args = stub(messages);
          await keep(thread, "assistant", JSON.stringify({ tool: thread, args: { text: args } }));
          return args;
        },
        { name: "model" },
      );
      const outcome = await DBOS.runStep(
        async () => {
          if (thread === "write") await pool.query(EFFECT_INSERT, [`${DBOS.workflowID}:tool`, text]);
          await keep(thread, "tool", `Noted: ${text}`);
          return `Noted: ${text}`;
        },
        { name: "tool" },
      );
      return await DBOS.runStep(
        async () => {
          const reply = stub([...messages, { role: "tool", content: outcome }]);
          await keep(thread, "assistant", reply);
          return reply;
        },
        { name: "reply" },
      );
    },
    { name: "turn" },
  );
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: url, logLevel: "error" });
  await DBOS.launch();
  return {
    name: "dbos",
    turn: async (kind, text) => {
      const handle = await DBOS.startWorkflow(turn)(
        kind,
        `Please ${kind === "write" ? "note" : "look"} "${text}".`,
      );
      const reply = await handle.getResult();
      if (!reply.startsWith("Noted")) throw new Error("no answer");
    },
    close: async () => {
      await DBOS.shutdown();
      await pool.end();
    },
  };
};
