/**
 * Words that stand before values on invoices, folded (lower case, no accents), in English, German, French,
 * Spanish, Italian, Dutch, Portuguese, Polish, Czech, Danish, Norwegian, Swedish and Finnish. A weight from
 * 0 to 1 says how surely the word means the field.
 */
export type Label = readonly [pattern: RegExp, weight: number];

/** No letter follows, and no figure after a letter: "n°118" ends a label, "no118" is a word. */
const END = "(?!\\p{L})(?!(?<=\\p{L})\\d)";
const words = (source: string, weight: number): Label => [
  new RegExp(`(?<![\\p{L}\\d])(?:${source})${END}`, "gu"),
  weight,
];
/** Only where a cell begins: short words mean too much elsewhere. */
const start = (source: string, weight: number): Label => [
  new RegExp(`^[\\s*•-]*(?:${source})${END}`, "gu"),
  weight,
];

const NR = "(?:nummer|number|num|nr|no|n[°ºo]|n\\.|#|id|numero|numer|cislo|numero di)\\.?";
const DOC =
  "(?:tax |vat |sales |commercial |proforma )?invoice|[\\p{L}]*rechnung(?:s-?korrektur)?|rechnungskorrektur|gutschrift|credit ?(?:note|memo)|bill|receipt|facture|avoir|factura|fattura|factuur|creditnota|fatura|faktura|faktury|fakturu|lasku|beleg|document|statement";

export const NUMBER_LABELS: readonly Label[] = [
  words(`(?:${DOC})\\s*(?:\\([^)]{1,12}\\)\\s*)?(?:reference |ref\\.? )?[-–]?\\s*${NR}`, 1),
  words("rechnungs-?\\s?(?:nr|nummer|no)\\.?|re\\.?-?nr\\.?|beleg-?(?:nr|nummer)\\.?|dokument-?nr\\.?", 1),
  words(
    "(?:numero|n[°ºo]\\.?|num\\.?) (?:de |da |di |del |de la )?(?:la )?(?:facture|factura|fattura|fatura|avoir|documento)",
    1,
  ),
  words(
    "factuur-?(?:nummer|nr)\\.?|faktura-?(?:nummer|nr|numer)\\.?|laskun? ?(?:numero|nro)|variabilni symbol|numer faktury|cislo faktury",
    1,
  ),
  words(`(?:${DOC})\\s+(?:[\\p{L}.]+\\s+){1,4}(?:\\([^)]{1,12}\\)\\s*)?(?:nr|no|n[°º])\\.?`, 0.8),
  words(
    "(?:invoice|facture|rechnung|factura|fattura|factuur|fatura|faktura|bill|gutschrift|credit note)\\s*[:#]",
    0.9,
  ),
  words(
    "(?:invoice|facture|rechnung|factura|fattura|factuur|fatura|faktura|bill|gutschrift|credit note)",
    0.4,
  ),
  // "Rechnung 2026-118" as a headline.
  start(
    "(?:tax )?(?:invoice|facture|rechnung|factura|fattura|factuur|fatura|faktura|gutschrift|credit note|avoir)(?=\\s+[\\p{L}/-]*\\d)",
    0.75,
  ),
  words("your reference|our reference|reference|doc(?:ument)? no\\.?", 0.2),
  start("#|nr\\.?|no\\.?|n[°º]|number|nummer", 0.35),
];

export const ISSUE_LABELS: readonly Label[] = [
  words(
    "(?:tax )?invoice date|date of (?:invoice|issue)|issue date|date issued|issued (?:on|at)|bill(?:ing)? date|invoiced on|document date|statement date|receipt date|tax point|invoice dated",
    1,
  ),
  words(
    "rechnungs-?\\s?datum|beleg-?\\s?datum|ausstellungs-?datum|ausgestellt am|datum der (?:rechnung|ausstellung)|rechnung vom",
    1,
  ),
  words(
    "date (?:de |d')?(?:la )?(?:facture|facturation|emission)|date d'emission|facture (?:du|le)|emise? le",
    1,
  ),
  words(
    "fecha (?:de )?(?:la )?(?:factura|emision|expedicion)|data (?:della )?(?:fattura|emissione|documento)|data (?:de |da )?(?:emissao|fatura)",
    1,
  ),
  words(
    "factuur-?datum|faktura-?datum|fakturadato|datum (?:van )?(?:de )?factuur|data wystawienia|datum vystaveni|laskun paivays|paivays",
    1,
  ),
  words(`(?:${DOC})\\b[^\\n]{0,60}?\\b(?:vom|von|dated|issued at|issued on|du|del|dd\\.?|van|of)`, 0.85),
  start("date|datum|dato|fecha|data|paivamaara|dated", 0.6),
];

