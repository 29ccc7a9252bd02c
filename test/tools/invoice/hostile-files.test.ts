import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { PDFDocument } from "pdf-lib";
import { afterAll, describe, expect, test } from "vitest";
import { ERRORS } from "../../../src/types/error-catalogue.ts";
import { extractInvoice, stopExtracting } from "../../../tools/invoice/extract.ts";
import { extractForCommandLine } from "../../../tools/invoice/extract-to-json.ts";
import { makePdf, packedZeros, rawPdf } from "./make-pdf.ts";
import { sample } from "./payables-world.ts";

afterAll(stopExtracting);

const bytes = (text: string) => new TextEncoder().encode(text);
/** The rejection of a file, in bounded time. */
async function refusal(content: Uint8Array, name = "invoice.pdf", withinMs = 8_000) {
  const startedAt = performance.now();
  const result = await extractInvoice(content, name);
  expect(performance.now() - startedAt).toBeLessThan(withinMs);
  if (result.status !== "rejected") throw new Error(`read as ${result.kind}`);
  expect(ERRORS).toHaveProperty(result.code);
  return result;
}
const UBL = () => Buffer.from(sample("tilbury-metals-TM-3309.xml") ?? []).toString();

describe("a file that is not what its name says", () => {
  const files: readonly (readonly [what: string, content: Uint8Array, kind: string, code: string])[] = [
    ["nothing", new Uint8Array(), "empty", "INV-415"],
    ["a program", bytes("MZ\u0090\u0000rest"), "program", "INV-415"],
    ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), "image", "INV-415"],
    ["an office document", new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14]), "archive", "INV-415"],
    ["a zip with a PDF header inside", bytes("PK\u0003\u0004....%PDF-1.7"), "archive", "INV-415"],
    ["a web page", bytes("<!DOCTYPE html><html><body>Invoice 12</body></html>"), "html", "INV-415"],
    ["plain text", bytes("Invoice 12, total 100.00 EUR"), "text", "INV-415"],
    ["a PDF header alone", bytes("%PDF-1.7\n"), "pdf", "INV-422"],
    ["XML that is no invoice", bytes("<catalogue><book/></catalogue>"), "xml", "INV-426"],
  ];
  for (const [what, content, kind, code] of files) {
    test(`${what} is told apart by its content`, async () => {
      const result = await refusal(content);
      expect([result.kind, result.code]).toEqual([kind, code]);
      expect(result.message).toMatch(/^[^!]+\.$/);
    });
  }

  test("an XML invoice named .pdf is read as what it is", async () => {
    const result = await extractInvoice(bytes(UBL()), "scan.pdf");
    expect(result.status === "invoice" && result.kind).toBe("ubl");
  });

  test("more than 20 MB are refused unread", async () => {
    expect((await refusal(new Uint8Array(20 * 1024 * 1024 + 1).fill(0x25), "a.pdf", 500)).code).toBe(
      "INV-413",
    );
  });

  test("a name with control characters and markup does not come back as such", async () => {
    const result = await refusal(bytes("hello"), "a\u202egnp.[x](http://evil)\n`b`.pdf");
    expect(result.message).not.toMatch(/[\n\u202e`[\]]/);
  });
});

describe("hostile XML", () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ""};`.repeat(10)}">`).join("")}]>`;
  const dtds: readonly (readonly [string, string])[] = [
    ["an external entity", `<!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>`],
    ["a billion laughs", laughs],
    ["a parameter entity", `<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>`],
    ["an external subset", `<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:1/x.dtd">`],
    ["a comment before it", `<!-- <![CDATA[ --><!DOCTYPE a [<!ENTITY x "y">]><!-- ]]> -->`],
  ];
  for (const [what, dtd] of dtds) {
    test(`${what} is refused unread`, async () => {
      const xml = UBL().replace(/(<\?xml[^>]*\?>)/, `$1${dtd}`);
      expect((await refusal(bytes(xml), "a.xml", 2_000)).code).toBe("INV-425");
    });
  }

  test("in UTF-16 a DTD is seen as well", async () => {
    const xml = `<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, "utf16le")]);
    expect((await refusal(new Uint8Array(utf16), "a.xml")).code).toBe("INV-425");
  });

  test("an entity that nobody declared stays the text it is", async () => {
    const result = await extractInvoice(
      bytes(UBL().replace("Tilbury Metals Ltd", "A &amp; B &#228; &xxe;")),
      "a.xml",
    );
    expect(result.status === "invoice" && result.fields.sellerName?.value).toBe("A & B ä &xxe;");
  });

  const broken: readonly (readonly [string, string, string])[] = [
    ["cut off in the middle", UBL().slice(0, 1_500), "INV-422"],
    ["with crossed tags", "<Invoice><a></Invoice></a>", "INV-422"],
    ["of a hundred thousand levels", `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`, "INV-413"],
    ["of a million elements", `<Invoice>${"<a/>".repeat(1_000_000)}</Invoice>`, "INV-413"],
    ["of open brackets only", `<a>${"<".repeat(500_000)}`, "INV-422"],
    ["of open comments only", `<a>${"<!--".repeat(300_000)}`, "INV-422"],
    ["with hostile names", `<Invoice><__proto__><x>1</x></__proto__><constructor/></Invoice>`, "INV-426"],
  ];
  for (const [what, xml, code] of broken) {
    test(`${what}: refused in bounded time`, async () => {
      const result = await refusal(bytes(xml), "a.xml", 5_000);
      if (code === "INV-426") expect(["INV-422", "INV-426"]).toContain(result.code);
      else expect(result.code).toBe(code);
      expect(({} as Record<string, unknown>).x).toBeUndefined();
    });
  }

  test("an invoice without any value is held for a person, not guessed", async () => {
    const result = await extractInvoice(bytes(`<Invoice><LegalMonetaryTotal/></Invoice>`), "a.xml");
    expect(result.status === "invoice" && result.needsPerson).toBe(true);
  });
});

describe("hostile PDF", () => {
  test("a stream that unpacks to 400 MB is refused before it is unpacked", async () => {
    expect((await refusal(rawPdf(packedZeros(400_000_000), "/Filter /FlateDecode"))).code).toBe("INV-413");
  });

  test("a bomb inside a bomb is refused", async () => {
    const nested = deflateSync(packedZeros(400_000_000));
    expect((await refusal(rawPdf(nested, "/Filter [/FlateDecode /FlateDecode]"))).code).toBe("INV-413");
  });

  test("one with a password says so", async () => {
    const secret = "41".repeat(32);
    const trailer = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${secret}> /U <${secret}> /P -44 >> /ID [<00> <00>]`;
    expect(
      (await refusal(rawPdf(deflateSync(bytes("BT ET")), "/Filter /FlateDecode", { trailer }))).code,
    ).toBe("INV-423");
  });

  test("pages that contain themselves do not hang the reader", async () => {
    const pages = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 900000000 >>";
    const result = await refusal(rawPdf(bytes("BT ET"), "", { pages }), "a.pdf", 22_000);
    expect(["INV-422", "INV-424", "INV-408"]).toContain(result.code);
  });

  test("two thousand pages are read from both ends in bounded time", async () => {
    const pdf = await PDFDocument.create();
    for (let i = 0; i < 2_000; i++) pdf.addPage([200, 200]).drawText(`Page ${i}`, { x: 10, y: 100 });
    expect((await refusal(await pdf.save(), "a.pdf", 10_000)).code).toBe("INV-426");
  });

  test("a scan without text layer is handed to a person in those words", async () => {
    const result = await refusal(await makePdf([]));
    expect(result.code).toBe("INV-424");
    expect(result.message).toContain("This PDF has no text layer; a person must type it in.");
  });

  test("a file that takes too long ends only its own worker", async () => {
    const good = sample("lichtwerk-glas-LG-2026-1180.pdf") ?? new Uint8Array();
    const slow = await extractInvoice(good, "a.pdf", { timeoutMs: 1 });
    expect(slow.status === "rejected" && slow.code).toBe("INV-408");
    expect((await extractInvoice(good, "a.pdf")).status).toBe("invoice");
  });

  test("many at once all get their answer", async () => {
    const good = sample("lampada-2026-0417.pdf") ?? new Uint8Array();
    const results = await Promise.all(Array.from({ length: 12 }, () => extractInvoice(good, "a.pdf")));
    expect(new Set(results.map((one) => one.status))).toEqual(new Set(["invoice"]));
  });

  test("an aborted reading stops", async () => {
    const good = sample("lampada-2026-0417.pdf") ?? new Uint8Array();
    await expect(
      extractInvoice(good, "a.pdf", { signal: AbortSignal.abort(new Error("stopped")) }),
    ).rejects.toThrow("stopped");
  });
});

describe("any bytes at all", () => {
  const samples = ["lichtwerk-glas-LG-2026-1180.pdf", "lampada-2026-0417.pdf", "tilbury-metals-TM-3309.xml"];

  test("a damaged invoice is read or refused, never a throw", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 40,
        }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        async (name, changes, share) => {
          const whole = sample(name) ?? new Uint8Array();
          const damaged = whole.slice(0, Math.ceil(whole.length * share));
          for (const [at, byte] of changes) damaged[Math.floor(at * (damaged.length - 1))] = byte;
          const result = await extractForCommandLine(damaged, name);
          expect(result.error === null || typeof result.error === "object").toBe(true);
          expect(JSON.parse(JSON.stringify(result))).toEqual(result);
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });
});
