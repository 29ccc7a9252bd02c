import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPassage } from "../../src/context/open-passage.ts";
import { retrieve } from "../../src/context/retrieve.ts";
import { search } from "../../src/context/search.ts";
import type { Db } from "../../src/store/db.ts";
import { analyzePassages } from "../../src/store/documents/analyze-passages.ts";
import type { Encoder } from "../../src/types/encoder.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";
import { DEMO_PEOPLE, ingestDemo, openEncoder, personOf } from "./demo-corpus.ts";

const omar = personOf("omar.haddad");
const helen = personOf("helen.shaw");

const ANSWERED: readonly (readonly [question: string, title: string])[] = [
  ["How many days of annual leave do I get?", "Annual leave and public holidays"],
  ["what may a hotel in London cost per night", "Travel policy"],
  ["My laptop was stolen on the train", "Laptops, phones and other equipment"],
  ["how do i reset a forgotten password", "Passwords and sign-in"],
  ["When does a payment need two approvals?", "Invoice handling"],
  ["what light output does the Halo lamp have in lumens", "Product line at a glance"],
  ["Can a customer return goods that were not used?", "Returns and warranty"],
];

const UNANSWERED = [
  "What is the capital of France?",
  "write me a poem about spring",
  "who painted the Mona Lisa",
  "how do I cook rice",
  "do you know the weather tomorrow",
];

