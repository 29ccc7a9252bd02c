import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/types/ids.ts";
import { chromiumOrSkip } from "../setup/chromium.ts";
import { type BrowserTest, createBrowserTest, type OpenPage, say } from "./browser.ts";
import { dealItem } from "./cards.ts";
import type { FakeServer } from "./fake-server.ts";

const chromiumPath = await chromiumOrSkip("that hostile text runs nothing");

/** Each would call `alert` if anything of it were taken for more than text. */
const VECTORS: readonly string[] = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<svg><script>alert&#40;1)</script>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  "<iframe srcdoc='<script>parent.alert(1)</script>'>",
  "<iframe src=javascript:alert(1)>",
  "<object data=javascript:alert(1)>",
  "<embed src=javascript:alert(1)>",
  "<a href=javascript:alert(1)>click</a>",
  "<form action=javascript:alert(1)><button>go</button></form>",
  "<details open ontoggle=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<video><source onerror=alert(1)></video>",
  "<body onload=alert(1)>",
  "<base href=https://evil.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "<style>@import 'https://evil.example/x.css';</style>",
  "<template><script>alert(1)</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "&lt;img src=x onerror=alert(1)&gt;",
  "\u003cimg src=x onerror=alert(1)\u003e",
  "[click](javascript:alert(1))",
  "[click](JaVaScRiPt:alert(1))",
  "[click](java&#x0A;script:alert(1))",
  "[click](javascript&colon;alert(1))",
  "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[click](vbscript:alert(1))",
  '[click](https://ok.example"onmouseover="alert(1))',
  "[click](https://ok.example' onclick='alert(1))",
  "[<img src=x onerror=alert(1)>](https://ok.example)",
  "![x](https://evil.example/pixel.png)",
  "![x](javascript:alert(1))",
  '![x](x"onerror="alert(1))',
  "<javascript:alert(1)>",
  "<https://evil.example/<script>alert(1)</script>>",
  "`<img src=x onerror=alert(1)>`",
  "```html\n<script>alert(1)</script>\n```",
  "| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
  "> <svg onload=alert(1)>\n\n- <svg onload=alert(1)>\n\n# <svg onload=alert(1)>",
  "[ref]: javascript:alert(1)\n\n[ref]",
  'https://ok.example/"onmouseover=alert(1)',
  "mailto:a@b.example?subject=<script>alert(1)</script>",
  "{{constructor.constructor('alert(1)')()}}",
  ["$", "{alert(1)}"].join(""),
  "__proto__",
  "\u202Egnp.exe\u202C <img src=x onerror=alert(1)>",
];
const ALL = VECTORS.join("\n\n");

