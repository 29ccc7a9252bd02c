import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLabeller } from "../../src/flows/label-item.ts";
import type { Db } from "../../src/store/db.ts";
import { appendEvents } from "../../src/store/events/append-events.ts";
import { openSession } from "../../src/store/sessions/open-session.ts";
import { EVERYONE, type Label } from "../../src/types/label.ts";
import type { Citation } from "../../src/types/passage.ts";
import type { NewSessionEvent } from "../../src/types/session-event.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";

const answered = (sensitivity: Label["sensitivity"], readers?: readonly string[]): NewSessionEvent => ({
  type: "model.answered",
  data: {
    ...{
      turn: "trn_1",
      text: "",
      calls: [],
      state: null,
      citations: [],
      route: "r",
      provider: "p",
      model: "m",
    },
    ...{ note: null, promptVersion: "1", usage: { inputTokens: 1, outputTokens: 1 }, costMicros: null },
    sensitivity,
    ...(readers ? { readers } : {}),
  },
});

const finished = (...labels: readonly Pick<Label, "sensitivity" | "readers">[]): NewSessionEvent => ({
  type: "action.finished",
  data: {
    ...{ turn: "trn_1", action: "act_1", call: "c", tool: "crm.list" },
    outcome: { status: "succeeded", summary: "", data: {}, records: [] },
    records: [],
    facts: labels.map((label) => ({
      ...{ value: "x", kind: null, path: "$", record: null },
      label: { integrity: "system", source: "a tool", ...label },
    })),
  },
});

const reply = (seq: number, citations: readonly Citation[] = []): ThreadItem =>
  ({
    ...{ kind: "message", seq, id: `msg_${seq}`, at: "2026-11-23T09:00:00.000Z", text: "So it is." },
    ...{
      author: { id: "steward", name: "Steward", isAssistant: true },
      files: [],
      turn: "trn_1",
      note: null,
    },
    citations,
  }) as ThreadItem;

for (const kind of databaseKinds()) {
  describe(`what an item draws upon, ${kind}`, () => {
    let db: Db;
    let count = 0;
    beforeAll(async () => {
      db = await freshDatabase(kind);
      await db.query(
        `insert into documents (id, title, source, media_type, hash, sensitivity, readers)
         values ('doc_pay', 'Pay', 'pay.md', 'text/markdown', '', 'confidential', '{hr,finance}')`,
      );
    });
    afterAll(async () => await db.close());

    const tools = new Map([
      [
        "crm.update",
        { manifest: { output: { "$.amount": { integrity: "system", sensitivity: "confidential" } } } },
      ],
      [
        "calendar.book",
        { manifest: { output: { "$.title": { integrity: "member", sensitivity: "internal" } } } },
      ],
    ]) as unknown as ReadonlyMap<string, AnyTool>;
    const labeller = () => createLabeller({ db, tools });
    const session = async (...events: readonly NewSessionEvent[]): Promise<string> => {
      count += 1;
      const id = `ses_${count}`;
      const thread = { channel: "slack", conversation: "C1", thread: id } as const;
      await openSession(db, { id, thread, principal: "a@acme.example", title: "" });
      for (const event of events) await appendEvents(db, { session: id, epoch: 0 }, [event]);
      return id;
    };

    it("is the company's when it draws on nothing", async () => {
      expect(await labeller()(await session(), reply(1))).toEqual({
        sensitivity: "internal",
        readers: [EVERYONE],
      });
    });

    it("is all that the model was given, cited or not", async () => {
      const id = await session(
        answered("internal", ["finance", "hr"]),
        answered("confidential", ["finance"]),
      );
      expect(await labeller()(id, reply(2))).toEqual({ sensitivity: "confidential", readers: ["finance"] });
    });

    it("is what tools returned, of every turn that the model can remember", async () => {
      const id = await session(
        finished({ sensitivity: "confidential", readers: [] }),
        ...Array.from({ length: 300 }, () => answered("internal")),
      );
      expect(await labeller()(id, reply(301))).toEqual({ sensitivity: "confidential", readers: [] });
    });

    it("is no more than what came before it, and grows with what comes", async () => {
      const id = await session(
        answered("internal"),
        finished({ sensitivity: "restricted", readers: ["hr"] }),
      );
      const label = labeller();
      expect(await label(id, reply(1))).toEqual({ sensitivity: "internal", readers: [EVERYONE] });
      expect(await label(id, reply(2))).toEqual({ sensitivity: "restricted", readers: ["hr"] });
      expect(await label(id, reply(2))).toEqual(await labeller()(id, reply(2)));
    });

    it("is what the cited documents are now, and nobody's where one is gone", async () => {
      const id = await session(answered("internal"));
      const cite = (document: string) => ({ document, title: "", passage: "", quote: "" });
      expect(await labeller()(id, reply(1, [cite("doc_pay")]))).toEqual({
        sensitivity: "confidential",
        readers: ["hr", "finance"],
      });
      expect(await labeller()(id, reply(1, [cite("doc_gone")]))).toEqual({
        sensitivity: "restricted",
        readers: [],
      });
    });

    it("on a card is what its tools show and its arguments carry", async () => {
      const id = await session(answered("internal"));
      const { saveAction } = await import("../../src/store/actions/save-action.ts");
      const label = {
        integrity: "system",
        sensitivity: "internal",
        source: "a list",
        readers: ["sales"],
      } as const;
      const save = async (turn: string, tool: string) =>
        await saveAction(db, {
          ...{
            id: `act_${turn}`,
            session: id,
            turn,
            call: "c",
            principal: "a@acme.example",
            tool,
            effect: "write",
          },
          ...{
            resource: "",
            args: { amount: { value: 1, label } },
            digest: "ab".repeat(32),
            policyVersion: "1",
          },
          ...{ evidence: [], decision: { effect: "permit", rules: [] }, preview: null, status: "proposed" },
          ...{
            key: `${id}:${turn}:c`,
            result: null,
            undo: null,
            undoUntil: null,
            startedAt: null,
            finishedAt: null,
          },
        } as Parameters<typeof saveAction>[1]);
      await save("trn_crm", "crm.update");
      await save("trn_cal", "calendar.book");
      const card = (turn: string) =>
        ({ kind: "card", seq: 1, id: `${turn}:card`, at: "", card: { id: turn } }) as unknown as ThreadItem;
      expect(await labeller()(id, card("trn_crm"))).toEqual({ sensitivity: "confidential", readers: [] });
      expect(await labeller()(id, card("trn_cal"))).toEqual({ sensitivity: "internal", readers: ["sales"] });
    });
  });
}