/** A date of these is not the issue date. */
export const OTHER_DATES =
  /(due|fallig|zahlbar|liefer|leistung|versand|bestell|auftrag|order|delivery|deliver|ship|service|period|echeance|livraison|commande|vencimiento|entrega|pedido|scadenza|consegna|ordine|verval|lever|bestel|forfall|platnosci|sprzedazy|splatnosti|print|druck|supply|valid|expir|payment|booking|birth|geburt|start|end|from|until|zeitraum|gultig|erap)/;

export const DUE_LABELS: readonly Label[] = [
  words(
    "(?:payment )?due (?:date|on|by)|date due|payment due|pay(?:able|ment)? (?:by|before|until|due by)|please (?:pay|remit)[^.]{0,30}?(?:by|until|before)|due",
    1,
  ),
  words(
    "fallig(?:keit)?(?: am| bis| zum|keitsdatum|keitstag)?|falligkeits-?datum|zahlbar (?:bis|am)(?: zum)?|(?:uberweisen|zahlen|begleichen)[^.]{0,50}?bis(?: spatestens)?(?: zum| am)?|zahlungsziel|zahlung bis(?: zum)?",
    1,
  ),
  words(
    "(?:date d')?echeance|date limite(?: de paiement)?|a (?:payer|regler) (?:avant|au plus tard)(?: le)?|payable (?:avant|le)",
    1,
  ),
  words("(?:fecha de )?vencimiento|vence(?: el)?|(?:data )?scadenza|(?:data de )?vencimento|pagar ate", 1),
  words(
    "verval-?datum|uiterste betaaldatum|te betalen (?:voor|voor uiterlijk)|betalen (?:voor|voor het)|forfalls?-?(?:dag|dato|datum)|forfallodat(?:um|o)|betalingsfrist|erapaiva|termin platnosci|datum splatnosti",
    1,
  ),
];

export const GROSS_LABELS: readonly Label[] = [
  words(
    "grand total|invoice total|total (?:invoice )?amount|total \\(?(?:incl|inc)[^\\d]{0,30}|total (?:for|of) (?:this )?invoice|gross (?:amount|total)|amount incl[^\\d]{0,20}|total payable|total including[^\\d]{0,20}|total gross",
    1,
  ),
  words(
    "gesamt-?betrag(?: brutto)?|rechnungs-?betrag(?: brutto)?|brutto-?(?:betrag|summe|gesamt)|(?:summe|gesamt|total|betrag) (?:brutto|inkl\\.?[^\\d]{0,20})|end-?(?:betrag|summe)|gesamt-?summe|rechnungs-?summe|brutto|rechnungsendbetrag",
    1,
  ),
  words("(?:montant )?total (?:general )?(?:t\\.?t\\.?c\\.?)|montant ttc|total ttc|ttc", 1),
  words(
    "(?:importe )?total (?:de )?(?:la )?(?:factura|con iva|iva incl[^\\d]{0,12})|importe total|totale (?:della )?(?:fattura|documento|ivato|complessivo)|total (?:da fatura|com iva|do documento)",
    1,
  ),
  words(
    "totaal (?:incl[^\\d]{0,20}|bedrag|te betalen|generaal)|totaalbedrag(?: incl[^\\d]{0,20})?|eind-?totaal|bedrag incl[^\\d]{0,20}|i alt(?: inkl[^\\d]{0,20})?|att betala|totalt(?: inkl[^\\d]{0,20})?|razem brutto|do zaplaty|celkem(?: k uhrade| s dph)?|yhteensa|totalbelopp|totalbelob",
    1,
  ),
  start("total|totale|totaal|totalt|summe|gesamt|suma", 0.75),
  words("total", 0.4),
];

