import { expect, test } from "vitest";
import { findVerb } from "../../src/policy/find-verb.ts";
import { calendarTools } from "../../tools/calendar/tools.ts";
import { crmTools } from "../../tools/crm/tools.ts";
import { wordsOf } from "../../tools/match-words.ts";

const writes = [...calendarTools, ...crmTools].filter((t) => t.manifest.effect !== "read");

test.each(
  writes.flatMap((t) => t.manifest.examples.map((example) => [t.name, example, t.manifest.verbs] as const)),
)("%s: '%s' has a verb that the gate knows", (_name, example, verbs) => {
  expect(findVerb(wordsOf(example), verbs)).not.toBeNull();
});

test.each([
  "what did we talk about in the call with Tom",
  "do not cancel my meeting with Tom",
  "is the meeting with Tom still on",
])("'%s' does not ask to cancel anything", (said) => {
  const cancel = writes.find((t) => t.name === "calendar.cancelEvent");
  expect(findVerb(wordsOf(said), cancel?.manifest.verbs ?? [])).toBeNull();
});
