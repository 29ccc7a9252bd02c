import { access, constants } from "node:fs/promises";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];

/** Path of a Chromium on this machine, or null. `STEWARD_CHROMIUM` names one elsewhere. */
export async function findChromium(): Promise<string | null> {
  for (const path of [process.env.STEWARD_CHROMIUM, ...PLACES]) {
    if (!path) continue;
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

/**
 * For `describe.skipIf(…)`: null when there is no Chromium, with a line that says what is not tested. In CI a
 * missing Chromium is a failure instead.
 */
export async function chromiumOrSkip(what: string): Promise<string | null> {
  const path = await findChromium();
  if (path !== null) return path;
  if (process.env.CI === "true") throw new Error(`${what} needs Chromium: apt-get install chromium`);
  console.warn(`NOT TESTED: ${what}. There is no Chromium here (apt-get install chromium).`);
  return null;
}

/** A headless browser that speaks to nobody but the page under test. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
