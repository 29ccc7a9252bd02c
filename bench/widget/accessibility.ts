import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { newId } from "../../src/types/ids.ts";
import { dealItem, paymentItem } from "../../test/web/cards.ts";
import { SOFIA } from "../../test/web/people.ts";
import { playScenes } from "../../test/web/scenes.ts";
import { createStage, type Stage, widgetHtml } from "./stage.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = [
  { name: "light", colorScheme: "light", language: "en" },
  { name: "dark", colorScheme: "dark", language: "en" },
  { name: "right to left", colorScheme: "light", language: "ar" },
  { name: "right to left, dark", colorScheme: "dark", language: "ar" },
] as const;

type State = { readonly name: string; readonly show: (page: Page, stage: Stage) => Promise<void> };
const inside = (page: Page, selector: string) => page.locator(`steward-chat ${selector}`);
const say = async (page: Page, text: string) => {
  const field = inside(page, "textarea");
  await field.fill(text);
  await field.press("Enter");
};

/** Each goes on from the one before; by what is there, not by words, because the words are in several languages. */
const STATES: readonly State[] = [
  { name: "closed", show: async (page) => inside(page, ".launcher").waitFor() },
  {
    name: "first visit",
    show: async (page) => {
      await inside(page, ".launcher").click();
      await inside(page, ".try").first().waitFor();
    },
  },
  {
    name: "an answer with its sources",
    show: async (page) => {
      await say(page, "How many days of leave?");
      await inside(page, ".source").first().waitFor();
    },
  },
  {
    name: "a source",
    show: async (page) => {
      await inside(page, ".source").first().click();
      await inside(page, "mark").first().waitFor();
    },
  },
  {
    name: "cards to decide",
    show: async (page, { server }) => {
      await page.keyboard.press("Escape");
      const session = server.store.begin(SOFIA.id, "x");
      await server.card(session, newId("trn"), "Change the deal", [dealItem(), paymentItem()]);
      await inside(page, ".decision").first().waitFor();
    },
  },
  {
    name: "an edit",
    show: async (page) => {
      await inside(page, ".decision .button:not(.primary)").first().click();
      await inside(page, ".form input").first().waitFor();
    },
  },
  {
    name: "conversations",
    show: async (page) => {
      await inside(page, ".form footer .button:not([type=submit])").first().click();
      await inside(page, "header .icon-button:has(.i-history)").first().click();
      await inside(page, ".row-button").first().waitFor();
    },
  },
  {
    name: "settings",
    show: async (page) => {
      await page.keyboard.press("Escape");
      await inside(page, "header .icon-button:has(.i-settings)").first().click();
      await inside(page, ".panel-body").waitFor();
    },
  },
  {
    name: "cut off",
    show: async (page, { server }) => {
      await page.keyboard.press("Escape");
      server.down.isDown = true;
      server.dropSockets();
      await inside(page, ".connection p").waitFor();
    },
  },
];

/** How many rules are broken over all states, in both palettes and both directions. */
export async function countViolations(browser: Browser, home: string) {
  const lines: string[] = [];
  let states = 0;
  for (const look of LOOKS) {
    const stage = await createStage(browser, home, { person: SOFIA.id, reply: playScenes(2) });
    stage.host.state.html = widgetHtml(stage.server.url, `data-language="${look.language}"`);
    try {
      const page = await stage.page({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
      page.setDefaultTimeout(8_000);
      await page.goto(stage.host.origin);
      for (const { name, show } of STATES) {
        try {
          await show(page, stage);
        } catch (error) {
          lines.push(
            `Not reached, ${look.name}: ${name} (${error instanceof Error ? error.message.split("\n")[0] : ""})`,
          );
          continue;
        }
        states++;
        await page.evaluate(axe.source);
        const results = await page.evaluate(
          (rules) =>
            (globalThis as unknown as { axe: typeof axe }).axe.run("steward-chat", {
              runOnly: [...rules],
              rules: { region: { enabled: false } },
            }),
          RULES,
        );
        for (const { id, nodes } of results.violations) {
          for (const node of nodes) lines.push(`${look.name}, ${name}: ${id} ${node.target.join(" ")}`);
        }
      }
    } finally {
      await stage.close();
    }
  }
  const count = lines.filter((line) => !line.startsWith("Not reached")).length;
  return { count, states, lines };
}