/** What is still to be paid; also a total when none else is said. */
export const PAYABLE_LABELS: readonly Label[] = [
  words(
    "(?:total )?amount (?:due|payable|owing|outstanding)|balance (?:due|payable)|due payable|total due|to pay|please pay|now due|total amount due",
    1,
  ),
  words(
    "zahl-?betrag|zu zahlen(?:der betrag)?|zahlbarer betrag|offener betrag|noch zu zahlen|zu uberweisen|falliger betrag|restbetrag",
    1,
  ),
  words("net a payer|(?:montant|reste|solde|total) (?:a payer|du)|solde", 1),
  words(
    "total a pagar|importe a pagar|a pagar|totale (?:da pagare|dovuto|a pagare)|netto a pagare|da pagare|valor a pagar",
    1,
  ),
  words(
    "te (?:betalen|voldoen)(?: bedrag)?|openstaand(?: bedrag)?|att betala|a betale|til betaling|do zaplaty|k uhrade|maksettava",
    1,
  ),
];

export const NET_LABELS: readonly Label[] = [
  words(
    "sub-? ?total|net (?:total|amount|amout|value|price)|total (?:net|excl[^\\d]{0,20}|before (?:tax|vat)|ex\\.? (?:vat|gst|tax)|without (?:tax|vat))|taxable (?:amount|value|total)|amount excl[^\\d]{0,20}|(?:excl|excluding|ex)\\.? (?:vat|gst|tax)|total net",
    1,
  ),
  words(
    "netto-?(?:betrag|summe|gesamt|wert|warenwert)|(?:summe|gesamt|total|betrag|rechnungssumme|gesamtbetrag|zwischensumme) (?:netto|ohne ust\\.?|ohne mwst\\.?|exkl[^\\d]{0,20})|gesamt netto|netto|bemessungsgrundlage|steuerpflichtiger betrag",
    1,
  ),
  words("zwischen-?summe|positions-?summe|waren-?wert|basis-?betrag", 0.75),
  words(
    "(?:montant )?(?:total )?(?:h\\.?t\\.?)(?: net)?|sous-?total(?: ht)?|base (?:ht|imposable)|montant net",
    1,
  ),
  words(
    "base imponible|subtotal|(?:totale )?imponibile|totale netto|importe neto|total sin iva|base tributavel|incidencia|total iliquido|valor liquido",
    1,
  ),
  words(
    "sub-?totaal|(?:totaal|bedrag) (?:excl[^\\d]{0,20}|netto)|exclusief btw|excl\\.? btw|delsumma|belopp exkl[^\\d]{0,12}|summa exkl[^\\d]{0,12}|netto|razem netto|zaklad dane|veroton|grundlag(?: for moms)?",
    1,
  ),
];

export const TAX_LABELS: readonly Label[] = [
  words(
    "(?:total )?(?:vat|gst|hst|pst|sales tax|tax)(?: total| amount)?|total tax(?:es)?|tax(?:es)?|igst|cgst|sgst",
    0.9,
  ),
  words(
    "(?:mwst|ust|umsatz-?steuer|mehrwert-?steuer|steuer)\\.?(?:-?betrag| gesamt)?|steuer-?betrag|mwst-betrag|ust-betrag",
    0.9,
  ),
  words("(?:montant |total )?(?:de la )?t\\.?v\\.?a\\.?|taxes?|montant tva", 0.9),
  words("(?:cuota |importe |total )?i\\.?v\\.?a\\.?|imposta|totale iva|valor (?:do )?iva|imposto", 0.9),
  words("(?:totaal )?btw(?:-?bedrag)?|moms(?:belopp|belob)?|mva|(?:kwota )?vat|dph|alv", 0.9),
];

