import type { JsonObject } from "../../../src/types/json.ts";
import { adaptiveCard, execute, line, openUrl, ownText, run } from "./elements.ts";
import { foreignLine } from "./foreign-text.ts";
import { safeUrl } from "./safe-url.ts";

/** What one can do here, with things to try; `suggestions` are sent as they are when clicked. */
export function helpCard(suggestions: readonly string[], isPersonal: boolean): JsonObject {
  const tries = suggestions.slice(0, 3);
  return adaptiveCard({
    body: [
      ownText("What I can do", { weight: "Bolder", size: "Medium" }),
      ownText(
        "I am an assistant. I answer from what the company knows and you may read, and I do things in its tools: what is harmless at once, what is risky after the right person's click.",
      ),
      ownText(
        isPersonal
          ? "Write to me as to a colleague. A file that you drop here I can read. Write “stop” to end what I am doing."
          : "Mention me to ask something: I read only what mentions me, and I show here only what everybody here may see. The rest I offer to you alone. Files I can read in our personal chat.",
      ),
      ...tries.map((text) => line([run("Try: ", { isQuiet: true }), run(foreignLine(text, 200))])),
    ],
    actions: isPersonal
      ? tries.map((text) => ({
          type: "Action.Submit",
          title: foreignLine(text, 60),
          data: { msteams: { type: "imBack", value: foreignLine(text, 200) } },
        }))
      : [],
    fallbackText: "What I can do",
  });
}

/** In a thread where not everybody may see an answer: that there is one, and a way to it. */
export function privateNotice(name: string, kind: "answer" | "card", buttonId: string): JsonObject {
  const what = kind === "answer" ? "an answer" : "something to decide or to look at";
  return adaptiveCard({
    body: [
      line([
        run(`I have ${what} for `),
        run(foreignLine(name, 80), { isBold: true }),
        run(". It draws on something that not everybody here may see, so I show it to them alone."),
      ]),
    ],
    actions: [execute({ title: "Show it to me privately", verb: "show-private", id: buttonId })],
    fallbackText: "There is an answer that not everybody here may see.",
  });
}

/** For somebody whose account belongs to nobody here yet. */
export function linkCard(message: string, linkUrl: string | null): JsonObject {
  const url = linkUrl === null ? null : safeUrl(linkUrl);
  return adaptiveCard({
    body: [line([run(foreignLine(message, 600))])],
    actions: url === null ? [] : [openUrl("Sign in to connect", url)],
    fallbackText: foreignLine(message, 200),
  });
}
