import { readFileSync } from "node:fs";
import { demoPayables } from "../../../demo/payables.ts";
import type { StoredFile } from "../../../src/types/file-ref.ts";
import type { Directory, Principal } from "../../../src/types/principal.ts";
import type { RecordChange } from "../../../src/types/record.ts";
import type { ToolContext } from "../../../src/types/tool.ts";
import { createMemoryRecords, type MemoryRecords } from "../memory-records.ts";

export const NOW = new Date("2026-11-23T09:00:00Z");
const OWNER = "paul.meyer@brightwell.example";

const PAUL: Principal = {
  id: OWNER,
  name: "Paul Meyer",
  title: "Head of operations",
  manager: null,
  groups: ["everyone", "operations"],
  zone: "Europe/Berlin",
  locale: "en-GB",
};

const DIRECTORY: Directory = {
  people: [PAUL],
  domains: ["brightwell.example"],
  groupTitles: {},
  find: (id) => (id === PAUL.id ? PAUL : null),
  inGroup: () => [],
};

/** The demo company's payables with the sample invoices uploaded by Paul; the file's id is `fil-` and its name. */
export function payablesWorld(
  more: {
    readonly records?: readonly RecordChange[];
    readonly files?: Readonly<Record<string, Uint8Array>>;
  } = {},
): { context: ToolContext; records: MemoryRecords } {
  const records = createMemoryRecords([...demoPayables(NOW), ...(more.records ?? [])]);
  const files = {
    async read(id: string, reader: string): Promise<StoredFile | null> {
      if (reader !== OWNER) return null;
      const content = more.files?.[id] ?? sample(id.replace(/^fil-/, ""));
      if (!content) return null;
      const name = id.replace(/^fil-/, "");
      return {
        id,
        name,
        mediaType: "application/octet-stream",
        bytes: content.length,
        owner: OWNER,
        content,
      };
    },
  };
  const context: ToolContext = {
    principal: PAUL,
    directory: DIRECTORY,
    now: NOW,
    key: "",
    signal: new AbortController().signal,
    records,
    files,
  };
  return { context, records };
}

/** A committed sample invoice by its file name; null when there is none. */
export function sample(name: string): Uint8Array | null {
  if (!/^[\w.-]+\.(pdf|xml)$/.test(name)) return null;
  try {
    return new Uint8Array(readFileSync(new URL(`../../../demo/invoices/${name}`, import.meta.url)));
  } catch {
    return null;
  }
}