export const ORDER_LABELS: readonly Label[] = [
  words(
    "(?:purchase |your |customer |client )?(?:order|p\\.?o\\.?)\\s*(?:reference|ref\\.?|number|num|no\\.?|nr\\.?|#|n[°º])|purchase order|your order|p\\.?o\\.?(?= ?[:#])",
    1,
  ),
  words(
    "(?:ihre )?bestell-?(?:ung|nummer|nr\\.?|referenz)(?:s-?(?:nummer|nr\\.?))?(?: nr\\.?)?|ihre bestellung|ihr auftrag",
    1,
  ),
  words(
    "(?:bon|n[°ºo]\\.?|numero) de commande|votre commande|commande n[°ºo]\\.?|(?:numero|n[°ºo]\\.?) (?:de )?pedido|pedido|ordine (?:n\\.?|numero|d'acquisto)|vostro ordine|uw (?:bestelling|order|referentie)|bestelnummer|inkoopordernummer|encomenda",
    0.9,
  ),
];

export const SELLER_LABELS: readonly Label[] = [
  start("verkaufer|lieferant|rechnungs-?(?:aussteller|steller)|leistungserbringer|absender", 1),
  start(
    "seller|vendor|supplier|from|sold by|service provider|provider|issued by|billed by|bill from|merchant|payee",
    1,
  ),
  start(
    "vendeur|fournisseur|emetteur|prestataire|vendedor|proveedor|emisor|fornitore|cedente(?:/prestatore)?|mittente|fornecedor|leverancier|verkoper|leverandor|saljare|leverantor|sprzedawca|dodavatel|myyja",
    1,
  ),
];

export const BUYER_LABELS: readonly Label[] = [
  start(
    "kaufer(?:/leistungsempfanger)?|rechnungs-?(?:empfanger|adresse|anschrift)|kunde|leistungsempfanger|auftraggeber|an",
    1,
  ),
  start(
    "bill(?:ed|ing)?[ -]?to(?: address)?|invoice(?:d)? to|sold to|buyer|customer(?: name)?|client|billing address|ship(?:ped)? to|deliver(?:y)? (?:to|address)|recipient|to|attn\\.?",
    1,
  ),
  start(
    "client|facture a|adresse(?:e)? (?:de )?facturation|acheteur|destinataire|cliente|facturar a|comprador|destinatario|cessionario(?:/committente)?|spett\\.?(?:le)?|klant|factuuradres|afnemer|kobare|kunde|nabywca|odberatel|asiakas|warenempfanger",
    1,
  ),
];

export const VAT_ID_LABELS: readonly Label[] = [
  words(
    "ust\\.?-?\\s?id(?:ent)?\\.?(?:-?\\s?(?:nr|nummer|no)\\.?)?|umsatzsteuer-?id(?:entifikationsnummer)?|vat(?:[ -]?(?:id|reg(?:istration)?|number|nr|no))[^\\d]{0,10}?(?:no|number|nr)?\\.?|(?:n[°ºo]\\.? )?(?:de )?tva(?: intra(?:communautaire)?)?|p\\.? ?iva|partita iva|btw(?:-?(?:nr|nummer|id))?|nif|cif|vat|gstin|mwst-?nr\\.?|uid(?:-nr\\.?)?|moms(?:reg)?\\.?-?nr\\.?|nip|dic",
    1,
  ),
];

/** A document with none of these is hardly an invoice. */
export const INVOICE_WORDS =
  /(?<![\p{L}])(invoice|[\p{L}]*rechnung|rechnungs[\p{L}-]+|factuur[\p{L}]+|fattura[\p{L}]+|faktura[\p{L}]+|laskun?|rechnungs-?korrektur|gutschrift|credit ?(?:note|memo)|facture|avoir|factura|fattura|nota di credito|factuur|creditnota|fatura|faktura|faktury|lasku|tax receipt|receipt|bill|statement of account|quittung|kassenbon)(?![\p{L}])/u;

/** Documents that have amounts and often speak of invoices, but are none. */
export const OTHER_DOCUMENTS =
  /^(?:\P{L}*)(quotation|quote|offer|estimate|angebot|kostenvoranschlag|devis|presupuesto|preventivo|offerte|purchase order|bestellung|order confirmation|auftragsbestatigung|delivery note|lieferschein|bon de livraison|packing (?:list|slip)|payslip|gehaltsabrechnung|bank statement|kontoauszug|payment reminder|mahnung|contract|vertrag|curriculum vitae|menu|agenda|remittance advice)(?![\p{L}])/u;
