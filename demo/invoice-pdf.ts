import {
  AFRelationship,
  type Color,
  PDFDocument,
  type PDFFont,
  type PDFPage,
  rgb,
  StandardFonts,
} from "pdf-lib";
import { BUYER, type SampleInvoice, totalsOf } from "./invoice-samples.ts";
import { toCii } from "./invoice-xml.ts";

const INK = rgb(0.12, 0.13, 0.15);
const GREY = rgb(0.42, 0.44, 0.47);
const RULE = rgb(0.82, 0.83, 0.85);
const ACCENTS: Readonly<Record<string, Color>> = {
  "pdf-classic": rgb(0.13, 0.3, 0.44),
  "pdf-modern": rgb(0.72, 0.3, 0.16),
  "pdf-plain": INK,
  hybrid: rgb(0.16, 0.4, 0.3),
};

const WORDS = {
  de: {
    title: "Rechnung",
    number: "Rechnungsnummer",
    date: "Rechnungsdatum",
    due: "Fällig am",
    order: "Ihre Bestellung",
    text: "Bezeichnung",
    quantity: "Menge",
    price: "Einzelpreis",
    amount: "Betrag",
    net: "Nettobetrag",
    tax: (percent: number) => `Umsatzsteuer ${percent} %`,
    gross: "Rechnungsbetrag",
    vat: "USt-IdNr.",
    to: "Rechnungsempfänger",
  },
  en: {
    title: "Invoice",
    number: "Invoice number",
    date: "Invoice date",
    due: "Due date",
    order: "Purchase order",
    text: "Description",
    quantity: "Quantity",
    price: "Unit price",
    amount: "Amount",
    net: "Subtotal",
    tax: (percent: number) => `VAT ${percent}%`,
    gross: "Total",
    vat: "VAT no.",
    to: "Bill to",
  },
} as const;

type Pen = {
  readonly page: PDFPage;
  readonly plain: PDFFont;
  readonly bold: PDFFont;
  readonly accent: Color;
};

/** A sample as PDF with a text layer; the same bytes at every run. A hybrid carries its CII as attachment. */
export async function toPdf(sample: SampleInvoice): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const day = new Date(`${sample.issueDate}T08:00:00Z`);
  pdf.setCreationDate(day);
  pdf.setModificationDate(day);
  pdf.setTitle(`${WORDS[sample.language].title} ${sample.number}`);
  pdf.setAuthor(sample.seller.name);
  const pen: Pen = {
    page: pdf.addPage([595, 842]),
    plain: await pdf.embedFont(StandardFonts.Helvetica),
    bold: await pdf.embedFont(StandardFonts.HelveticaBold),
    accent: ACCENTS[sample.form] ?? INK,
  };
  if (sample.form === "pdf-plain") drawPlain(pen, sample);
  else if (sample.form === "pdf-modern") drawModern(pen, sample);
  else drawClassic(pen, sample);
  if (sample.form === "hybrid") {
    await pdf.attach(new TextEncoder().encode(toCii(sample)), "factur-x.xml", {
      mimeType: "text/xml",
      description: "Factur-X, EN 16931",
      creationDate: day,
      modificationDate: day,
      afRelationship: AFRelationship.Alternative,
    });
  }
  return pdf.save({ useObjectStreams: false });
}

