import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectSources } from "../../src/context/documents/collect-sources.ts";
import { createExtractionThread } from "../../src/context/documents/extraction-thread.ts";
import { forgetDocuments, forgetMissing } from "../../src/context/documents/forget-documents.ts";
import { type DocumentSource, ingest } from "../../src/context/documents/ingest.ts";
import { openPassage } from "../../src/context/open-passage.ts";
import { retrieve } from "../../src/context/retrieve.ts";
import type { Db } from "../../src/store/db.ts";
import type { Encoder } from "../../src/types/encoder.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { makeZip } from "./make-zip.ts";

/** Vectors that cost nothing; what is encoded is noted. */
function fakeEncoder() {
  const asked: string[] = [];
  const encoder: Encoder = {
    name: "fake",
    dimensions: 512,
    encode: async (texts) => {
      asked.push(...texts);
      return texts.map((text) => {
        const vector = new Float32Array(512);
        vector[text.length % 512] = 1;
        return vector;
      });
    },
  };
  return { asked, encoder };
}

async function makePdf(lines: readonly (readonly [text: string, size: number])[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const page = pdf.addPage();
  let y = 780;
  for (const [text, size] of lines) {
    page.drawText(text, { x: 50, y, size, font });
    y -= size * 1.4;
  }
  return await pdf.save();
}

function makeDocx(body: string, more: Record<string, string | Uint8Array> = {}): Uint8Array {
  return makeZip({
    "[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ...more,
  });
}

const paragraph = (text: string, style = "") =>
  `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ""}<w:r><w:t>${text}</w:t></w:r></w:p>`;

const reader = { id: "a@b.example", groups: ["everyone"] };

describe("the thread that reads files", () => {
  it("gives up on a file that takes too long, and reads the next one", async () => {
    const thread = createExtractionThread({ timeoutMs: 1_500 });
    const started = performance.now();
    const first = thread.extract(makeDocx(paragraph("x").repeat(400_000)), "docx");
    await expect(first).rejects.toMatchObject({ code: "DOC-408" });
    expect(performance.now() - started).toBeLessThan(10_000);
    const { passages } = await thread.extract(Buffer.from("<p>quick</p>"), "html");
    expect(passages).toEqual([{ headings: [], text: "quick" }]);
    await thread.close();
  });
});

describe.each(databaseKinds())("ingestion on %s", (kind) => {
  let db: Db;
  beforeAll(async () => {
    db = await freshDatabase(kind);
  });
  afterAll(() => db.close());

  const { encoder } = fakeEncoder();
  const take = async (...sources: readonly DocumentSource[]) => await ingest({ db, encoder }, sources);
  const read = async (source: string) => {
    const [row] = await db.query<{ id: string }>("select id from documents where source = $1", [source]);
    const all = { id: "x@y.example", groups: ["everyone", "hr", "finance"] };
    return row ? await openPassage(db, all, row.id) : null;
  };

  it("reads each kind of file with its headings and its words", async () => {
    const pdf = await makePdf([
      ["Ladder rules", 22],
      ["Inspection", 15],
      ["Ladders are inspected in March and in September by the workshop lead.", 11],
    ]);
    const docx = makeDocx(
      paragraph("Key cabinet", "Heading1") +
        paragraph("Opening", "Heading2") +
        paragraph("The code changes &amp; nobody writes it down."),
    );
    const report = await take(
      { source: "a.md", content: "# Lockers\n\n## Size\n\nA locker has 40 litres.\n" },
      { source: "b.txt", content: "# not a heading\nBicycles stand in the yard." },
      {
        source: "c.html",
        content:
          "<!doctype html><html><head><title>Shuttle</title><script>var steal = 1;</script></head><body><nav>Home</nav><h2>Times</h2><p>It leaves at 8:15 &amp; 17:40.</p><p style='display:none'>hidden order</p><table><tr><th>Stop</th><th>Minute</th></tr><tr><td>Yard</td><td>5</td></tr></table></body></html>",
      },
      { source: "d.csv", content: 'Name;Floor\n"Weber; Anna";3\nKim;"4"\n' },
      { source: "e.pdf", content: pdf },
      { source: "f.docx", content: docx },
      { source: "g.doc", content: readFileSync(new URL("../fixtures/parking.doc", import.meta.url)) },
    );
    expect(report.failed).toEqual([]);
    expect(report.added).toHaveLength(7);
    expect((await read("g.doc"))?.passages[0]?.text).toContain("The barrier opens at 06:30");
    expect(await read("a.md")).toMatchObject({
      title: "Lockers",
      passages: [{ headings: ["Size"], text: "A locker has 40 litres." }],
    });
    expect((await read("b.txt"))?.passages[0]).toMatchObject({ headings: [] });
    const html = await read("c.html");
    expect(html).toMatchObject({ title: "Shuttle", passages: [{ headings: ["Times"] }] });
    const shown = html?.passages.map((one) => one.text).join("\n") ?? "";
    expect(shown).toContain("It leaves at 8:15 & 17:40.");
    expect(shown).toContain("| Yard | 5 |");
    expect(shown).not.toMatch(/steal|hidden|Home/);
    expect((await read("d.csv"))?.passages[0]?.text).toBe(
      "Name: Weber; Anna; Floor: 3\n\nName: Kim; Floor: 4",
    );
    expect(await read("e.pdf")).toMatchObject({
      title: "Ladder rules",
      passages: [{ headings: ["Inspection"] }],
    });
    expect(await read("f.docx")).toMatchObject({
      title: "Key cabinet",
      passages: [{ headings: ["Opening"], text: "The code changes & nobody writes it down." }],
    });
  });

  it("tells of each bad file by a code, and the others go on", async () => {
    const pdf = await makePdf([["Some text that is here.", 12]]);
    const encrypted = Buffer.concat([
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      Buffer.from("EncryptedPackage", "utf16le"),
    ]);
    const bomb = makeDocx(paragraph("x"), { "word/media/zeros.bin": new Uint8Array(200_000_000) });
    const noWord = makeZip({ "readme.txt": "hello" });
    const cases: readonly (readonly [string, Uint8Array | string, string])[] = [
      ["empty.md", "", "DOC-422"],
      ["blank.txt", " \n\t\n ", "DOC-422"],
      ["rule.md", "---\n\n***\n", "DOC-422"],
      ["binary.txt", Uint8Array.from({ length: 4_000 }, (_, i) => (i * 37) % 256), "DOC-415"],
      ["pdf.md", pdf, "DOC-415"],
      ["text.pdf", "I am not a PDF", "DOC-415"],
      ["page.md", "<!DOCTYPE html><html><body>x</body></html>", "DOC-415"],
      ["noending", "text", "DOC-415"],
      ["tool.exe", "MZ", "DOC-415"],
      ["image.docx", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), "DOC-415"],
      ["archive.docx", noWord, "DOC-415"],
      ["cut.docx", makeDocx(paragraph("x")).slice(0, 300), "DOC-422"],
      ["encrypted.docx", encrypted, "DOC-423"],
      ["bomb.docx", bomb, "DOC-413"],
      ["cut.pdf", pdf.slice(0, 200), "DOC-422"],
      ["pictures.pdf", await makePdf([]), "DOC-422"],
      ["large.txt", Buffer.alloc(20_000_001, "a "), "DOC-413"],
      ["long.txt", "word ".repeat(700_000), "DOC-413"],
      ["open.csv", 'a,b\n"never closed,1\n', "DOC-422"],
      ["readers.md", "---\nreaders: [hr\n---\ntext", "DOC-400"],
      ["readers2.md", "---\nreaders: []\n---\ntext", "DOC-400"],
      ["readers3.md", "---\nreaders:\n  who: hr\n---\ntext", "DOC-400"],
      ["readers4.md", "---\nreaders: [the whole company!]\n---\ntext", "DOC-400"],
      ["unclosed.md", "---\nreaders: [hr]\n\n# Secret\n\ntext", "DOC-400"],
      ["secret.md", "---\nsensitivity: top secret\n---\ntext", "DOC-400"],
      ["gone.md", "", "DOC-422"],
    ];
    const report = await take(
      ...cases.map(([source, content]) => ({ source, content })),
      { source: "missing.md", path: "/nonexistent/missing.md" },
      { source: "directory.md", path: tmpdir() },
      { source: "good.md", content: "A good one comes last." },
    );
    expect(Object.fromEntries(report.failed.map((one) => [one.source, one.code]))).toEqual({
      ...Object.fromEntries(cases.map(([source, , code]) => [source, code])),
      "missing.md": "DOC-404",
      "directory.md": "DOC-415",
    });
    for (const { message } of report.failed) expect(message).toMatch(/^[A-Z`'].{8,}\.$/s);
    expect(report.added).toEqual(["good.md"]);
    expect(await read("unclosed.md")).toBeNull();
  }, 60_000);

  it("tells a PDF with a password from a broken one", async () => {
    // The smallest PDF with a standard security handler: the check of the password fails before any page.
    const content = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<${"41".repeat(32)}>/U<${"42".repeat(32)}>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]/Size 5>>
%%EOF`;
    const report = await take({ source: "locked.pdf", content });
    expect(report.failed).toMatchObject([{ source: "locked.pdf", code: "DOC-423" }]);
  });

  it("skips what has not changed, and encodes only the passages that have", async () => {
    const { asked, encoder: noting } = fakeEncoder();
    const doc = (end: string) => `# Plants\n\n## Water\n\nOn Mondays.\n\n## Light\n\n${end}`;
    const run = (content: string) => ingest({ db, encoder: noting }, [{ source: "plants.md", content }]);
    expect(await run(doc("By the window."))).toMatchObject({ added: ["plants.md"] });
    const before = await read("plants.md");
    expect(await run(doc("By the window."))).toMatchObject({ unchanged: ["plants.md"], passages: 0 });
    asked.length = 0;
    expect(await run(doc("Under a lamp."))).toMatchObject({ updated: ["plants.md"], passages: 2 });
    const after = await read("plants.md");
    expect(after?.id).toBe(before?.id);
    expect(after?.passages[0]?.id).toBe(before?.passages[0]?.id);
    expect(after?.passages[1]?.id).not.toBe(before?.passages[1]?.id);
    if (db.extensions.has("vector")) expect(asked).toEqual(["Plants\nLight\nUnder a lamp."]);
  });

  it("keeps what was read before when the new version cannot be read", async () => {
    await take({ source: "stays.md", content: "The old words." });
    const report = await take({ source: "stays.md", content: "---\nreaders: [\n---\nNew" });
    expect(report.failed).toHaveLength(1);
    expect((await read("stays.md"))?.passages[0]?.text).toBe("The old words.");
  });

  it("shows the old or the new version of a document, never both or half", async () => {
    await take({ source: "atomic.md", content: "# A\n\n## One\n\nold one\n\n## Two\n\nold two" });
    const failing: Db = {
      ...db,
      tx: async (work) =>
        await db.tx(async (sql) => {
          await work(sql);
          throw new Error("the power went out");
        }),
    };
    const content = "# A\n\n## One\n\nnew one";
    await expect(ingest({ db: failing, encoder }, [{ source: "atomic.md", content }])).rejects.toThrow(
      "power",
    );
    expect((await read("atomic.md"))?.passages.map((one) => one.text)).toEqual(["old one", "old two"]);
    const found = await retrieve({ db, encoder }, { query: "new one", reader, limit: 50 });
    expect(found.map((one) => one.text)).not.toContain("new one");
    expect(await take({ source: "atomic.md", content })).toMatchObject({ updated: ["atomic.md"] });
    expect((await read("atomic.md"))?.passages.map((one) => one.text)).toEqual(["new one"]);
    // What the failed attempt had written is gone with the old version.
    const left = await db.query(
      "select 1 from passages p join documents d on d.id = p.document_id where p.version <> d.version",
    );
    expect(left).toEqual([]);
  });

  it("goes on where it was stopped", async () => {
    const sources = Array.from({ length: 5 }, (_, i) => ({
      source: `r${i}.md`,
      content: `Text number ${i}.`,
    }));
    const stop = new AbortController();
    const run = ingest({ db, encoder, signal: stop.signal }, sources, ({ done }) => {
      if (done === 3) stop.abort(new Error("stopped"));
    });
    await expect(run).rejects.toThrow("stopped");
    const report = await take(...sources);
    expect(report.unchanged.length).toBeGreaterThanOrEqual(3);
    expect(report.added.length + report.unchanged.length).toBe(5);
  });

  it("narrows readers and sensitivity, and never widens them", async () => {
    const front = (readers: string, sensitivity: string) =>
      `---\ntitle: "Two: parts" # a remark\n${readers}${sensitivity}tags: [x]\n---\nText.`;
    const report = await take(
      {
        source: "l1.md",
        content: front("readers: [hr, finance]\n", "sensitivity: restricted\n"),
        readers: ["everyone"],
      },
      {
        source: "l2.md",
        content: front("readers:\n  - HR\n  - finance\n", ""),
        readers: ["hr", "it"],
        sensitivity: "internal",
      },
      { source: "l3.md", content: front("", ""), readers: ["it"] },
      { source: "l4.md", content: front("readers: hr\n", "sensitivity: public\n"), readers: ["it"] },
      { source: "l5.md", content: front("", "sensitivity: public\n"), sensitivity: "confidential" },
      { source: "l6.md", content: front("", "integrity: external\n"), integrity: "member" },
    );
    const rows = await db.query<{ source: string }>(
      "select source, title, readers, sensitivity, integrity from documents where source like 'l_.md' order by source",
    );
    const common = { title: "Two: parts", integrity: "member" };
    expect(rows).toEqual([
      { ...common, source: "l1.md", readers: ["hr", "finance"], sensitivity: "restricted" },
      { ...common, source: "l2.md", readers: ["hr"], sensitivity: "internal" },
      { ...common, source: "l3.md", readers: ["it"], sensitivity: "confidential" },
      { ...common, source: "l5.md", readers: ["everyone"], sensitivity: "confidential" },
      { ...common, source: "l6.md", readers: ["everyone"], sensitivity: "internal", integrity: "external" },
    ]);
    expect(report.failed).toMatchObject([{ source: "l4.md", code: "DOC-409" }]);
    const passages = await db.query(
      "select 1 from passages p join documents d on d.id = p.document_id where p.readers <> d.readers",
    );
    expect(passages).toEqual([]);
  });

  it("takes readers away at once when a document changes hands", async () => {
    await take({ source: "hands.md", content: "Moving plans." });
    const open = await read("hands.md");
    await take({ source: "hands.md", content: "Moving plans.", readers: ["hr"] });
    expect(await openPassage(db, reader, open?.id ?? "")).toBeNull();
    expect((await read("hands.md"))?.id).toBe(open?.id);
  });

  it("reads words without vectors when the encoder fails, and the vectors the next time", async () => {
    const broken: Encoder = {
      ...encoder,
      encode: async () => {
        throw new StewardError("VEC-503");
      },
    };
    const source = { source: "later.md", content: "Words come first." };
    expect(await ingest({ db, encoder: broken }, [source])).toMatchObject({
      added: ["later.md"],
      failed: [],
    });
    const again = await take(source);
    expect(db.extensions.has("vector") ? again.updated : again.unchanged).toEqual(["later.md"]);
  });

  it("forgets documents, one by one and what vanished from a folder", async () => {
    await take(
      { source: "folder/x.md", content: "X text." },
      { source: "folder/y.md", content: "Y text." },
      { source: "folder2/z.md", content: "Z text." },
    );
    expect(await forgetMissing(db, { under: "folder", keep: ["folder/x.md"] })).toEqual(["folder/y.md"]);
    expect(await forgetDocuments(db, ["folder/x.md", "nothing.md"])).toEqual(["folder/x.md"]);
    expect(await read("folder/x.md")).toBeNull();
    expect(await read("folder2/z.md")).not.toBeNull();
    await expect(forgetMissing(db, { under: "", keep: [] })).rejects.toThrow();
  });

  it("walks folders, without hidden files, links and other kinds", async () => {
    const directory = mkdtempSync(join(tmpdir(), "steward-ingest-"));
    mkdirSync(join(directory, "sub", ".git"), { recursive: true });
    for (const name of ["b.md", "a.txt", "sub/c.MD", "sub/.git/d.md", "sub/e.png"]) {
      writeFileSync(join(directory, name), "text");
    }
    symlinkSync("/etc/passwd", join(directory, "link.txt"));
    const found = await collectSources([directory, join(directory, "nothing.md")], { readers: ["hr"] });
    expect(found.map((one) => one.source.slice(directory.length + 1))).toEqual([
      "a.txt",
      "b.md",
      "sub/c.MD",
      "nothing.md",
    ]);
    expect(found[0]?.readers).toEqual(["hr"]);
    const [moved] = await collectSources([join(directory, "sub")], {}, directory);
    expect(moved).toEqual({ source: "sub/c.MD", path: join(directory, "sub/c.MD") });
    rmSync(directory, { recursive: true });
  });
});
