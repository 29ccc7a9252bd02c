import type { Finder, InvoiceLine, Reading } from "./extraction.ts";
import { accountField, amountField, currencyField, dateField, textField } from "./field.ts";
import { toMinor } from "./money.ts";
import { all, at, type XmlNode } from "./xml-node.ts";

/** Whether an element is a UN/CEFACT Cross Industry Invoice, of ZUGFeRD 1 (D13B) or later (D16B). */
export function isCii(root: XmlNode): boolean {
  return root.name === "CrossIndustryInvoice" || root.name === "CrossIndustryDocument";
}

/**
 * Reads a UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2 and XRechnung (EN 16931-3-3), and the older
 * element names of ZUGFeRD 1.0.
 */
export function readCii(root: XmlNode, by: Finder): Reading {
  const header = at(root, "ExchangedDocument|HeaderExchangedDocument");
  const trade = at(root, "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction");
  const agreement = at(trade, "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement");
  const settlement = at(trade, "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement");
  const totals = at(
    settlement,
    "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation",
  );
  const currencyNode = at(settlement, "InvoiceCurrencyCode");
  const currency = currencyNode?.text.trim() || totals?.children[0]?.attributes.currencyID || "XXX";
  const seller = at(agreement, "SellerTradeParty");
  const buyer = at(agreement, "BuyerTradeParty");
  const terms = all(settlement, "SpecifiedTradePaymentTerms");
  const means = all(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const payees = means.map((one) => at(one, "PayeePartyCreditorFinancialAccount"));
  const accounts = ["IBANID", "ProprietaryID"].flatMap((name) =>
    payees.flatMap((payee) => all(payee, name).filter((node) => node.text.trim() !== "")),
  );
  const taxTotals = all(totals, "TaxTotalAmount");
  const tax = taxTotals.find((total) => total.attributes.currencyID === currency) ?? taxTotals[0];
  const amount = (name: string) => amountField(at(totals, name), currency, by);
  const minor = (name: string) => toMinor(at(totals, name)?.text ?? "0", currency);
  const lines = all(trade, "IncludedSupplyChainTradeLineItem");
  const gross = amount("GrandTotalAmount");
  const prepaid = minor("TotalPrepaidAmount");
  const rounding = minor("RoundingAmount");
  return {
    documentType: ["381", "396", "261"].includes(at(header, "TypeCode")?.text.trim() ?? "")
      ? "credit-note"
      : "invoice",
    fields: {
      number: textField(at(header, "ID"), by),
      issueDate: dateField(at(header, "IssueDateTime", "DateTimeString"), by),
      dueDate:
        terms
          .map((one) => dateField(at(one, "DueDateDateTime", "DateTimeString|DateTime"), by))
          .find((field) => field !== null) ?? null,
      orderReference:
        textField(at(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID|ID"), by) ?? null,
      currency: currencyField(currencyNode, by),
      sellerName: textField(at(seller, "Name"), by),
      sellerVatId: vatId(seller, by),
      buyerName: textField(at(buyer, "Name"), by),
      buyerVatId: vatId(buyer, by),
      net: amount("TaxBasisTotalAmount"),
      tax: amountField(tax, currency, by),
      gross,
      payable: amount("DuePayableAmount") ?? gross,
      iban: accountField(accounts[0], by),
    },
    lines: lines.map((line) => readLine(line, currency)),
    sums: {
      linesNet: sumLines(lines, settlement, currency),
      expectedPayable:
        gross && prepaid !== null && rounding !== null ? gross.value - prepaid + rounding : null,
      taxRates: Math.max(1, all(settlement, "ApplicableTradeTax").length),
      currencies: taxTotals.length === 1 && tax?.attributes.currencyID ? [tax.attributes.currencyID] : [],
    },
    accounts: accounts.map((account) => account.text.replace(/\s/g, "").toUpperCase()),
    freeText: [
      ...all(header, "IncludedNote").flatMap((note) => all(note, "Content")),
      ...terms.flatMap((one) => all(one, "Description")),
      ...means.flatMap((one) => all(one, "Information")),
      ...all(settlement, "PaymentReference"),
      ...lines.flatMap((line) => all(at(line, "SpecifiedTradeProduct"), "Name|Description")),
    ]
      .map((node) => node.text)
      .join("\n"),
  };
}

function vatId(party: XmlNode | undefined, by: Finder) {
  const registrations = all(party, "SpecifiedTaxRegistration").map((one) => at(one, "ID"));
  return textField(
    registrations.find((id) => id?.attributes.schemeID === "VA"),
    by,
  );
}

function lineNet(line: XmlNode): XmlNode | undefined {
  const settlement = at(line, "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement");
  return at(
    settlement,
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation",
    "LineTotalAmount",
  );
}

function readLine(line: XmlNode, currency: string): InvoiceLine {
  const agreement = at(line, "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement");
  const delivery = at(line, "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery");
  return {
    description: at(line, "SpecifiedTradeProduct", "Name")?.text.trim() ?? "",
    quantity: at(delivery, "BilledQuantity")?.text.trim() ?? null,
    unitPrice: at(agreement, "NetPriceProductTradePrice", "ChargeAmount")?.text.trim() ?? null,
    net: toMinor(lineNet(line)?.text ?? "", currency),
  };
}

function sumLines(
  lines: readonly XmlNode[],
  settlement: XmlNode | undefined,
  currency: string,
): number | null {
  let sum = 0;
  for (const line of lines) {
    // A line without an amount is a remark among the lines (ZUGFeRD 1).
    const stated = lineNet(line);
    const net = stated ? toMinor(stated.text, currency) : 0;
    if (net === null) return null;
    sum += net;
  }
  for (const one of all(settlement, "SpecifiedTradeAllowanceCharge")) {
    const amount = toMinor(at(one, "ActualAmount")?.text ?? "", currency);
    if (amount === null) return null;
    sum += at(one, "ChargeIndicator", "Indicator")?.text.trim() === "true" ? amount : -amount;
  }
  for (const one of all(settlement, "SpecifiedLogisticsServiceCharge")) {
    const amount = toMinor(at(one, "AppliedAmount")?.text ?? "", currency);
    if (amount === null) return null;
    sum += amount;
  }
  return lines.length > 0 ? sum : null;
}