describe.skipIf(chromiumPath === null)("hostile text runs nothing", () => {
  let browser: BrowserTest;
  beforeAll(async () => {
    browser = await createBrowserTest(chromiumPath ?? "");
  });
  afterEach(() => browser.closePages());
  afterAll(() => browser.close());

  const start = async () => {
    const server = await browser.serve({ reply: () => {}, suggestions: VECTORS.slice(0, 3) });
    return { server, open: await browser.open(server) };
  };
  const sessionOf = (server: FakeServer) => {
    const [session] = server.store.sessions.values();
    if (!session) throw new Error("no session");
    return session;
  };
  /** Nothing ran, nothing was fetched, no element and no address got in, wherever one clicks. */
  async function expectCalm({ page, faults, foreign }: OpenPage): Promise<void> {
    const found = await page.evaluate(() => {
      const roots: ParentNode[] = [
        document,
        ...[...document.querySelectorAll("*")].flatMap((each) => each.shadowRoot ?? []),
      ];
      const all = roots.flatMap((root) => [...root.querySelectorAll("*")]);
      const elements = all.filter((each) =>
        /^(?:IFRAME|OBJECT|EMBED|IMG|VIDEO|BASE|STYLE|TEMPLATE|DETAILS|MATH)$/i.test(each.tagName),
      );
      const scripts = all.filter(
        (each) => each.tagName === "SCRIPT" && !(each as HTMLScriptElement).src.includes("/assets/page-"),
      );
      const handlers = all.filter((each) =>
        each
          .getAttributeNames()
          .some((name) => name.startsWith("on") || name === "srcdoc" || name === "style"),
      );
      const links = all.filter(
        (each) => each.tagName === "A" && !/^(?:https?:|mailto:)/.test(each.getAttribute("href") ?? ""),
      );
      return [...elements, ...scripts, ...handlers, ...links].map((each) => each.outerHTML.slice(0, 120));
    });
    // The text field's height is set through the object model, which the policy allows.
    expect(found.filter((html) => !html.startsWith("<textarea"))).toEqual([]);
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  }

  test("as what people and Steward say", async () => {
    const { server, open } = await start();
    await say(open.left, ALL);
    await open.left.locator(".bubble:not(.faint)").waitFor();
    const session = sessionOf(server);
    for (const vector of VECTORS) await server.say(session, "t", vector, { note: vector });
    await server.say(session, "t", ALL, { author: { id: ALL, name: ALL, isAssistant: false } });
    await server.say(session, "t", "The end", {});
    await open.left.getByText("The end").waitFor();
    await expectCalm(open);
    for (const link of await open.left.locator("a").all())
      expect(await link.getAttribute("rel")).toContain("noopener");
  });

  test("while it is being written, cut at every place", async () => {
    const { server, open } = await start();
    await say(open.left, "go");
    await open.left.locator(".bubble:not(.faint)").waitFor();
    const session = sessionOf(server);
    await server.turn(session, "t", "running", ALL);
    for (const piece of ALL.match(/[\s\S]{1,23}/g) ?? []) {
      server.stream(session, "t", piece, piece);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await open.left.getByText("gnp.exe").first().waitFor();
    await expectCalm(open);
  });

  test("as names of files, titles and quotes of sources, and text of documents", async () => {
    const { server, open } = await start();
    await open.left.locator("input[type=file]").setInputFiles(
      VECTORS.slice(0, 8).map((vector) => ({
        name: vector.replaceAll("/", "∕"),
        mimeType: "image/svg+xml",
        buffer: Buffer.from("<svg onload='alert(1)'/>"),
      })),
    );
    await open.left.getByText("24 B").nth(7).waitFor();
    await expectCalm(open);
    await say(open.left, "these");
    await open.left.locator(".said.mine .bubble:not(.faint) .files li").nth(7).waitFor();
    const session = sessionOf(server);
    server.documents.set("d", {
      title: ALL,
      passages: [
        { id: "p", headings: VECTORS.slice(0, 5), text: ALL },
        { id: "q", headings: [], text: ALL },
      ],
    });
    await server.say(session, "t", "See [1]", {
      citations: [{ document: "d", title: VECTORS[1] ?? "", passage: "p", quote: VECTORS[0] ?? "" }],
    });
    await open.left.getByRole("button", { name: "Source 1" }).click();
    await open.page.locator("mark").waitFor();
    expect(await open.page.locator("mark").textContent()).toBe(VECTORS[0]);
    await expectCalm(open);
  });

  test("as values, lines, reasons and outcomes of a card, and as its record", async () => {
    const { server, open } = await start();
    await say(open.left, "go");
    await open.left.locator(".bubble:not(.faint)").waitFor();
    const item = dealItem({
      line: ALL,
      changes: [{ field: ALL, before: ALL, after: ALL }],
      arguments: [
        { name: "a", label: ALL, text: ALL, origin: ALL, integrity: "external", isGrounded: false },
      ],
      reasons: [ALL],
      rules: VECTORS,
      amountText: ALL,
      risk: "high",
      undoText: ALL,
      outcome: ALL,
      editable: [{ name: "a", label: ALL, input: "select", value: ALL, options: [...VECTORS] }],
      decidedBy: [{ id: "x", name: ALL, verdict: "refuse", reason: ALL, at: new Date().toISOString() }],
    });
    const session = sessionOf(server);
    await server.card(session, newId("trn"), ALL, [
      item,
      { ...item, action: "refused", approval: "r", status: "refused" },
    ]);
    server.why.set("refused", ALL);
    await open.right.getByRole("button", { name: "Edit" }).click();
    await open.right.getByRole("button", { name: "Approve with changes" }).click();
    await open.right.getByRole("button", { name: /^Yes/ }).waitFor();
    await open.left.getByRole("button", { name: "Why?" }).click();
    await open.page.getByRole("dialog").locator("code").first().waitFor();
    await expectCalm(open);
  });

  test("as the address of the page", async () => {
    const server = await browser.serve();
    const open = await browser.open(
      server,
      {},
      `/?left=${encodeURIComponent(VECTORS[1] ?? "")}&right=javascript:alert(1)#<img src=x onerror=alert(1)>`,
    );
    await open.left.getByText("Good to see you, Ben").waitFor();
    await expectCalm(open);
  });
});
