import type { Finder, InvoiceLine, Reading } from "./extraction.ts";
import { accountField, amountField, currencyField, dateField, textField } from "./field.ts";
import { toMinor } from "./money.ts";
import { all, at, type XmlNode } from "./xml-node.ts";

/** Whether an element is a UBL 2.1 invoice or credit note. */
export function isUbl(root: XmlNode): boolean {
  return (
    (root.name === "Invoice" || root.name === "CreditNote") && at(root, "LegalMonetaryTotal") !== undefined
  );
}

/** Reads a UBL 2.1 Invoice or CreditNote (OASIS UBL 2.1; EN 16931-3-2 says which element is which term). */
export function readUbl(root: XmlNode, by: Finder): Reading {
  const currencyNode = at(root, "DocumentCurrencyCode");
  const totals = at(root, "LegalMonetaryTotal");
  const currency =
    currencyNode?.text.trim() || at(totals, "PayableAmount")?.attributes.currencyID?.trim() || "XXX";
  const seller = at(root, "AccountingSupplierParty", "Party");
  const buyer = at(root, "AccountingCustomerParty", "Party");
  const accounts = all(root, "PaymentMeans").flatMap((means) => {
    const account = at(means, "PayeeFinancialAccount", "ID");
    return account ? [account] : [];
  });
  const taxTotals = all(root, "TaxTotal");
  // A second TaxTotal may state the tax in the accounting currency (BT-111); the invoice's own comes first.
  const tax =
    taxTotals.find((total) => at(total, "TaxAmount")?.attributes.currencyID === currency) ?? taxTotals[0];
  const amount = (name: string) => amountField(at(totals, name), currency, by);
  const minor = (name: string) => toMinor(at(totals, name)?.text ?? "0", currency);
  const lines = all(root, "InvoiceLine|CreditNoteLine");
  const payable = amount("PayableAmount");
  const gross = amount("TaxInclusiveAmount") ?? payable;
  const prepaid = minor("PrepaidAmount");
  const rounding = minor("PayableRoundingAmount");
  // XRechnung's extension lets a seller collect a third party's claim: it adds to what is payable.
  const collected = all(root, "PrepaidPayment").reduce(
    (sum, one) => sum + (toMinor(at(one, "PaidAmount")?.text ?? "0", currency) ?? 0),
    0,
  );
  return {
    documentType:
      root.name === "CreditNote" ||
      ["381", "396", "261"].includes(at(root, "InvoiceTypeCode")?.text.trim() ?? "")
        ? "credit-note"
        : "invoice",
    fields: {
      number: textField(at(root, "ID"), by),
      issueDate: dateField(at(root, "IssueDate"), by),
      dueDate:
        dateField(at(root, "DueDate"), by) ?? dateField(at(root, "PaymentMeans", "PaymentDueDate"), by),
      orderReference: textField(at(root, "OrderReference", "ID"), by),
      currency: currencyField(currencyNode, by),
      sellerName: partyName(seller, by),
      sellerVatId: vatId(seller, by),
      buyerName: partyName(buyer, by),
      buyerVatId: vatId(buyer, by),
      net: amount("TaxExclusiveAmount"),
      tax: amountField(at(tax, "TaxAmount"), currency, by),
      gross,
      payable,
      iban: accountField(accounts[0], by),
    },
    lines: lines.map((line) => readLine(line, currency)),
    sums: {
      linesNet: sumLines(lines, all(root, "AllowanceCharge"), currency),
      expectedPayable:
        gross && prepaid !== null && rounding !== null ? gross.value - prepaid + rounding + collected : null,
      taxRates: Math.max(1, all(tax, "TaxSubtotal").length),
      currencies: totals ? totals.children.map((child) => child.attributes.currencyID ?? currency) : [],
    },
    accounts: accounts.map((account) => account.text.replace(/\s/g, "").toUpperCase()),
    freeText: [
      ...all(root, "Note"),
      ...all(root, "PaymentTerms").flatMap((terms) => all(terms, "Note")),
      ...all(root, "PaymentMeans").flatMap((means) => all(means, "PaymentID|InstructionNote")),
      ...lines.flatMap((line) => [...all(line, "Note"), ...all(at(line, "Item"), "Name|Description")]),
    ]
      .map((node) => node.text)
      .join("\n"),
  };
}

function partyName(party: XmlNode | undefined, by: Finder) {
  return (
    textField(at(party, "PartyLegalEntity", "RegistrationName"), by) ??
    textField(at(party, "PartyName", "Name"), by)
  );
}

function vatId(party: XmlNode | undefined, by: Finder) {
  const schemes = all(party, "PartyTaxScheme");
  const vat = schemes.find((scheme) => at(scheme, "TaxScheme", "ID")?.text.trim() === "VAT");
  return textField(at(vat, "CompanyID"), by);
}

function readLine(line: XmlNode, currency: string): InvoiceLine {
  return {
    description: (at(line, "Item", "Name") ?? at(line, "Item", "Description"))?.text.trim() ?? "",
    quantity: at(line, "InvoicedQuantity|CreditedQuantity")?.text.trim() ?? null,
    unitPrice: at(line, "Price", "PriceAmount")?.text.trim() ?? null,
    net: toMinor(at(line, "LineExtensionAmount")?.text ?? "", currency),
  };
}

function sumLines(
  lines: readonly XmlNode[],
  adjustments: readonly XmlNode[],
  currency: string,
): number | null {
  let sum = 0;
  for (const line of lines) {
    const net = toMinor(at(line, "LineExtensionAmount")?.text ?? "", currency);
    if (net === null) return null;
    sum += net;
  }
  for (const adjustment of adjustments) {
    const amount = toMinor(at(adjustment, "Amount")?.text ?? "", currency);
    if (amount === null) return null;
    sum += at(adjustment, "ChargeIndicator")?.text.trim() === "true" ? amount : -amount;
  }
  return lines.length > 0 ? sum : null;
}
