import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sizeOfPicture } from "../../channels/web/widget/parts/draw-picture.ts";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest } from "./browser.ts";
import { dealItem } from "./cards.ts";
import type { FakeServer } from "./fake-server.ts";
import { BEN } from "./people.ts";

const chromiumPath = await chromiumOrSkip("pages of files as they look");
const text = (words: string) => new TextEncoder().encode(words);

/** One blue pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==",
  "base64",
);
/** A page with a black square, and all that a PDF has to run or to fetch something. */
const HOSTILE_PDF = text(`%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\);globalThis.hacked=1)>>
/AA<</WC<</S/URI/URI(http://127.0.0.1:9/x)>>>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>
/XObject<</X 6 0 R>>>>/Annots[7 0 R]/AA<</O<</S/JavaScript/JS(globalThis.hacked=1)>>>>>> endobj
4 0 obj <</Length 62>> stream
0 0 0 rg 20 20 60 60 re f BT /F1 12 Tf 100 50 Td (x) Tj ET /X Do
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/FontMatrix[1 2 3 4 5 (0\\); globalThis.hacked=1)]>> endobj
6 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceRGB/BitsPerComponent 8/F(http://127.0.0.1:9/i)/Length 0>> stream
endstream endobj
7 0 obj <</Type/Annot/Subtype/Link/Rect[0 0 200 100]/A<</S/URI/URI(javascript:globalThis.hacked=1)>>>> endobj
trailer <</Root 1 0 R>>
`);

test("a picture's size is read from its first bytes, and of nothing else one is", () => {
  expect(sizeOfPicture(PNG)).toEqual([1, 1]);
  expect(sizeOfPicture(text('<svg xmlns="http://www.w3.org/2000/svg" onload="hack()"></svg>'))).toBeNull();
  const jpeg = new Uint8Array(40);
  jpeg.set([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc0, 0, 17, 8, 0x75, 0x30, 0x9c, 0x40]);
  expect(sizeOfPicture(jpeg)).toEqual([40_000, 30_000]);
  for (const cut of [new Uint8Array(), jpeg.subarray(0, 30).with(8, 0), new Uint8Array(100).fill(0xff)])
    expect(sizeOfPicture(cut)).toBeNull();
  // One whose lengths lead nowhere ends all the same.
  expect(sizeOfPicture(new Uint8Array(5_000).fill(0).with(0, 0xff).with(1, 0xd8))).toBeNull();
});

describe.skipIf(chromiumPath === null)("a file that is opened", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  const showFile = async (server: FakeServer, content: Uint8Array, page: [number, number] | null) => {
    const name = page ? "invoice.pdf" : "receipt.png";
    server.contents.set("file", content);
    const [width, height] = page ?? [0, 0];
    const texts = [{ text: "Read words", box: [20, 20, 80, 30] }];
    server.views.set("file", {
      ...{ fields: [], lines: [], checks: [], problem: page ? null : "It is a picture." },
      pages: page ? [{ number: 1, width, height, texts }] : [],
    });
    await server.card(server.store.begin(BEN.id, "x"), newId("trn"), "Book this", [dealItem()]);
    const open = await browser.open(server);
    await open.right.getByRole("button", { name: "See the whole request" }).click();
    const came = open.page.waitForResponse(/\/content/);
    await open.page.getByRole("dialog").getByRole("button", { name }).click();
    await came;
    const dialog = open.page.getByRole("dialog", { name });
    await (page ? dialog.locator(".paper") : dialog.getByText("It is a picture.")).waitFor();
    return { ...open, dialog };
  };
  /** The share of dark pixels that a canvas shows. */
  const darkness = (canvas: Locator) =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const data = element.getContext("2d")?.getImageData(0, 0, element.width, element.height).data ?? [];
      let dark = 0;
      for (let i = 0; i < data.length; i += 4)
        if ((data[i] ?? 255) + (data[i + 1] ?? 255) < 120 && (data[i + 3] ?? 0) > 200) dark++;
      return dark / (element.width * element.height);
    });
  const wordsOf = (dialog: Locator) => dialog.locator("svg.paper text, .paper svg text").count();

  test("shows the page as it looks in place of its words", async () => {
    const server = await browser.serve();
    const pdf = new Uint8Array(readFileSync("demo/invoices/nordkabel-NK-88213.pdf"));
    const { dialog, faults, foreign } = await showFile(server, pdf, [595, 842]);
    await expect.poll(() => wordsOf(dialog), { timeout: 8_000 }).toBe(0);
    expect(await darkness(dialog.locator("canvas"))).toBeGreaterThan(0.001);
    expect([...faults, ...foreign]).toEqual([]);
  });

  test("runs and fetches nothing of a PDF that asks for it", async () => {
    const server = await browser.serve();
    const { page, dialog, faults, foreign } = await showFile(server, HOSTILE_PDF, [200, 100]);
    await expect.poll(() => wordsOf(dialog), { timeout: 8_000 }).toBe(0);
    expect(await darkness(dialog.locator("canvas"))).toBeGreaterThan(0.1);
    expect(await page.evaluate(() => ["hacked", "pdfjsWorker"].filter((name) => name in globalThis))).toEqual(
      [],
    );
    expect(await dialog.locator("a, iframe, object, embed, script, style").count()).toBe(0);
    expect([...faults, ...foreign]).toEqual([]);
  });

  test("shows a picture, and takes nothing else for one", async () => {
    const server = await browser.serve();
    const { dialog, faults, foreign } = await showFile(server, PNG, null);
    await dialog.getByRole("img", { name: "receipt.png" }).waitFor();
    expect([...faults, ...foreign]).toEqual([]);
    const svg = text('<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.hacked=1"></svg>');
    const other = await showFile(await browser.serve(), svg, null);
    await other.page.waitForTimeout(500);
    expect(await other.dialog.getByRole("img", { name: "receipt.png" }).count()).toBe(0);
    expect(await other.page.evaluate(() => "hacked" in globalThis)).toBe(false);
  });

  test.each([
    ["is damaged", text("%PDF-1.7 nothing"), [200, 100]],
    ["is a web page", text("<script>globalThis.hacked=1</script>"), [200, 100]],
    ["is of another shape than was read", HOSTILE_PDF, [100, 200]],
  ] as const)("keeps the words that were read where the file %s", async (_, content, size) => {
    const server = await browser.serve();
    const { page, dialog, faults } = await showFile(server, content, [...size]);
    await page.waitForTimeout(1_000);
    expect(await wordsOf(dialog)).toBe(1);
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
    expect(faults).toEqual([]);
  });
});
