import type { Installation } from "./installation.ts";

/** What a newcomer reads when the server is up: where, as whom, and three things to try. */
export function welcome(url: string, house: Pick<Installation, "isDemo" | "company" | "directory">): string {
  if (!house.isDemo) {
    return [
      "",
      `  Steward is ready: ${url}`,
      "",
      "  People sign in with a token:",
      "    node bin/steward.js people import people.json",
      "    node bin/steward.js token create you@company.example --admin",
      "",
    ].join("\n");
  }
  return [
    "",
    `  Steward is ready: ${url}`,
    "",
    `  This is the demo of ${house.company().name}, an invented company. On the page you are Ben Okafor, an account`,
    "  executive, on the left, and Sofia Marin, head of sales, on the right. Try, as Ben:",
    "",
    "    How many days a week may I work from home?",
    "    Book a meeting with Sofia tomorrow at 10 about the Globex renewal",
    "    Change the Renewal 2027 deal of Globex to 52,000   (then approve it as Sofia)",
    "",
    "  Or from another terminal:",
    '    node bin/steward.js ask "What is on my calendar this week?" --as ben.okafor@brightwell.example',
    "",
    "  Stop with Ctrl-C. Everything is kept in",
    `    ${house.directory}`,
    "",
  ].join("\n");
}
