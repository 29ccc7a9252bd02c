import { BUYER, type SampleInvoice, totalsOf } from "./invoice-samples.ts";

const GUIDELINE = "urn:cen.eu:en16931:2017";

/** A sample as UBL 2.1 (EN 16931). */
export function toUbl(sample: SampleInvoice): string {
  const { seller, currency } = sample;
  const { net, tax, gross } = totalsOf(sample);
  const money = (tag: string, minor: number) =>
    `<cbc:${tag} currencyID="${currency}">${decimal(minor)}</cbc:${tag}>`;
  const category = `<cbc:ID>${sample.taxPercent === 0 ? "K" : "S"}</cbc:ID><cbc:Percent>${sample.taxPercent}</cbc:Percent>`;
  const scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>";
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>${GUIDELINE}</cbc:CustomizationID>
  <cbc:ID>${sample.number}</cbc:ID>
  <cbc:IssueDate>${sample.issueDate}</cbc:IssueDate>
  <cbc:DueDate>${sample.dueDate}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:Note>${escapeXml(sample.note)}</cbc:Note>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
${sample.order ? `  <cac:OrderReference><cbc:ID>${sample.order}</cbc:ID></cac:OrderReference>\n` : ""}  <cac:AccountingSupplierParty><cac:Party>
    <cac:PostalAddress><cbc:StreetName>${escapeXml(seller.street)}</cbc:StreetName><cbc:CityName>${escapeXml(seller.city)}</cbc:CityName><cac:Country><cbc:IdentificationCode>${seller.country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>${seller.vatId}</cbc:CompanyID>${scheme}</cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>${escapeXml(seller.name)}</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PostalAddress><cbc:StreetName>${BUYER.street}</cbc:StreetName><cbc:CityName>${BUYER.city}</cbc:CityName><cac:Country><cbc:IdentificationCode>${BUYER.country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>${BUYER.name}</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>${seller.iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:TaxTotal>${money("TaxAmount", tax)}<cac:TaxSubtotal>${money("TaxableAmount", net)}${money("TaxAmount", tax)}<cac:TaxCategory>${category}${scheme}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
  <cac:LegalMonetaryTotal>${money("LineExtensionAmount", net)}${money("TaxExclusiveAmount", net)}${money("TaxInclusiveAmount", gross)}${money("PayableAmount", gross)}</cac:LegalMonetaryTotal>
${sample.lines
  .map(
    (line, i) =>
      `  <cac:InvoiceLine><cbc:ID>${i + 1}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">${line.quantity}</cbc:InvoicedQuantity>${money("LineExtensionAmount", line.quantity * line.priceMinor)}<cac:Item><cbc:Name>${escapeXml(line.text)}</cbc:Name><cac:ClassifiedTaxCategory>${category}${scheme}</cac:ClassifiedTaxCategory></cac:Item><cac:Price>${money("PriceAmount", line.priceMinor)}</cac:Price></cac:InvoiceLine>`,
  )
  .join("\n")}
</Invoice>
`;
}

/** A sample as UN/CEFACT Cross Industry Invoice (EN 16931, Factur-X). */
export function toCii(sample: SampleInvoice): string {
  const { seller, currency } = sample;
  const { net, tax, gross } = totalsOf(sample);
  const day = (iso: string) =>
    `<udt:DateTimeString format="102">${iso.replaceAll("-", "")}</udt:DateTimeString>`;
  const category = `<ram:TypeCode>VAT</ram:TypeCode>`;
  const rate = `<ram:CategoryCode>${sample.taxPercent === 0 ? "K" : "S"}</ram:CategoryCode><ram:RateApplicablePercent>${sample.taxPercent}</ram:RateApplicablePercent>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>${GUIDELINE}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument><ram:ID>${sample.number}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>${day(sample.issueDate)}</ram:IssueDateTime><ram:IncludedNote><ram:Content>${escapeXml(sample.note)}</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
${sample.lines
  .map(
    (line, i) =>
      `    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>${i + 1}</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>${escapeXml(line.text)}</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>${decimal(line.priceMinor)}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">${line.quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>${category}${rate}</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${decimal(line.quantity * line.priceMinor)}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>`,
  )
  .join("\n")}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:Name>${escapeXml(seller.name)}</ram:Name><ram:PostalTradeAddress><ram:LineOne>${escapeXml(seller.street)}</ram:LineOne><ram:CityName>${escapeXml(seller.city)}</ram:CityName><ram:CountryID>${seller.country}</ram:CountryID></ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">${seller.vatId}</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>${BUYER.name}</ram:Name><ram:PostalTradeAddress><ram:LineOne>${BUYER.street}</ram:LineOne><ram:CityName>${BUYER.city}</ram:CityName><ram:CountryID>${BUYER.country}</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty>
${sample.order ? `      <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>${sample.order}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>\n` : ""}    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>${currency}</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>${seller.iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>${decimal(tax)}</ram:CalculatedAmount>${category}<ram:BasisAmount>${decimal(net)}</ram:BasisAmount>${rate}</ram:ApplicableTradeTax>
      <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>${day(sample.dueDate)}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>${decimal(net)}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>${decimal(net)}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="${currency}">${decimal(tax)}</ram:TaxTotalAmount><ram:GrandTotalAmount>${decimal(gross)}</ram:GrandTotalAmount><ram:DuePayableAmount>${decimal(gross)}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
`;
}

function decimal(minor: number): string {
  return `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
