import type { Browser } from "playwright-core";
import { BEN } from "../../test/web/people.ts";
import { createStage } from "./stage.ts";

const WORDS =
  "The allowance is **25 days** a year, and 3 more from the fifth year on. See the handbook for part-time staff. ";

/** Opens a long conversation and scrolls through it; the longest task that kept the page from answering. */
export async function measureScroll(browser: Browser, home: string, messages: number) {
  const stage = await createStage(browser, home);
  try {
    const { store } = stage.server;
    const session = store.begin(BEN.id, "A long one");
    for (let i = 0; i < messages; i++) {
      const isAssistant = i % 2 === 1;
      store.append(session, {
        ...{
          kind: "message",
          id: `msg_${String(i).padStart(26, "0")}`,
          files: [],
          citations: [],
          turn: null,
          note: null,
        },
        author: isAssistant
          ? { id: "steward", name: "Steward", isAssistant }
          : { id: BEN.id, name: BEN.name, isAssistant },
        text: isAssistant ? WORDS.repeat(1 + (i % 4)) : `Question ${i}: how many days of leave do I get?`,
      });
    }
    const page = await stage.page();
    await page.addInitScript((id) => {
      localStorage.setItem("steward.session:me", id);
      const place = globalThis as unknown as { tasks: number[] };
      place.tasks = [];
      new PerformanceObserver((list) =>
        place.tasks.push(...list.getEntries().map((entry) => entry.duration)),
      ).observe({
        type: "longtask",
        buffered: true,
      });
    }, session.id);
    await page.goto(stage.host.origin);
    await page
      .getByText(`Question ${messages - 2}`)
      .first()
      .waitFor();
    const opened = await page.evaluate(() => Math.round(performance.now()));
    const thread = page.locator("steward-chat .thread");
    for (const step of [-400, -1_500, -6_000, 1_500]) {
      for (let i = 0; i < 40; i++) {
        await thread.evaluate((element, by) => element.scrollBy(0, by), step);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
    }
    for (const top of [0, 1e7, 0.5]) {
      await thread.evaluate(
        (element, to) => element.scrollTo(0, to === 0.5 ? element.scrollHeight / 2 : to),
        top,
      );
      await page.waitForTimeout(200);
    }
    const tasks = await page.evaluate(() => (globalThis as unknown as { tasks: number[] }).tasks);
    // Shorter ones are not told by the browser: no long task is 0.
    return {
      messages,
      openedMs: opened,
      longTaskMsMax: Math.round(Math.max(0, ...tasks)),
      longTasks: tasks.length,
    };
  } finally {
    await stage.close();
  }
}
