import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { StewardError } from "../../types/steward-error.ts";
import { type BackupHeader, damaged, MAX_LINE_BYTES, readHeaderLine, readLine } from "./backup-format.ts";
import type { KeptFile } from "./kept-files.ts";

const NEWLINE = 10;

/** Takes a backup's lines in their order. */
export type BackupSink = {
  file(file: KeptFile): void;
  /** A line of a table. */
  row(line: string): Promise<void>;
  /** What came of the tables, to be compared with what the end of the backup says. */
  finish(): { readonly rows: number; readonly sha256: string };
};

export type BackupReader = {
  readonly header: BackupHeader;
  /** Hands over all that follows. Throws STO-422 when anything is missing or not as it was written. */
  readInto(sink: BackupSink): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a backup and reads its first line. Throws FIL-404, STO-415 when it is something else, STO-426 when a newer
 * version wrote it.
 */
export async function openBackup(path: string): Promise<BackupReader> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new StewardError("FIL-404", `There is no file '${path}'.`);
  if (stat.size === 0) throw new StewardError("STO-415");
  const lines = readLines(path);
  const first = await lines.next();
  if (first.done) throw new StewardError("STO-415");
  const header = readHeaderLine(first.value);
  return {
    header,
    readInto: async (sink) => await hand(first.value, lines, sink),
    close: async () => void (await lines.return(undefined)),
  };
}

async function hand(first: string, lines: AsyncGenerator<string>, sink: BackupSink): Promise<void> {
  const head = createHash("sha256").update(`${first}\n`);
  let isInTables = false;
  for await (const text of lines) {
    // A row is read by the sink: twice would be once too often for a large file.
    const isRow = text.startsWith("[");
    const line = isRow ? null : readLine(text);
    if (line && "whole" in line) {
      const { rows, sha256 } = sink.finish();
      if (rows !== line.whole || sha256 !== line.tables || head.digest("hex") !== line.head) {
        throw damaged("The backup is not as it was written: its checksum differs.");
      }
      if (!(await lines.next()).done) throw damaged("Something follows the end of the backup.");
      return;
    }
    if (line && "file" in line) {
      if (isInTables) throw damaged("A line of the backup is out of place.");
      head.update(`${text}\n`);
      sink.file(line);
    } else {
      isInTables = true;
      await sink.row(text);
    }
  }
  throw damaged("The backup is cut short.");
}

/** Lines of a gzipped file; at most `MAX_LINE_BYTES` of it are in memory. */
async function* readLines(path: string): AsyncGenerator<string, undefined> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  let parts: Buffer[] = [];
  let bytes = 0;
  let isFirst = true;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        parts.push(chunk.subarray(from, at));
        yield Buffer.concat(parts).toString("utf8");
        isFirst = false;
        parts = [];
        bytes = 0;
        from = at + 1;
      }
      parts.push(chunk.subarray(from));
      bytes += chunk.length - from;
      // What is not ours may unpack to anything.
      if (bytes > (isFirst ? 65_536 : MAX_LINE_BYTES)) {
        throw isFirst ? new StewardError("STO-415") : damaged("A line of the backup is too long.");
      }
    }
    if (bytes > 0) throw isFirst ? new StewardError("STO-415") : damaged("The backup is cut short.");
    return undefined;
  } catch (error) {
    if (error instanceof StewardError) throw error;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined)
      throw new StewardError("FIL-400", `The file cannot be read (${code}).`, { cause: error });
    // gzip that breaks off inside was once whole; what does not even begin as gzip is something else.
    const isGzip =
      code === "Z_BUF_ERROR" || /^(?:invalid |incorrect data check)/.test((error as Error).message);
    if (isFirst && !isGzip) throw new StewardError("STO-415", undefined, { cause: error });
    throw damaged(code === "Z_BUF_ERROR" ? "The backup is cut short." : "The backup is damaged.", error);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