/** Letterhead on the right, address window on the left, a box of dates, a table, the bank in the foot. */
function drawClassic(pen: Pen, sample: SampleInvoice): void {
  const { seller } = sample;
  const words = WORDS[sample.language];
  put(pen, seller.name, 350, 780, 15, { bold: true, color: pen.accent });
  [seller.street, seller.city, seller.phone, `www.${seller.web}`].forEach((line, i) => {
    put(pen, line, 350, 762 - i * 13, 9, { color: GREY });
  });
  put(pen, `${seller.name} · ${seller.street} · ${seller.city}`, 60, 700, 7, { color: GREY });
  [BUYER.name, BUYER.street, BUYER.city].forEach((line, i) => {
    put(pen, line, 60, 682 - i * 14, 11);
  });
  put(pen, words.title, 60, 590, 20, { bold: true, color: pen.accent });
  facts(sample).forEach(([label, value], i) => {
    put(pen, label, 350, 606 - i * 15, 9, { color: GREY });
    put(pen, value, 470, 606 - i * 15, 9, { bold: true });
  });
  const below = drawLines(pen, sample, 520);
  drawTotals(pen, sample, below - 16);
  put(pen, sample.note, 60, below - 110, 9, { width: 470 });
  rule(pen, 92);
  put(pen, `${words.vat} ${seller.vatId}`, 60, 76, 8, { color: GREY });
  put(pen, `IBAN ${grouped(seller.iban)}`, 220, 76, 8, { color: GREY });
  put(pen, seller.bank, 440, 76, 8, { color: GREY });
}

/** A band of colour with title and number, seller and buyer side by side, the sum in large figures. */
function drawModern(pen: Pen, sample: SampleInvoice): void {
  const { seller } = sample;
  const words = WORDS[sample.language];
  const { gross } = totalsOf(sample);
  pen.page.drawRectangle({ x: 0, y: 762, width: 595, height: 80, color: pen.accent });
  put(pen, seller.name, 48, 806, 17, { bold: true, color: rgb(1, 1, 1) });
  put(pen, `${seller.street}, ${seller.city}`, 48, 786, 9, { color: rgb(1, 1, 1) });
  put(pen, words.title.toUpperCase(), 430, 802, 19, { bold: true, color: rgb(1, 1, 1) });
  put(pen, words.to, 48, 722, 9, { color: GREY });
  [BUYER.name, BUYER.street, BUYER.city].forEach((line, i) => {
    put(pen, line, 48, 706 - i * 14, 10);
  });
  facts(sample).forEach(([label, value], i) => {
    put(pen, `${label}: ${value}`, 330, 722 - i * 15, 10);
  });
  const below = drawLines(pen, sample, 610);
  drawTotals(pen, sample, below - 14);
  put(pen, sample.note, 48, below - 120, 9, { width: 500 });
  rule(pen, 132);
  put(
    pen,
    sample.language === "de" ? "Bitte überweisen Sie auf dieses Konto:" : "Please pay to this account:",
    48,
    114,
    9,
    { bold: true },
  );
  put(pen, `IBAN: ${grouped(seller.iban)}`, 48, 98, 9);
  put(pen, seller.bank, 48, 84, 9);
  put(pen, money(gross, sample), 430, 96, 16, { bold: true, color: pen.accent });
  put(pen, `${words.vat} ${seller.vatId}   ${seller.phone}   billing@${seller.web}`, 48, 52, 8, {
    color: GREY,
  });
}

/** As an old accounting program prints it: everything on the left, in one size. */
function drawPlain(pen: Pen, sample: SampleInvoice): void {
  const { seller } = sample;
  const words = WORDS[sample.language];
  const { net, tax, gross } = totalsOf(sample);
  let y = 790;
  const line = (text: string, bold = false) => {
    put(pen, text, 56, y, 10, { bold });
    y -= 15;
  };
  for (const text of [seller.name, seller.street, seller.city]) line(text, text === seller.name);
  y -= 30;
  for (const text of [BUYER.name, BUYER.street, BUYER.city]) line(text);
  y -= 24;
  line(`${words.title} Nr. ${sample.number} vom ${dayOf(sample.issueDate, sample)}`, true);
  if (sample.order) line(`Bestellnummer: ${sample.order}`);
  y = drawLines(pen, sample, y - 14) - 10;
  line(`${words.net}: ${money(net, sample)}`);
  line(`${words.tax(sample.taxPercent)}: ${money(tax, sample)}`);
  line(`Gesamtbetrag: ${money(gross, sample)}`, true);
  y -= 15;
  line(`Bitte überweisen Sie den Betrag bis zum ${dayOf(sample.dueDate, sample)} auf das Konto`);
  line(`${grouped(seller.iban)} bei der ${seller.bank}.`);
  line(sample.note);
  put(pen, `${seller.name}  ${words.vat} ${seller.vatId}  ${seller.phone}  www.${seller.web}`, 56, 48, 8, {
    color: GREY,
  });
}

