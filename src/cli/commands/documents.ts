import type { IngestResult } from "../../api/ports.ts";
import { StewardError } from "../../types/steward-error.ts";
import { type Command, UsageError } from "../command.ts";
import { cut, indent, plain, table } from "../format.ts";
import { listFiles, readLocalFile } from "../read-files.ts";

type Failure = { readonly code: string; readonly message: string };

export const ingestCommand: Command = {
  name: "ingest",
  summary: "Take in documents; the same path again replaces them",
  usage: "ingest PATH… [--readers GROUP,…]",
  options: { readers: { type: "string" } },
  optionHelp: [["--readers GROUP,…", "who may read them (everyone)"]],
  positionals: [1, Number.POSITIVE_INFINITY],
  run: async (run) => {
    const readers = (run.text("readers") ?? "everyone").split(",").map((group) => group.trim());
    if (!readers.every((group) => /^[\w.@-]+$/.test(group)))
      throw new UsageError("--readers is not a list of groups.");
    const files = listFiles(run.deps.cwd, run.positionals);
    const ports = await run.connect();
    const documents: ((IngestResult & { source: string }) | { source: string; error: Failure })[] = [];
    for (const { path, source } of files) {
      try {
        const { content } = readLocalFile(run.deps.cwd, path);
        documents.push({ source, ...(await ports.ingest({ source, content, readers })) });
      } catch (error) {
        documents.push({ source, error: asFailure(error) });
      }
    }
    const failed = documents.filter((one) => "error" in one).length;
    run.answer({ documents, failed }, () =>
      table(
        ["State", "Passages", "Source", ""],
        documents.map((one) =>
          "error" in one
            ? ["failed", "", one.source, `${one.error.message} (${one.error.code})`]
            : [one.status, String(one.passages), one.source, one.title],
        ),
      ),
    );
    return failed > 0 || files.length === 0 ? 1 : 0;
  },
};

export const searchCommand: Command = {
  name: "search",
  summary: "Find passages that a person may read",
  usage: 'search "QUERY" --as EMAIL [--limit N]',
  options: { as: { type: "string" }, limit: { type: "string" } },
  optionHelp: [
    ["--as EMAIL", "who searches"],
    ["--limit N", "how many at most (10)"],
  ],
  positionals: [1, 1],
  run: async (run) => {
    const as = run.as();
    const limit = Number(run.text("limit") ?? 10);
    if (!Number.isInteger(limit) || limit < 1 || limit > 50) throw new UsageError("--limit is 1 to 50.");
    const query = (run.positionals[0] ?? "").trim();
    if (query === "") throw new UsageError("There is nothing to search for.");
    const passages = await (await run.connect()).search(as, query, limit);
    run.answer({ passages }, () =>
      passages.length === 0
        ? "Nothing found that you may read."
        : passages
            .map((one) =>
              [
                `${plain([one.title, ...one.headings].join(" › "))}  (${one.document})`,
                indent(cut(one.text, 240)),
              ].join("\n"),
            )
            .join("\n\n"),
    );
    return 0;
  },
};

export const extractCommand: Command = {
  name: "extract",
  summary: "Read the fields of invoices; nothing is kept",
  usage: "extract FILE… [--jsonl]",
  options: { jsonl: { type: "boolean" } },
  optionHelp: [["--jsonl", "one JSON object a line, in the order of the files"]],
  positionals: [1, Number.POSITIVE_INFINITY],
  run: async (run) => {
    const ports = await run.connect();
    const results: object[] = [];
    let failed = 0;
    for (const file of run.positionals) {
      let result: object;
      try {
        result = { file, ...(await ports.extract(readLocalFile(run.deps.cwd, file))) };
      } catch (error) {
        failed++;
        result = { file, error: asFailure(error) };
      }
      if (run.values.jsonl) run.deps.stdout.write(`${JSON.stringify(result)}\n`);
      else results.push(result);
    }
    if (!run.values.jsonl) {
      run.answer({ files: results }, () =>
        plain(results.map((one) => JSON.stringify(one, null, 2)).join("\n")),
      );
    }
    return failed > 0 ? 1 : 0;
  },
};

function asFailure(error: unknown): Failure {
  if (error instanceof StewardError) return { code: error.code, message: error.message };
  throw error;
}
