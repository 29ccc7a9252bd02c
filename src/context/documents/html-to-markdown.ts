const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  euro: "€",
  pound: "£",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  deg: "°",
  times: "×",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
};

/** Nobody reads what stands in these, and text hidden from people must not reach the model either. */
const SKIPPED = new Set(
  "script style noscript template svg math head iframe object select nav footer form button".split(" "),
);

const BLOCKS = new Set(
  "p div section article main header aside ul ol dl dt dd table thead tbody tfoot blockquote pre figure figcaption hr address details summary".split(
    " ",
  ),
);

const VOID = new Set("br hr img input link meta area base col embed source track wbr".split(" "));

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g,
    (whole, dec, hex, name) => {
      if (name) return ENTITIES[name as string] ?? whole;
      const code = dec ? Number(dec) : Number.parseInt(hex as string, 16);
      return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
        ? String.fromCodePoint(code)
        : " ";
    },
  );
}

function isHidden(attributes: string): boolean {
  return (
    /(?:^|\s)hidden(?:[\s=>/]|$)/i.test(attributes) ||
    /aria-hidden\s*=\s*["']?true/i.test(attributes) ||
    /style\s*=\s*["'][^"']*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0)/i.test(attributes)
  );
}

/**
 * The readable text of a web page as markdown: headings, paragraphs, lists and tables; no scripts, no
 * navigation, nothing that a reader would not see. Forgiving of broken nesting, linear in the length.
 */
export function htmlToMarkdown(html: string): { readonly title: string | null; readonly markdown: string } {
  const out: string[] = [];
  let cell: string[] | null = null;
  let row: string[] | null = null;
  let isFirstRow = true;
  let lower: string | null = null;
  // Name and depth of what is being skipped.
  let skipped: { name: string; depth: number } | null = null;
  const emit = (text: string) => (cell ?? out).push(text);
  const endRow = () => {
    if (!row || row.length === 0) return;
    out.push(`\n| ${row.join(" | ")} |`);
    if (isFirstRow) out.push(`\n|${row.map(() => " --- |").join("")}`);
    isFirstRow = false;
    row = null;
  };
  const endCell = () => {
    if (cell) row = [...(row ?? []), cell.join("").replace(/\s+/g, " ").replaceAll("|", "/").trim()];
    cell = null;
  };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const text = html.slice(at, open < 0 ? html.length : open);
    if (!skipped && text !== "") emit(decodeEntities(text).replace(/\s+/g, " "));
    if (open < 0) break;
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    if (!/^<[A-Za-z/!?]/.test(html.slice(open, open + 2))) {
      // "a < b": not a tag at all.
      if (!skipped) emit("<");
      at = open + 1;
      continue;
    }
    const end = html.indexOf(">", open);
    if (end < 0) break;
    const tag = /^<(\/?)([A-Za-z][A-Za-z0-9]*)([\s\S]*)$/.exec(html.slice(open, Math.min(end, open + 2_000)));
    at = end + 1;
    if (!tag) continue;
    const isEnd = tag[1] === "/";
    const name = (tag[2] ?? "").toLowerCase();
    const isSingle = VOID.has(name) || (tag[3] ?? "").endsWith("/");
    if (skipped) {
      if (name === skipped.name && !isSingle) skipped.depth += isEnd ? -1 : 1;
      if (skipped.depth === 0) skipped = null;
      continue;
    }
    if (!isEnd && !isSingle && (SKIPPED.has(name) || isHidden(tag[3] ?? ""))) {
      // Inside a script a "<" begins no tag: go to its end at once.
      if (name === "script" || name === "style") {
        lower ??= html.toLowerCase();
        const close = lower.indexOf(`</${name}`, at);
        at = close < 0 ? html.length : close;
      }
      skipped = { name, depth: 1 };
      continue;
    }
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level) emit(isEnd ? "\n\n" : `\n\n${"#".repeat(Number(level))} `);
    else if (name === "br") emit(cell ? " " : "\n");
    else if (name === "li") emit(isEnd ? "" : "\n- ");
    else if (name === "tr") {
      endCell();
      endRow();
      if (!isEnd) row = [];
    } else if (name === "td" || name === "th") {
      endCell();
      if (!isEnd) cell = [];
    } else if (name === "table") {
      endCell();
      endRow();
      isFirstRow = true;
      emit("\n\n");
    } else if (BLOCKS.has(name) && !cell) emit("\n\n");
  }
  endCell();
  endRow();
  const title = /<title[^>]{0,200}>([^<]{1,300})<\/title/i.exec(html.slice(0, 20_000))?.[1];
  const lines = out
    .join("")
    .split("\n")
    .map((line) => line.replace(/[ \t]+/g, " ").trim());
  return {
    title: title ? decodeEntities(title).replace(/\s+/g, " ").trim() || null : null,
    markdown: lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
  };
}
