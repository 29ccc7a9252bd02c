import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";

export type PassageText = {
  /** Headings above it, outermost first, without the document's title. */
  readonly headings: readonly string[];
  readonly text: string;
};

export type SplitDocument = {
  /** The first heading of the first level, or null. */
  readonly title: string | null;
  readonly passages: readonly PassageText[];
};

/** Passages of about this size fit what the encoder reads well and what a person reads at a glance. */
const MAX_WORDS = 110;

type Section = { readonly headings: readonly string[]; readonly lines: string[] };

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const END_OF_SENTENCE = "\u2029";
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
const splitter = new RecursiveCharacterTextSplitter({
  chunkSize: MAX_WORDS,
  chunkOverlap: 0,
  separators: ["\n\n", "\n", END_OF_SENTENCE, " ", ""],
  keepSeparator: true,
  lengthFunction: countWords,
});

function countWords(text: string): number {
  // Letters without spaces (Chinese, base64) count too, six a word.
  return Math.max(text.split(/\s+/).length - 1, Math.ceil(text.length / 12));
}

/** Splits markdown at its headings, and long sections further at paragraphs, then lines, then sentences. */
export async function splitPassages(markdown: string): Promise<SplitDocument> {
  const { title, sections } = sectionsOf(markdown.replace(/\r\n?/g, "\n").replaceAll(END_OF_SENTENCE, "\n"));
  const passages: PassageText[] = [];
  for (const { headings, lines } of sections) {
    const body = lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
    if (!/[\p{L}\p{N}]/u.test(body)) continue;
    for (const text of await cut(body)) passages.push({ headings, text });
  }
  return { title, passages };
}

async function cut(body: string): Promise<readonly string[]> {
  if (countWords(body) <= MAX_WORDS) return [body];
  const texts: string[] = [];
  let open = "";
  const close = () => {
    if (/[\p{L}\p{N}]/u.test(open)) texts.push(open.trim());
    open = "";
  };
  for (const block of body.split(/\n{2,}/)) {
    if (open !== "" && countWords(open) + countWords(block) > MAX_WORDS) close();
    if (countWords(block) <= MAX_WORDS) {
      open = open === "" ? block : `${open}\n\n${block}`;
    } else {
      close();
      texts.push(...(isTable(block) ? cutTable(block) : await cutProse(block)));
    }
  }
  close();
  return texts;
}

async function cutProse(block: string): Promise<readonly string[]> {
  const marked = [...sentences.segment(block)].map((part) => part.segment).join(END_OF_SENTENCE);
  const parts = await splitter.splitText(marked);
  return parts.map((part) => part.replaceAll(END_OF_SENTENCE, "").trim()).filter((part) => part !== "");
}

function isTable(block: string): boolean {
  const lines = block.split("\n");
  return lines.length > 2 && lines.every((line) => line.trimStart().startsWith("|"));
}

/** Rows stay whole, and each part has the table's head again: a figure without its column says nothing. */
function cutTable(block: string): readonly string[] {
  const [head = "", rule = "", ...rows] = block.split("\n");
  const parts: string[] = [];
  let open: string[] = [];
  for (const row of rows) {
    if (open.length > 0 && countWords([head, ...open, row].join("\n")) > MAX_WORDS) {
      parts.push([head, rule, ...open].join("\n"));
      open = [];
    }
    // A row longer than a passage is cut off where a passage ends: it is data, not prose.
    open.push(row.slice(0, MAX_WORDS * 12));
  }
  if (open.length > 0) parts.push([head, rule, ...open].join("\n"));
  return parts;
}

function sectionsOf(markdown: string): {
  readonly title: string | null;
  readonly sections: readonly Section[];
} {
  const sections: Section[] = [];
  const path: { level: number; text: string }[] = [];
  let current: Section = { headings: [], lines: [] };
  let title: string | null = null;
  let fence: string | null = null;
  sections.push(current);
  const open = (level: number, text: string) => {
    while ((path.at(-1)?.level ?? 0) >= level) path.pop();
    if (level === 1 && title === null && path.length === 0) title = text;
    else path.push({ level, text });
    current = { headings: path.map((one) => one.text), lines: [] };
    sections.push(current);
  };
  for (const line of markdown.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (mark && (fence === null || (mark[0] === fence[0] && mark.length >= fence.length))) {
      fence = fence === null ? mark : null;
    }
    const atx = fence === null ? /^ {0,3}(#{1,6})(?:\s+(.*))?$/.exec(line) : null;
    const under = fence === null ? /^ {0,3}(=+|-+)\s*$/.exec(line)?.[1] : undefined;
    const above = current.lines.at(-1)?.trim() ?? "";
    if (atx) {
      const text = plainHeading(atx[2] ?? "");
      if (text !== "") open(atx[1]?.length ?? 1, text);
    } else if (
      under &&
      above !== "" &&
      !above.startsWith("|") &&
      (current.lines.at(-2)?.trim() ?? "") === ""
    ) {
      current.lines.pop();
      open(under.startsWith("=") ? 1 : 2, plainHeading(above));
    } else current.lines.push(line);
  }
  return { title, sections };
}

function plainHeading(text: string): string {
  return text
    .replace(/\s+#+\s*$/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`]+/g, "")
    .trim()
    .slice(0, 200);
}
