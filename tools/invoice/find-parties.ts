import { bestLabel } from "./candidates.ts";
import { findDates, fold } from "./find-dates.ts";
import { BUYER_LABELS, type Label, SELLER_LABELS } from "./labels.ts";
import type { PdfPage } from "./read-pdf.ts";
import type { Cell, TextLine } from "./text-line.ts";

export type FoundName = {
  readonly value: string;
  readonly text: string;
  readonly cell: Cell;
  readonly score: number;
};
export type Parties = { readonly seller: FoundName | null; readonly buyer: FoundName | null };

/** Legal forms of companies; in their own casing, since "SA" is one and "sa" is a word. */
const FORM =
  /(?<![\p{L}\d])(?:G?mbH(?: ?& ?Co\.?(?: ?KG)?)?|AG|KGaA|KG|SE|UG|OHG|GbR|e\.?V\.?|e\.?K\.?|a\.G\.|Ltd\.?|LTD\.?|Limited|LIMITED|PLC|plc|LLP|LLC|L\.L\.C\.|Inc\.?|INC\.?|Incorporated|Corp\.?|CORP\.?|Corporation|CORPORATION|Company|GMBH|S\.?A\.?S\.?U?|S\.?A\.?R\.?L\.?|S\.?à\.? ?r\.?l\.?|SARL|SAS|SA|S\.A\.?|S\.?r\.?l\.?s?|S\.?R\.?L\.?|S\.?p\.?A\.?|S\.?L\.?U?|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|AB|Oy|OY|ApS|A\/S|AS|Lda\.?|LDA|Pvt\.?|Private|Sdn\.? Bhd\.?|SDN\.? BHD\.?|Pty\.?|Sp\. ?z ?o\.?o\.?|s\.r\.o\.|a\.s\.|Kft\.?|d\.o\.o\.|EURL|SCOP|Stiftung|Verein|Versicherungsverein|Genossenschaft|eG)(?![\p{L}\d])/u;
/** Cells that name a thing, not a company. */
const NOT_NAME =
  /(invoice|rechnung|factur|fattura|fatura|faktura|gutschrift|credit note|receipt|quittung|page|seite|pagina|datum|^date|\bdate\b|nummer|number|total|summe|betrag|amount|iban|\bbic\b|swift|telefon|phone|\btel\b|\bfax\b|e-?mail|@|www\.|https?:|kundennr|customer (?:id|no)|ust-?id|\bvat\b|\btva\b|steuernummer|tax id|amtsgericht|register|hrb\b|geschaftsfuhr|managing director|stylesheet|powered by|thank you|vielen dank|sehr geehrte|dear |copy|duplicate|original|paid|bezahlt|konto|bank|sparkasse|order|bestell|liefer|ship|terms|due|fallig|summary|details|description|menge|quantity|currency|wahrung|account|attn|all rights|beispiel|sample|template|please|bitte)/;
const ADDRESS =
  /(?:^|\s)(?:[A-Z]{1,2}[- ])?\d{4,6}(?:\s|$)|(?:str(?:\.|asse|aße)|street|road|avenue|ave\.?|lane|drive|\brue\b|\bvia\b|calle|straat|weg|platz|allee|gasse|p\.?o\.? box|postfach)\b|\b\d{1,4}[a-z]?$|^\d{1,5}\s+\p{L}/iu;

/** Seller and buyer by labels, letterhead, sender line, legal forms and the document's web addresses. */
export function findParties(lines: readonly TextLine[], pages: readonly PdfPage[]): Parties {
  const buyer = byLabel(lines, BUYER_LABELS, SELLER_LABELS);
  const labelled = byLabel(lines, SELLER_LABELS, BUYER_LABELS)?.name ?? null;
  const byPlace = bySigns(lines, pages, buyer);
  const seller = labelled && (!byPlace || labelled.score >= byPlace.score) ? labelled : byPlace;
  return { seller, buyer: buyer?.name ?? null };
}

type Labelled = { readonly name: FoundName; readonly cells: ReadonlySet<Cell> };

