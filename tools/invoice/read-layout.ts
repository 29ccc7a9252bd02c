import { type Candidate, findCandidates } from "./candidates.ts";
import type { Field, InvoiceFields, Reading } from "./extraction.ts";
import { NO_FIELDS } from "./field.ts";
import { amountStyle, findAmounts } from "./find-amounts.ts";
import { dateOrder, findDates, fold } from "./find-dates.ts";
import { type FoundName, findParties } from "./find-parties.ts";
import * as labels from "./labels.ts";
import { findAccounts, findCurrency, parseAmount, parseDate, parseNumber } from "./layout-values.ts";
import type { PdfPage } from "./read-pdf.ts";
import { solveTotals } from "./solve-totals.ts";
import type { Cell, TextLine } from "./text-line.ts";

const VAT_ID =
  /(?<![A-Z0-9])((?:AT)?U\d{8}|[A-Z]{2}[A-Z0-9]{2}\d{6,10}[A-Z0-9]{0,3}|CHE[-. ]?\d{3}[. ]?\d{3}[. ]?\d{3})(?![A-Z0-9])/;

/**
 * Reads an invoice from the text of its pages by words, places and sums that invoices have in common; null
 * when it has neither. Knows no vendor.
 */
export function readLayout(lines: readonly TextLine[], pages: readonly PdfPage[]): Reading | null {
  const text = lines.map((line) => line.text).join("\n");
  const folded = fold(text.slice(0, 200_000));
  const currency = findCurrency(text);
  const code = currency?.code ?? "EUR";
  const style = amountStyle(text);
  const order = dateOrder(text, currency?.code ?? null);
  const amount = parseAmount(code, style);
  const search = (wanted: readonly labels.Label[], below: number, isOther?: (cell: string) => boolean) =>
    findCandidates(lines, { labels: wanted, parse: amount, below, ...(isOther ? { isOther } : {}) });
  const isPartial = (cell: string) =>
    /(zuschlag|abschlag|rabatt|discount|remise|korting|skonto|anzahlung|previous|vorherig|carried|ubertrag)/.test(
      cell,
    );
  const payable = search(labels.PAYABLE_LABELS, 3);
  const gross = [
    ...search(labels.GROSS_LABELS, 12, (cell) => isPartial(cell) || (isNetCell(cell) && !isGrossCell(cell))),
    ...payable.map((one) => ({ ...one, score: one.score * 0.8 })),
  ];
  const net = search(labels.NET_LABELS, 12, (cell) => isPartial(cell) || isGrossCell(cell));
  const tax = search(labels.TAX_LABELS, 12, (cell) => isNetCell(cell) || isGrossCell(cell) || isTaxId(cell));
  const amounts = allAmounts(lines, code, style);
  const totals = solveTotals(net, tax, gross, amounts);
  const number = findCandidates(lines, {
    labels: labels.NUMBER_LABELS,
    parse: parseNumber,
    below: 2,
    isOther: (cell) =>
      /(datum|\bdate\b|fecha|betrag|amount|total|summe|period|empfang|adress|anschrift|to:)/.test(cell) &&
      !/(nr|no|number|nummer|num|n°|nº|numero|#)\b/.test(cell),
  })[0];
  if (!isInvoice(folded, gross.length > 0, number !== undefined)) return null;
  const dates = { parse: parseDate(order), below: 3 };
  const due = findCandidates(lines, { labels: labels.DUE_LABELS, ...dates })[0];
  const issue =
    findCandidates(lines, {
      labels: labels.ISSUE_LABELS,
      ...dates,
      isOther: (cell) =>
        labels.OTHER_DATES.test(cell) &&
        !/(invoice|rechnung|facture|factura|fattura|factuur|faktura|beleg|issue|korrektur)/.test(cell),
    })[0] ?? anyDate(lines, order, due?.value);
  const reference = findCandidates(lines, {
    labels: labels.ORDER_LABELS,
    parse: parseNumber,
    below: 2,
    isOther: (cell) => /(datum|date|fecha)/.test(cell),
  })[0];
  const parties = findParties(lines, pages);
  const accounts = findAccounts(lines);
  const [account] = accounts;
  const sureTotals = totals.isConsistent ? 0.15 : -0.1;
  const openSum = payable.find((one) => one.value !== 0) ?? null;
  const openField = openSum ?? totals.gross;
  const fields: InvoiceFields = {
    ...NO_FIELDS,
    number: toField(number),
    issueDate: toField(issue),
    dueDate: toField(due),
    orderReference: toField(reference),
    currency: currency ? currencyField(currency, lines) : null,
    sellerName: nameField(parties.seller),
    sellerVatId: vatIdField(lines, parties.buyer),
    buyerName: nameField(parties.buyer),
    net: toField(totals.net, sureTotals),
    tax: toField(totals.tax, sureTotals),
    gross: toField(totals.gross, sureTotals),
    payable: toField(openField, totals.isConsistent && openField?.value === totals.gross?.value ? 0.15 : 0),
    iban: account
      ? toField({
          value: account.value,
          text: account.text,
          cell: account.cell,
          score: account.isValid ? 0.95 : 0.6,
          place: "same",
        })
      : null,
  };
  return {
    documentType:
      /(?<![\p{L}])(credit ?(?:note|memo)|gutschrift|rechnungs-?korrektur|avoir|nota di credito|nota de credito|creditnota|kreditnota)(?![\p{L}])/u.test(
        headOf(lines),
      ) || (totals.gross?.value ?? 0) < 0
        ? "credit-note"
        : "invoice",
    fields,
    lines: [],
    sums: {
      linesNet: null,
      expectedPayable: expectedPayable(totals.gross?.value, openField?.value, amounts),
      taxRates: 2,
      currencies: currency && currency.share < 0.6 ? [currency.code, "several"] : [],
    },
    accounts: accounts.map((one) => one.value),
    freeText: text,
  };
}

/** What should be payable: the total, less a prepayment that the page shows. */
function expectedPayable(
  gross: number | undefined,
  payable: number | undefined,
  amounts: readonly Candidate<number>[],
): number | null {
  if (gross === undefined || payable === undefined) return null;
  const prepaid = gross - payable;
  const isShown = payable >= 0 && prepaid > 0 && amounts.some((one) => Math.abs(one.value) === prepaid);
  return isShown ? payable : gross;
}

function isNetCell(cell: string): boolean {
  return /(netto|\bnet\b|\bht\b|excl|exkl|ohne (?:ust|mwst)|sub-?total|zwischensumme|imponib|before tax|base imp)/.test(
    cell,
  );
}

function isGrossCell(cell: string): boolean {
  return /(brutto|\bttc\b|inkl|incl|grand total)/.test(cell) && !/(excl|exkl)/.test(cell);
}

function isTaxId(cell: string): boolean {
  return (
    /(?:ust|vat|tva|btw|iva|tax|steuer)[\s.-]*(?:id|nr|no|number|nummer|reg)/.test(cell) ||
    /steuernummer/.test(cell)
  );
}

/** The words at the top, where a document says what it is. */
function headOf(lines: readonly TextLine[]): string {
  return fold(
    lines
      .slice(0, 25)
      .map((line) => line.text)
      .join("\n"),
  );
}

function isInvoice(folded: string, hasTotal: boolean, hasNumber: boolean): boolean {
  if (!hasTotal) return false;
  const head = folded.slice(0, 1500);
  const isNamed = labels.INVOICE_WORDS.test(folded);
  const isOther = head
    .split("\n")
    .slice(0, 25)
    .some((line) => labels.OTHER_DOCUMENTS.test(line.trim()));
  if (isOther && !labels.INVOICE_WORDS.test(head)) return false;
  return isNamed && (hasNumber || labels.INVOICE_WORDS.test(head));
}

/** The first date near the top that no other label claims. */
function anyDate(
  lines: readonly TextLine[],
  order: ReturnType<typeof dateOrder>,
  due: string | undefined,
): Candidate<string> | undefined {
  for (const line of lines.filter((one) => one.page === 1).slice(0, 30)) {
    for (const cell of line.cells) {
      if (labels.OTHER_DATES.test(fold(line.text))) continue;
      const [date] = findDates(cell.text, order);
      if (date && date.iso !== due)
        return { value: date.iso, text: date.text, cell, score: 0.45, place: "same" };
    }
  }
  return undefined;
}

function allAmounts(
  lines: readonly TextLine[],
  currency: string,
  style: ReturnType<typeof amountStyle>,
): readonly Candidate<number>[] {
  return lines.flatMap((line) =>
    line.cells.flatMap((cell) =>
      findAmounts(cell.text, currency, style)
        .filter((found) => found.isMoney && found.minor !== 0)
        .map(
          (found): Candidate<number> => ({
            value: found.minor,
            text: found.text,
            cell,
            score: 0,
            place: "same",
          }),
        ),
    ),
  );
}

function vatIdField(lines: readonly TextLine[], buyer: FoundName | null): Field<string> | null {
  const found = findCandidates(lines, {
    labels: labels.VAT_ID_LABELS,
    parse: (text) => {
      const match = VAT_ID.exec(text.toUpperCase().replace(/(?<=[A-Z]{2}) (?=\d)|(?<=\d) (?=\d{3})/g, ""));
      return match?.[1] ? [{ value: match[1].replace(/[-. ]/g, ""), text: match[1], quality: 1 }] : [];
    },
    below: 1,
  });
  // The one right under the buyer's name is the buyer's.
  const isBuyers = (one: Candidate<string>) =>
    buyer !== null &&
    one.cell.page === buyer.cell.page &&
    one.cell.line > buyer.cell.line &&
    one.cell.line < buyer.cell.line + 7 &&
    Math.abs(one.cell.box[0] - buyer.cell.box[0]) < 40;
  return toField(found.find((one) => !isBuyers(one)) ?? null);
}

function currencyField(
  currency: NonNullable<ReturnType<typeof findCurrency>>,
  lines: readonly TextLine[],
): Field<string> | null {
  const line = lines.find((one) => one.text.includes(currency.text)) ?? lines[0];
  return line
    ? toField({
        value: currency.code,
        text: currency.text,
        cell: cellAt(line, currency.text),
        score: 0.5 + currency.share * 0.45,
        place: "same",
      })
    : null;
}

function nameField(name: FoundName | null): Field<string> | null {
  return name ? toField({ ...name, place: "same" }) : null;
}

function cellAt(line: TextLine, text: string): Cell {
  const found =
    line.cells.find((cell) => cell.text.toUpperCase().includes(text.toUpperCase())) ?? line.cells[0];
  return (
    found ?? { page: line.page, line: line.index, text: line.text, box: [0, line.y, 0, line.y], size: 10 }
  );
}

function toField<T>(candidate: Candidate<T> | null | undefined, more = 0): Field<T> | null {
  if (!candidate) return null;
  const [left, bottom, right, top] = candidate.cell.box;
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    value: candidate.value,
    text: candidate.text,
    page: candidate.cell.page,
    path: null,
    box: [round(left), round(bottom), round(right), round(top)],
    confidence: Math.round(Math.max(0.05, Math.min(0.98, candidate.score + more)) * 100) / 100,
    by: "layout",
  };
}