describe.each(databaseKinds())("retrieval on %s", (kind) => {
  let db: Db;
  let encoder: Encoder;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ encoder, close } = openEncoder());
    db = await freshDatabase(kind);
    await ingestDemo(db, encoder);
  });
  afterAll(async () => {
    await close();
    await db.close();
  });

  it.each(ANSWERED)("finds the answer to '%s' first, and says that it fits", async (query, title) => {
    const [best] = await retrieve({ db, encoder }, { query, reader: omar });
    expect(best?.title).toBe(title);
    expect(best?.fit).toBeGreaterThan(0.5);
  });

  it.each(UNANSWERED)("says of everything it finds for '%s' that it hardly fits", async (query) => {
    const found = await retrieve({ db, encoder }, { query, reader: omar });
    expect(Math.max(0, ...found.map((one) => one.fit ?? 1))).toBeLessThan(0.4);
  });

  it("orders by score, keeps to the limit and labels each passage as its document is", async () => {
    const found = await retrieve(
      { db, encoder },
      { query: "salary band of reception and assistance", reader: helen, limit: 4 },
    );
    expect(found).toHaveLength(4);
    expect(found.map((one) => one.score)).toEqual(found.map((one) => one.score).sort((a, b) => b - a));
    expect(found[0]).toMatchObject({
      title: "Salary bands",
      headings: ["Bands in Berlin"],
      label: { integrity: "member", sensitivity: "restricted", source: "Salary bands", readers: ["hr"] },
    });
    expect(found[0]?.keywordScore).toBeGreaterThan(0);
    expect(found[0]?.coverage).toBe(1);
    expect(found[0]?.text).toContain("42,500 euros");
  });

  it("marks what people outside wrote as external", async () => {
    const [best] = await retrieve({ db, encoder }, { query: "driver LP-D60 from Lumiparts", reader: omar });
    expect(best?.label).toMatchObject({
      integrity: "external",
      source: "Vendor newsletter: Lumiparts, autumn",
    });
  });

  it("goes on by words when the encoder fails", async () => {
    const broken: Encoder = {
      ...encoder,
      encode: async () => {
        throw new StewardError("VEC-503");
      },
    };
    const [best] = await retrieve({ db, encoder: broken }, { query: "restocking fee", reader: omar });
    expect(best).toMatchObject({ title: "Returns and warranty", similarity: 0 });
    expect(best?.fit).toBeGreaterThan(0.5);
  });

  it("finds the same first without the extensions", async () => {
    const bare: Db = { ...db, extensions: new Set() };
    for (const [query, title] of ANSWERED) {
      const [best] = await retrieve({ db: bare, encoder }, { query, reader: omar });
      expect(best?.title).toBe(title);
    }
  });

  it.each(["", "   ", "?!", "\0", "\ud800", "🙂🙂"])("finds nothing for %j", async (query) => {
    expect(await retrieve({ db, encoder }, { query, reader: omar })).toEqual([]);
  });

  it.each([
    "a' or 1=1 --",
    "passages_bm25:salary",
    "salary & !band | (x:*)",
    "\\'; drop table passages; --",
    `${"salary band ".repeat(20_000)}`,
    "الرواتب والعطلات",
    "the of and",
  ])("takes any text as words: %.40j", async (query) => {
    const found = await retrieve({ db, encoder }, { query, reader: omar });
    expect(found.every((one) => one.label.readers.includes("everyone"))).toBe(true);
    const [count] = await db.query<{ n: number }>("select count(*)::int as n from passages");
    expect(count?.n).toBeGreaterThan(100);
  });

  it("never lets a document out to somebody who is not among its readers", async () => {
    const documents = await db.query<{ id: string; title: string; readers: readonly string[] }>(
      "select id, title, readers from documents where not 'everyone' = any (readers)",
    );
    expect(documents.length).toBeGreaterThanOrEqual(6);
    let probes = 0;
    for (const document of documents) {
      const passages = await db.query<{ id: string; body: string; headings: readonly string[] }>(
        "select id, body, headings from passages where document_id = $1 order by ordinal",
        [document.id],
      );
      // Exact sentences and headings are what a leak would answer to best.
      const queries = passages.flatMap(({ body, headings }) => [body.slice(0, 300), headings.join(" ")]);
      for (const person of DEMO_PEOPLE) {
        const mayRead = person.groups.some((group) => document.readers.includes(group));
        const opened = await openPassage(db, person, document.id, passages[0]?.id ?? null);
        expect(opened !== null).toBe(mayRead);
        if (mayRead) continue;
        // One person of each set of groups is enough for the costly part.
        if (DEMO_PEOPLE.find((one) => one.groups.join() === person.groups.join()) !== person) continue;
        for (const query of [document.title, ...queries].filter((text) => text !== "")) {
          const found = await retrieve({ db, encoder }, { query, reader: person, limit: 50 });
          const foreign = found.filter((one) => !one.label.readers.some((r) => person.groups.includes(r)));
          expect(foreign).toEqual([]);
          expect(found.some((one) => one.document === document.id)).toBe(false);
          probes++;
        }
      }
    }
    expect(probes).toBeGreaterThan(200);
  }, 120_000);

  it("lets a person read what names them by their address", async () => {
    const { ingest } = await import("../../src/context/documents/ingest.ts");
    const content =
      "---\nreaders: [ben.carter@brightwell.example]\n---\n# Note\nThe zebra crossing plan is for one person.";
    await ingest({ db, encoder }, [{ source: "one-person.md", content }]);
    const ask = (id: string) =>
      retrieve({ db, encoder }, { query: "zebra crossing plan", reader: personOf(id) });
    expect((await ask("ben.carter"))[0]?.title).toBe("Note");
    expect((await ask("ben.okafor")).map((one) => one.title)).not.toContain("Note");
    await db.query("delete from documents where source = 'one-person.md'");
  });

  it("opens a document at its passage, and one that is not there like one that may not be read", async () => {
    const [best] = await retrieve({ db, encoder }, { query: "carrying over annual leave", reader: omar });
    if (!best) throw new Error("nothing was found");
    const opened = await openPassage(db, omar, best.document, best.id);
    expect(opened).toMatchObject({ title: best.title, passage: best.id });
    expect(opened?.passages.find((one) => one.id === best.id)?.text).toBe(best.text);
    expect(await openPassage(db, omar, best.document, "doc_x.y")).toMatchObject({ passage: null });
    expect(await openPassage(db, omar, "doc_nothing", "x")).toBeNull();
  });

  it("still fills the list when nearly everything nearest belongs to others", async () => {
    await db.query(
      `insert into documents (id, title, source, media_type, hash, readers) values
         ('doc_many', 'Many', 'many', 'text/plain', 'x', '{hr}'), ('doc_few', 'Few', 'few', 'text/plain', 'x', '{engineering}')`,
    );
    // 1,500 passages of others stand nearer to the question than the ten that may be read.
    const text = "quokka feeding schedule";
    const [near] = await encoder.encode([text]);
    const vector = db.extensions.has("vector") ? JSON.stringify([...(near ?? [])]) : null;
    const columns = vector ? ", embedding" : "";
    const value = vector ? ", $1::vector" : "";
    await db.query(
      `insert into passages (id, document_id, ordinal, body, search_text, readers${columns})
       select 'doc_many.' || i, 'doc_many', i, '${text}', '${text}', '{hr}'${value} from generate_series(1, 1500) i`,
      vector ? [vector] : [],
    );
    await db.query(
      `insert into passages (id, document_id, ordinal, body, search_text, readers${columns})
       select 'doc_few.' || i, 'doc_few', i, 'quokka', 'quokka and much else besides ' || i, '{engineering}'${value}
       from generate_series(1, 10) i`,
      vector ? [vector] : [],
    );
    await analyzePassages(db);
    const found = await retrieve({ db, encoder }, { query: text, reader: omar, limit: 20 });
    expect(found.filter((one) => one.document === "doc_few")).toHaveLength(10);
    await db.query("delete from documents where id in ('doc_many', 'doc_few')");
    await analyzePassages(db);
  });

  it("shows a search on the command line as plain rows", async () => {
    const hits = await search({ db, encoder }, { query: "restocking fee", reader: omar, limit: 1_000 });
    expect(hits.length).toBeLessThanOrEqual(50);
    expect(Object.keys(hits[0] ?? {})).toEqual([
      "document",
      "title",
      "passage",
      "headings",
      "text",
      "score",
      "fit",
    ]);
  });
});
