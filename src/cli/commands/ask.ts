import type { AskResult } from "../../types/ask-result.ts";
import { type Command, UsageError } from "../command.ts";
import { cut, plain } from "../format.ts";
import { readLocalFile } from "../read-files.ts";

const TIMEOUT_MS = 120_000;

export const askCommand: Command = {
  name: "ask",
  summary: "Say something to Steward and wait for its answer",
  usage: 'ask "TEXT" --as EMAIL [--session ID] [--attach FILE]…',
  options: {
    as: { type: "string" },
    session: { type: "string" },
    attach: { type: "string", multiple: true },
  },
  optionHelp: [
    ["--as EMAIL", "who is speaking"],
    ["--session ID", "go on with a conversation (from an earlier answer)"],
    ["--attach FILE", "send a file with it; may be given several times"],
    ["TEXT of -", "reads the text from standard input"],
  ],
  positionals: [1, 1],
  failed: ({ code, message }): AskResult => ({
    session: "",
    turn: "",
    status: "failed",
    reply: "",
    citations: [],
    actions: [],
    model: { route: "", provider: "", model: "" },
    note: null,
    error: { code, message },
  }),
  run: async (run) => {
    const as = run.as();
    const [given = ""] = run.positionals;
    const attached = run.texts("attach").map((path) => readLocalFile(run.deps.cwd, path));
    if (attached.length > 20) throw new UsageError("At most 20 files can be attached.");
    const text = given === "-" ? await run.deps.readStdin() : given;
    const ports = await run.connect();
    const files: string[] = [];
    for (const file of attached) files.push((await ports.putFile(as, file)).id);
    const session = run.text("session");
    const result = await ports.ask(as, { text, session, files, timeoutMs: TIMEOUT_MS });
    run.answer(result, () => readable(result));
    return result.status === "failed" ? 1 : 0;
  },
};

function readable(result: AskResult): string {
  const sources = result.citations.map((one, i) => `  [${i + 1}] ${one.title}  (${one.document})`);
  const waiting = result.actions
    .filter((action) => action.status === "awaiting")
    .map((action) => `  ${action.tool} waits: steward approve ${action.approval} --as EMAIL`);
  const failure = result.error ? [`${result.error.message} (${result.error.code})`] : [];
  return [
    plain(result.reply),
    ...failure,
    ...(sources.length > 0 ? ["", "Sources", ...sources] : []),
    ...(waiting.length > 0 ? ["", "Waiting for a decision", ...waiting] : []),
    ...(result.note ? ["", plain(result.note)] : []),
    "",
    `Session ${result.session || "-"}${result.model.model ? ` · ${cut(result.model.model, 40)}` : ""}`,
  ].join("\n");
}
