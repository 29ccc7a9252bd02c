import type { FieldName } from "../../../tools/invoice/extraction.ts";

export type Layout = {
  readonly name: string;
  /** Drawn for `pageOf`. */
  readonly page: string;
  readonly expected: Partial<Record<FieldName, string | number>>;
  /** Checks that must be broken; none when left out. */
  readonly holds?: readonly string[];
};

/** Invented invoices in the manner of many countries; written for the tests, after no vendor's form. */
export const LAYOUTS: readonly Layout[] = [
  {
    name: "French, totals at the right, net à payer",
    page: `
ATELIER DUBOIS SARL
14 rue de la Gare
44000 Nantes
                                            Brightwell GmbH
                                            Köpenicker Straße 41
                                            10179 Berlin
FACTURE N° FA-2026-0098
Date de facture : 03/11/2026
Date d'échéance : 03/12/2026
Votre commande : 4500123

Désignation                           Qté       P.U. HT     Total HT
Câblage                               3         400,00      1 200,00

                                            Total HT        1 200,00 €
                                            TVA 20,00 %     240,00 €
                                            Total TTC       1 440,00 €
                                            Net à payer     1 440,00 €

SIRET 418 822 907 00012 - TVA FR88418822907 - IBAN FR76 3000 4015 8700 0248 1739 097`,
    expected: {
      number: "FA-2026-0098",
      issueDate: "2026-11-03",
      dueDate: "2026-12-03",
      orderReference: "4500123",
      currency: "EUR",
      sellerName: "ATELIER DUBOIS SARL",
      sellerVatId: "FR88418822907",
      net: 120_000,
      tax: 24_000,
      gross: 144_000,
      payable: 144_000,
      iban: "FR7630004015870002481739097",
    },
  },
  {
    name: "Indian, two taxes, grouping by lakh",
    page: `
Sundaram Electricals Pvt. Ltd.
Plot 12, Guindy Industrial Estate
Chennai 600032
GSTIN: 33AABCS1429B1ZB

                              TAX INVOICE
Invoice No.         SE/26-27/0413          Dated         5-Nov-2026
Buyer's Order No.   PO-77                  Due Date      20-Nov-2026

Description              Qty       Rate          Amount
Driver 40 W              250       600.00        1,50,000.00

                                   Taxable Value        1,50,000.00
                                   CGST @ 9%            13,500.00
                                   SGST @ 9%            13,500.00
                                   Grand Total          Rs. 1,77,000.00

Amount in words: INR One Lakh Seventy Seven Thousand Only`,
    expected: {
      number: "SE/26-27/0413",
      issueDate: "2026-11-05",
      dueDate: "2026-11-20",
      currency: "INR",
      sellerName: "Sundaram Electricals Pvt. Ltd.",
      net: 15_000_000,
      tax: 2_700_000,
      gross: 17_700_000,
    },
  },
  {
    name: "American, month first, values below their labels",
    page: `
Blue Heron Supply LLC                                    INVOICE
902 Harbor Blvd, Tampa, FL 33602
billing@blueheronsupply.example

INVOICE #        INVOICE DATE       P.O. #             DUE DATE
10023            11/04/2026         PO-5512            12/04/2026

BILL TO
Brightwell Inc
1 Main St
Boston, MA 02110

DESCRIPTION                     QTY       PRICE         AMOUNT
Cable                           10        $25.00        $250.00
Freight                         1         $40.00        $40.00

                                          Subtotal         $290.00
                                          Sales Tax (7%)   $20.30
                                          TOTAL            $310.30`,
    expected: {
      number: "10023",
      issueDate: "2026-11-04",
      dueDate: "2026-12-04",
      orderReference: "PO-5512",
      currency: "USD",
      sellerName: "Blue Heron Supply LLC",
      buyerName: "Brightwell Inc",
      net: 29_000,
      tax: 2_030,
      gross: 31_030,
    },
  },
  {
    name: "Spanish, one line per fact",
    page: `
Talleres Ibarra S.L.
Calle Mayor 8, 48001 Bilbao
CIF: ESB95123456

Factura nº: 2026/331
Fecha de factura: 9 de noviembre de 2026
Fecha de vencimiento: 9 de diciembre de 2026
Cliente: Brightwell GmbH

Base imponible                  800,00 €
IVA 21%                         168,00 €
Total factura                   968,00 €`,
    expected: {
      number: "2026/331",
      issueDate: "2026-11-09",
      dueDate: "2026-12-09",
      currency: "EUR",
      sellerName: "Talleres Ibarra S.L.",
      buyerName: "Brightwell GmbH",
      net: 80_000,
      tax: 16_800,
      gross: 96_800,
    },
  },
  {
    name: "Italian, totals in a table of one row",
    page: `
Officine Ferrante S.r.l.
Via Emilia 22, 41121 Modena
P.IVA IT01234567890

Fattura n. 145/2026 del 10/11/2026
Spett.le Brightwell GmbH
Scadenza: 10/12/2026

Imponibile           IVA 22%             Totale fattura
1.500,00 €           330,00 €            1.830,00 €`,
    expected: {
      number: "145/2026",
      issueDate: "2026-11-10",
      dueDate: "2026-12-10",
      currency: "EUR",
      sellerName: "Officine Ferrante S.r.l.",
      net: 150_000,
      tax: 33_000,
      gross: 183_000,
    },
  },
  {
    name: "Dutch, thousands by point, letterhead at the right",
    page: `
                                            Van Dijk Verlichting B.V.
                                            Kade 4
                                            3011 AB Rotterdam
                                            IBAN NL14 INGB 0004 5193 86

Factuurnummer      V2026-771
Factuurdatum       6 november 2026
Vervaldatum        20 november 2026

Totaal excl. btw                                 € 2.400,00
BTW 21%                                          € 504,00
Totaal incl. btw                                 € 2.904,00`,
    expected: {
      number: "V2026-771",
      issueDate: "2026-11-06",
      dueDate: "2026-11-20",
      sellerName: "Van Dijk Verlichting B.V.",
      net: 240_000,
      tax: 50_400,
      gross: 290_400,
      iban: "NL14INGB0004519386",
    },
  },
  {
    name: "British, a previous balance is not this invoice's sum",
    page: `
Cotswold Signs Ltd
2 Mill Lane, Stroud GL5 1AA
VAT Reg No GB412773953

Invoice              CS-88
Date                 7 November 2026
Payment due          7 December 2026

                                   Net total           £100.00
                                   VAT @ 20%           £20.00
                                   Invoice total       £120.00
                                   Previous balance    £300.00
                                   Amount due          £420.00`,
    expected: {
      number: "CS-88",
      issueDate: "2026-11-07",
      dueDate: "2026-12-07",
      currency: "GBP",
      sellerName: "Cotswold Signs Ltd",
      net: 10_000,
      tax: 2_000,
      gross: 12_000,
      payable: 42_000,
    },
    holds: ["payable"],
  },
  {
    name: "German, two rates, sums in the last row of a table",
    page: `
Gebr. Möller Elektro KG
Hafenstr. 9
20457 Hamburg

Rechnung Nr.       40071            Kunden-Nr.       5521
Rechnungsdatum     11.11.2026       Lieferdatum      02.11.2026
Fällig bis         25.11.2026

Netto         MwSt-Satz      MwSt-Betrag       Brutto
1.000,00      19 %           190,00            1.190,00
200,00        7 %            14,00             214,00
1.200,00                     204,00            1.404,00

Alle Beträge in EUR`,
    expected: {
      number: "40071",
      issueDate: "2026-11-11",
      dueDate: "2026-11-25",
      currency: "EUR",
      sellerName: "Gebr. Möller Elektro KG",
      net: 120_000,
      tax: 20_400,
      gross: 140_400,
    },
  },
  {
    name: "French utility, facts in sentences, euros in words",
    page: `
Énergie du Ponant
Service Clients, TSA 20001, 29000 Quimper
www.energie-ponant.example

Facture n°562044387 du 2 Novembre 2026
Vos identifiants : 00123

Total HT                                          24,99
Montant TVA (20.00%)                              5,00
Total de la facture TTC                           29,99
Somme à payer TTC : 29,99 Euros
Prélèvement le 12/11/2026`,
    expected: {
      number: "562044387",
      issueDate: "2026-11-02",
      currency: "EUR",
      net: 2_499,
      tax: 500,
      gross: 2_999,
    },
    holds: ["complete"],
  },
  {
    name: "Indian marketplace, whole rupees, sold by",
    page: `
Tax Invoice/Bill                              Invoice No: # KV_WF20261000982590
Sold By: Kaveri Retail Private Limited        Order Date: 11-10-2026
42/1 Hosur Road, Bengaluru 560068             Invoice Date: 12-10-2026

Product            Qty      Price          Tax          Total
USB cable          1        Rs. 270        Rs. 49       Rs. 319
Total              1        Rs. 270        Rs. 49       Rs. 319
                                           Grand Total  Rs. 319.00`,
    expected: {
      number: "KV_WF20261000982590",
      issueDate: "2026-10-12",
      currency: "INR",
      sellerName: "Kaveri Retail Private Limited",
      gross: 31_900,
    },
  },
  {
    name: "German hosting, abbreviations, sums named by currency",
    page: `
                                            NetzHaus GmbH
                                            Uferweg 2
                                            63571 Gelnhausen
                                            info@netzhaus.example
NetzHaus GmbH, Uferweg 2, 63571 Gelnhausen
Brightwell GmbH
10179 Berlin

Rechnung
Rechnungsnr.     30064443             Datum      3. November 2026

                                 Total EUR ohne MwSt.      29,00
                                 19% MwSt.                 5,51
                                 Total EUR inkl. MwSt.     34,51
Der Betrag wird am 10. November 2026 fällig und abgebucht.`,
    expected: {
      number: "30064443",
      issueDate: "2026-11-03",
      currency: "EUR",
      sellerName: "NetzHaus GmbH",
      net: 2_900,
      tax: 551,
      gross: 3_451,
    },
  },
  {
    name: "Swiss, apostrophes between thousands",
    page: `
Alpenlicht AG
Bahnhofstrasse 3, 8001 Zürich
CHE-116.281.710 MWST

Rechnung 2026-118
Rechnungsdatum: 04.11.2026
Zahlbar bis: 04.12.2026

                                Nettobetrag          CHF 12'000.00
                                MWST 8.1%            CHF 972.00
                                Rechnungsbetrag      CHF 12'972.00`,
    expected: {
      number: "2026-118",
      issueDate: "2026-11-04",
      dueDate: "2026-12-04",
      currency: "CHF",
      sellerName: "Alpenlicht AG",
      net: 1_200_000,
      tax: 97_200,
      gross: 1_297_200,
    },
  },
  {
    name: "Swedish, kronor by code",
    page: `
Ljusverk AB
Storgatan 1, 211 20 Malmö

Fakturanummer        88120
Fakturadatum         2026-11-05
Förfallodatum        2026-12-05

                                Netto                4 000,00
                                Moms 25%             1 000,00
                                Att betala SEK       5 000,00`,
    expected: {
      number: "88120",
      issueDate: "2026-11-05",
      dueDate: "2026-12-05",
      currency: "SEK",
      sellerName: "Ljusverk AB",
      net: 400_000,
      tax: 100_000,
      gross: 500_000,
    },
  },
  {
    name: "a credit note, negative amounts",
    page: `
Cotswold Signs Ltd
2 Mill Lane, Stroud GL5 1AA

Credit note number: CN-12
Date: 7 November 2026

                                Net total            -£100.00
                                VAT 20%              -£20.00
                                Total                -£120.00`,
    expected: { number: "CN-12", net: -10_000, tax: -2_000, gross: -12_000 },
  },
];