/** The name behind, beside or under the first label of one side that no label of the other side outdoes. */
function byLabel(
  lines: readonly TextLine[],
  labels: readonly Label[],
  others: readonly Label[],
): Labelled | null {
  for (const [at, line] of lines.entries()) {
    for (const [position, cell] of line.cells.entries()) {
      const folded = fold(cell.text);
      const label = bestLabel(folded, labels);
      if (!label || folded.length > label.end + 80) continue;
      const other = bestLabel(folded, others);
      if (other && other.end > label.end) continue;
      const rest = cell.text.slice(label.end);
      if (rest.trim() !== "" && !/^\s*[:\-–(/]/.test(rest)) continue;
      const inline = clean(rest.replace(/^\s*(?:\([^)]*\))?[\s:\-–]*/, ""));
      if (isName(inline)) {
        return { name: { value: inline, text: inline, cell, score: 0.9 }, cells: new Set([cell]) };
      }
      if (inline !== "" && rest.includes(":")) continue;
      const block = blockOf(lines, at, position, cell);
      if (block) return { ...block, name: { ...block.name, score: 0.85 } };
    }
  }
  return null;
}

/** The name under or beside a label: the lines before the address begins, at most two of them. */
function blockOf(lines: readonly TextLine[], at: number, position: number, label: Cell) {
  const cells: Cell[] = [];
  const names: Cell[] = [];
  const right = lines[at]?.cells[position + 1];
  if (right && isName(clean(right.text)) && right.box[0] - label.box[2] < label.size * 12) names.push(right);
  let above: Cell | null = null;
  for (let step = 1; step <= 9 && names.length < 3; step++) {
    const line = lines[at + step];
    if (!line || line.page !== label.page || label.box[1] - line.y > label.size * 2.4 * (step + 1)) break;
    const first = line.cells.find((cell) => Math.abs(cell.box[0] - label.box[0]) < label.size * 2.5);
    const folded = fold(first?.text ?? "");
    if (!first) {
      // A lone cell to the right may be the first half of a name whose label stands lower.
      const lone = line.cells.length === 1 ? line.cells[0] : undefined;
      above = lone && isName(clean(lone.text)) ? lone : null;
      continue;
    }
    cells.push(first);
    const named = /^(?:name|firma|company|nom|nombre|nome|naam|ragione sociale|raison sociale)\s*:?\s*/.exec(
      folded,
    );
    if (named) {
      const inline = clean(first.text.slice(named[0].length));
      const value = inline === "" ? line.cells[line.cells.indexOf(first) + 1] : { ...first, text: inline };
      if (!value) continue;
      if (above && Math.abs(above.box[0] - value.box[0]) < 3) names.push(above);
      names.push(value);
      break;
    }
    above = null;
    if (/^[\p{L}.\- ]{2,24}\s*:|^(?:gln|gtin|id|nr|lief-nr|kunden-?nr)\b/u.test(folded)) continue;
    if (!isName(clean(first.text)) || ADDRESS.test(first.text)) {
      if (names.length > 0 || ADDRESS.test(first.text)) break;
      continue;
    }
    names.push(first);
    // A name ends with its legal form; without one the next line may be a person or a department.
    if (FORM.test(first.text)) break;
    if (names.length === 1 && !FORM.test(nextText(lines, at + step + 1, first))) break;
  }
  const [first] = names;
  if (!first) return null;
  const value = names.map((cell) => clean(cell.text)).join(" ");
  return {
    name: { value, text: names.map((cell) => cell.text).join(" "), cell: first, score: 0 },
    cells: new Set([...cells, ...names]),
  };
}

function nextText(lines: readonly TextLine[], at: number, above: Cell): string {
  return lines[at]?.cells.find((cell) => Math.abs(cell.box[0] - above.box[0]) < above.size * 2)?.text ?? "";
}

