import { z } from "zod";
import type { Tool, ToolContext } from "../../src/types/tool.ts";
import { cleanText, oneLine, plainText } from "../plain-text.ts";
import { findReceipt, idFromKey, undoOnce, writeOnce } from "../write-once.ts";
import { ACCOUNT, NOTE, type Note } from "./crm-records.ts";
import { logNoteManifest } from "./manifests.ts";
import { resolveAccount } from "./resolve-account.ts";

const schema = z.strictObject({
  account: z.string().min(1).max(200).describe("Name of the account (or its id)"),
  body: z.string().min(1).max(4000).describe("The text of the note, in the person's own words"),
});

type Args = z.infer<typeof schema>;

/** Writes a note on an account in the requester's name. */
export const logNoteTool: Tool<Args> = {
  name: logNoteManifest.name,
  manifest: logNoteManifest,
  schema,
  async run(args, context) {
    const before = await findReceipt(context);
    if (before) return before;
    const plan = await planNote(args, context);
    if (!plan.ok) return plan.result;
    const { account, body } = plan;
    const id = idFromKey("note", context.key);
    const note: Note = {
      account: account.id,
      author: context.principal.id,
      at: context.now.toISOString(),
      body,
    };
    return writeOnce(context, [{ kind: NOTE, id, before: null, after: note }], {
      summary: `Noted on **${plainText(account.data.name)}**: "${plainText(body, 280)}"`,
      data: { note: { id, ...note, accountName: account.data.name } },
      records: [
        { kind: ACCOUNT, id: account.id, title: account.data.name },
        { kind: NOTE, id, title: `Note on ${account.data.name}` },
      ],
    });
  },
  async preview(args, context) {
    const plan = await planNote(args, context);
    if (!plan.ok) return plan.result;
    const { account, body } = plan;
    return {
      status: "ready",
      line: `Log a note on ${oneLine(account.data.name)}`,
      changes: [{ field: "Note", before: null, after: body }],
      resource: { id: account.id, title: account.data.name, attributes: { owner: account.data.owner } },
      context: {},
      risk: "normal",
    };
  },
  reconcile: (_args, context) => findReceipt(context),
  undo: (done, context) => undoOnce(done, context, "The note was taken out again."),
};

async function planNote(args: Args, context: ToolContext) {
  const body = cleanText(args.body);
  if (body === "") {
    const question = "What should the note say?";
    return { ok: false, result: { status: "asks", question, arg: "body", options: [] } } as const;
  }
  const resolved = await resolveAccount(args.account, context);
  return resolved.ok ? ({ ok: true, account: resolved.account, body } as const) : resolved;
}
