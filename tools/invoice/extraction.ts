/** Left, bottom, right, top in PDF points, origin at the lower left corner of the page. */
export type Box = readonly [number, number, number, number];

/** Who found a value: the XML inside a PDF, an XML invoice of one syntax, or the layout rules on the page text. */
export type Finder = "embedded-xml" | "ubl" | "cii" | "layout";

/** A value with its evidence: where it stands and the exact text there. */
export type Field<T> = {
  readonly value: T;
  readonly text: string;
  /** Page number from 1; null in XML. */
  readonly page: number | null;
  /** Path in the XML (`/Invoice/ID`); null on a page. */
  readonly path: string | null;
  readonly box: Box | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly by: Finder;
};

/** Amounts are integers in minor units of `currency`; dates are `YYYY-MM-DD`. */
export type InvoiceFields = {
  readonly number: Field<string> | null;
  readonly issueDate: Field<string> | null;
  readonly dueDate: Field<string> | null;
  readonly orderReference: Field<string> | null;
  readonly currency: Field<string> | null;
  readonly sellerName: Field<string> | null;
  readonly sellerVatId: Field<string> | null;
  readonly buyerName: Field<string> | null;
  readonly buyerVatId: Field<string> | null;
  readonly net: Field<number> | null;
  readonly tax: Field<number> | null;
  readonly gross: Field<number> | null;
  readonly payable: Field<number> | null;
  readonly iban: Field<string> | null;
};

export type FieldName = keyof InvoiceFields;

export type InvoiceLine = {
  readonly description: string;
  /** As written, e.g. "2.5"; null when not given. */
  readonly quantity: string | null;
  readonly unitPrice: string | null;
  readonly net: number | null;
};

/** A rule that the invoice keeps or breaks, in words. A broken one means that a person must look. */
export type Check = { readonly name: string; readonly ok: boolean; readonly text: string };

export type DocumentKind = "ubl" | "cii" | "hybrid" | "pdf-text";

/** What the reader met in the file, by looking at the content. */
export type SniffedKind =
  | "pdf"
  | "xml"
  | "html"
  | "image"
  | "archive"
  | "text"
  | "program"
  | "empty"
  | "unknown";

export type RejectionCode =
  | "INV-408"
  | "INV-413"
  | "INV-415"
  | "INV-422"
  | "INV-423"
  | "INV-424"
  | "INV-425"
  | "INV-426";

export type ReadInvoice = {
  readonly status: "invoice";
  readonly kind: DocumentKind;
  readonly documentType: "invoice" | "credit-note";
  readonly fields: InvoiceFields;
  readonly lines: readonly InvoiceLine[];
  /** All account numbers of the payee that it names, the first of them in `fields.iban`. */
  readonly accounts: readonly string[];
  readonly checks: readonly Check[];
  /** True when a check is broken: nothing may be accepted without a person's look. */
  readonly needsPerson: boolean;
};

export type Rejection = {
  readonly status: "rejected";
  readonly kind: SniffedKind;
  readonly code: RejectionCode;
  /** What happened, what it means, what to do. */
  readonly message: string;
};

export type Extraction = ReadInvoice | Rejection;

/** Totals and sums that only XML states, for the checks. */
export type StatedSums = {
  /** Sum of line amounts, allowances taken off and charges added, as stated per entry; null when unknown. */
  readonly linesNet: number | null;
  /** Gross minus prepaid plus rounding, as stated; null when unknown. */
  readonly expectedPayable: number | null;
  /** Number of tax rates, each of which may round by one minor unit. */
  readonly taxRates: number;
  /** Currency codes met on amounts. */
  readonly currencies: readonly string[];
};

/** What a reader of one syntax or layout hands to the checks. */
export type Reading = {
  readonly documentType: "invoice" | "credit-note";
  readonly fields: InvoiceFields;
  readonly lines: readonly InvoiceLine[];
  readonly sums: StatedSums;
  /** All account numbers of the payee, when there is more than one choice. */
  readonly accounts: readonly string[];
  /** Free text people can read, to be looked through for orders. */
  readonly freeText: string;
};