/** A seller without a label: each cell that may be a name is weighed by the signs around it. */
function bySigns(
  lines: readonly TextLine[],
  pages: readonly PdfPage[],
  buyer: { readonly name: FoundName; readonly cells: ReadonlySet<Cell> } | null,
): FoundName | null {
  const text = lines.map((line) => line.text).join("\n");
  const domains = webNames(text);
  const height = pages[0]?.height ?? 842;
  const sizes = lines.flatMap((line) => line.cells.map((cell) => cell.size)).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 10;
  const buyerName = buyer ? fold(buyer.name.value) : null;
  const seen = new Map<string, FoundName>();
  for (const line of lines) {
    for (const cell of line.cells) {
      for (const part of partsOf(cell, line)) {
        const value = clean(part);
        if (!isName(value) || buyer?.cells.has(cell) || fold(value) === buyerName) continue;
        const hasForm = FORM.test(value);
        const folded = fold(value).replace(/[^\p{L}\p{N}]/gu, "");
        const isTop = line.page === 1 && line.y > height * 0.72;
        const isFoot = line.y < height * 0.14;
        const isSender = part !== cell.text || isSenderLine(line);
        let score = 0;
        if (hasForm) score += 0.45;
        if (isTop) score += 0.18 + 0.1 * Math.max(0, (line.y / height - 0.72) / 0.28);
        if (isFoot && hasForm) score += 0.12;
        if (isSender && hasForm) score += 0.2;
        if (cell.size > usual * 1.3 && isTop) score += 0.15;
        if (
          domains.some(
            (name) =>
              folded.startsWith(name) ||
              (name.length > 4 && folded.includes(name)) ||
              (folded.length > 4 && name.includes(folded)),
          )
        )
          score += 0.3;
        if (isTop && followedByContact(lines, line, cell)) score += 0.2;
        if (/\bsold by\b|\bsupplier\b|\bgeliefert von\b/i.test(line.text) && hasForm) score += 0.3;
        if (!hasForm && !isTop) continue;
        const key = folded;
        const present = seen.get(key);
        const again = present ? Math.min(0.12, 0.06) : 0;
        const total = Math.max(score, present?.score ?? 0) + again;
        if (!present || total > present.score) {
          seen.set(key, {
            value: present?.value ?? value,
            text: part,
            cell: present?.cell ?? cell,
            score: total,
          });
        }
      }
    }
  }
  const ranked = [...seen.values()].sort((a, b) => b.score - a.score);
  const [top] = ranked;
  return top ? { ...top, score: Math.min(0.95, top.score) } : null;
}

/** The parts of a small line "Company · Street 1 · 12345 Town" that stands above an address. */
function partsOf(cell: Cell, line: TextLine): readonly string[] {
  if (/[●•·|∙▪]|\s[-–]\s/.test(line.text) && /\d/.test(line.text)) {
    const parts = cell.text.split(/\s*[●•·|∙▪]\s*|\s+[-–]\s+/).filter((part) => part !== "");
    return parts.slice(0, 1);
  }
  const comma = /^([^,]{3,60}),\s.*\d{4,5}/.exec(cell.text);
  if (comma?.[1] && FORM.test(comma[1])) return [comma[1]];
  const soldBy = /sold by ([\p{Lu}][^.]{2,60}(?:Inc|Ltd|LLC|GmbH)?\.?)$/u.exec(cell.text);
  return soldBy?.[1] ? [soldBy[1]] : [cell.text];
}

function isSenderLine(line: TextLine): boolean {
  return /[●•·|∙▪]/.test(line.text) && /\d{4,5}/.test(line.text);
}

/** Names in web and mail addresses, without those of public mail providers. */
function webNames(text: string): readonly string[] {
  const names = new Set<string>();
  for (const match of text
    .toLowerCase()
    .matchAll(/(?:@|www\.|https?:\/\/(?:www\.)?)([a-z0-9-]{3,40})\.[a-z]{2,}/g)) {
    const name = (match[1] ?? "").replace(/-/g, "");
    if (
      !/^(gmail|outlook|hotmail|yahoo|gmx|web|icloud|aol|googlemail|localhost|mail|proton|fake)$/.test(name)
    ) {
      names.add(name);
    }
  }
  return [...names].slice(0, 20);
}

/** Whether an address, a phone number or a mail address stands under a cell within four lines. */
function followedByContact(lines: readonly TextLine[], line: TextLine, cell: Cell): boolean {
  return lines
    .slice(line.index + 1, line.index + 7)
    .some((next) =>
      next.cells.some(
        (other) =>
          Math.abs(other.box[0] - cell.box[0]) < cell.size * 2 &&
          (/@|\btel\b|phone|www\./i.test(other.text) || ADDRESS.test(other.text)),
      ),
    );
}

function isName(text: string): boolean {
  if (text.length < 2 || text.length > 80 || !/\p{L}{2}/u.test(text)) return false;
  if ((text.match(/\d/g)?.length ?? 0) > text.length / 3) return false;
  if (text.endsWith(":") || /^[^\p{L}\d("'„]/u.test(text)) return false;
  if (FORM.test(text) && text.split(" ").length <= 9)
    return !/[:@]/.test(text) && findDates(text).length === 0;
  return !NOT_NAME.test(fold(text)) && findDates(text).length === 0 && text.split(" ").length <= 6;
}

function clean(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/^[\s:;,.\-–]+|[\s:;,\-–]+$/g, "")
    .trim();
}