function facts(sample: SampleInvoice): readonly (readonly [string, string])[] {
  const words = WORDS[sample.language];
  return [
    [words.number, sample.number],
    [words.date, dayOf(sample.issueDate, sample)],
    [words.due, dayOf(sample.dueDate, sample)],
    ...(sample.order ? ([[words.order, sample.order]] as const) : []),
  ];
}

function drawLines(pen: Pen, sample: SampleInvoice, top: number): number {
  const words = WORDS[sample.language];
  const head: readonly (readonly [string, number])[] = [
    [words.quantity, 350],
    [words.price, 440],
    [words.amount, 540],
  ];
  put(pen, words.text, 60, top, 9, { bold: true });
  for (const [word, right] of head) put(pen, word, right, top, 9, { bold: true, isRight: true });
  rule(pen, top - 6);
  let y = top - 22;
  for (const line of sample.lines) {
    put(pen, line.text, 60, y, 9);
    put(pen, String(line.quantity), 350, y, 9, { isRight: true });
    put(pen, money(line.priceMinor, sample), 440, y, 9, { isRight: true });
    put(pen, money(line.quantity * line.priceMinor, sample), 540, y, 9, { isRight: true });
    y -= 17;
  }
  rule(pen, y + 8);
  return y;
}

function drawTotals(pen: Pen, sample: SampleInvoice, top: number): void {
  const words = WORDS[sample.language];
  const { net, tax, gross } = totalsOf(sample);
  const rows: readonly (readonly [string, number])[] = [
    [words.net, net],
    [words.tax(sample.taxPercent), tax],
    [words.gross, gross],
  ];
  rows.forEach(([word, minor], i) => {
    const isLast = i === rows.length - 1;
    put(pen, word, 360, top - i * 17, isLast ? 11 : 9, { bold: isLast });
    put(pen, money(minor, sample), 540, top - i * 17, isLast ? 11 : 9, { bold: isLast, isRight: true });
  });
}

function put(
  pen: Pen,
  text: string,
  x: number,
  y: number,
  size: number,
  look: {
    readonly bold?: boolean;
    readonly color?: Color;
    readonly isRight?: boolean;
    readonly width?: number;
  } = {},
): void {
  const font = look.bold ? pen.bold : pen.plain;
  const left = look.isRight ? x - font.widthOfTextAtSize(text, size) : x;
  pen.page.drawText(text, {
    x: left,
    y,
    size,
    font,
    color: look.color ?? INK,
    ...(look.width ? { maxWidth: look.width, lineHeight: size * 1.4 } : {}),
  });
}

function rule(pen: Pen, y: number): void {
  pen.page.drawLine({ start: { x: 48, y }, end: { x: 547, y }, thickness: 0.6, color: RULE });
}

function money(minor: number, sample: SampleInvoice): string {
  const plain = (minor / 100).toLocaleString(sample.language === "de" ? "de-DE" : "en-GB", {
    minimumFractionDigits: 2,
  });
  if (sample.language === "de") return `${plain} €`;
  return sample.currency === "GBP" ? `£${plain}` : `€${plain}`;
}

function dayOf(iso: string, sample: SampleInvoice): string {
  const [year, month, day] = iso.split("-");
  if (sample.language === "de") return `${day}.${month}.${year}`;
  const name = new Date(`${iso}T12:00:00Z`).toLocaleString("en-GB", { month: "long", timeZone: "UTC" });
  return `${Number(day)} ${name} ${year}`;
}

function grouped(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, "$1 ");
}
