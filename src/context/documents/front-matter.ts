import { SENSITIVITIES, type Sensitivity } from "../../types/label.ts";
import { StewardError } from "../../types/steward-error.ts";

export type FrontMatter = {
  readonly title: string | null;
  readonly readers: readonly string[] | null;
  readonly sensitivity: Sensitivity | null;
  /** `external`: written outside the company, so that its words never steer anything. */
  readonly integrity: "member" | "external" | null;
};

const NONE: FrontMatter = { title: null, readers: null, sensitivity: null, integrity: null };

/** A group's name or an e-mail address. */
const READER = /^[a-z0-9][a-z0-9._+@-]{0,119}$/;

/**
 * Splits the lines between two `---` from the head of a markdown text. Only `title`, `readers`, `sensitivity`
 * and `integrity` are read, others stand there for other programs. Who may read a document is never
 * guessed: a value of these that does not fit throws `DOC-400`.
 */
export function splitFrontMatter(text: string): { readonly front: FrontMatter; readonly body: string } {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") return { front: NONE, body: text };
  const end = lines.findIndex((line, i) => i > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  // A rule at the top of a text is no front matter; one that declares readers and does not end is a mistake.
  if (end < 0 || end > 100) {
    if (lines.slice(1, 30).some((line) => /^readers\s*:/i.test(line))) {
      throw new StewardError("DOC-400", "The front matter has no closing `---`.");
    }
    return { front: NONE, body: text };
  }
  const values = new Map<string, string | readonly string[]>();
  for (let i = 1; i < end; i++) {
    const found = /^([A-Za-z][\w-]*)\s*:(?:\s+(.*))?$/.exec(lines[i] ?? "");
    if (!found) continue;
    const key = (found[1] ?? "").toLowerCase();
    if (values.has(key)) throw new StewardError("DOC-400", `The front matter says \`${key}\` twice.`);
    const rest = withoutComment(found[2] ?? "");
    if (rest !== "") {
      values.set(key, rest.startsWith("[") ? flowList(key, rest) : unquote(rest));
      continue;
    }
    const items: string[] = [];
    while (/^\s*-\s+\S/.test(lines[i + 1] ?? "") && i + 1 < end) {
      i++;
      items.push(unquote(withoutComment((lines[i] ?? "").replace(/^\s*-\s+/, ""))));
    }
    values.set(key, items);
  }
  return { front: frontOf(values), body: lines.slice(end + 1).join("\n") };
}

function frontOf(values: ReadonlyMap<string, string | readonly string[]>): FrontMatter {
  const title = values.get("title");
  const sensitivity = values.get("sensitivity");
  const integrity = values.get("integrity");
  const readers = values.get("readers");
  if (sensitivity !== undefined && !SENSITIVITIES.some((one) => one === sensitivity)) {
    throw new StewardError("DOC-400", `\`sensitivity\` must be one of ${SENSITIVITIES.join(", ")}.`);
  }
  if (integrity !== undefined && integrity !== "member" && integrity !== "external") {
    throw new StewardError("DOC-400", "`integrity` must be member or external.");
  }
  return {
    title: typeof title === "string" && title.trim() !== "" ? title.trim().slice(0, 300) : null,
    readers:
      readers === undefined ? null : checkReaders(typeof readers === "string" ? readers.split(",") : readers),
    sensitivity: (sensitivity as Sensitivity | undefined) ?? null,
    integrity: integrity ?? null,
  };
}

/** Names of groups and e-mail addresses in lower case, each once. Throws `DOC-400` for anything else. */
export function checkReaders(names: readonly string[]): readonly string[] {
  const readers = [...new Set(names.map((name) => name.trim().toLowerCase()))];
  const odd = readers.find((name) => !READER.test(name));
  if (odd !== undefined)
    throw new StewardError("DOC-400", `'${odd.slice(0, 60)}' is no group and no e-mail address.`);
  if (readers.length === 0) throw new StewardError("DOC-400", "`readers` names nobody.");
  return readers;
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#.*$/, "").trim();
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

function flowList(key: string, text: string): readonly string[] {
  if (!text.endsWith("]"))
    throw new StewardError("DOC-400", `The list of \`${key}\` has no closing bracket.`);
  return text
    .slice(1, -1)
    .split(",")
    .map((item) => unquote(item.trim()))
    .filter((item) => item !== "");
}
